// Work on a thread of the pool of which only the latest start counts: starting again, cancelling
// or destroying the job asks the running work to stop and drops its answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace hefstudio {

template<class T> class LatestJob {
public:
    LatestJob() = default;
    ~LatestJob() { cancel(); }
    LatestJob(const LatestJob &) = delete;
    LatestJob &operator=(const LatestJob &) = delete;

    // work(std::stop_token) → T runs on a pool thread; done(T &&) on this thread, later.
    template<class Work, class Done> void start(Work work, Done done)
    {
        startStaged([work = std::move(work)](const std::stop_token &stop,
                                             const Report &) mutable { return work(stop); },
                    [](T &&) {}, std::move(done));
    }

    // Hands an intermediate answer over while the work goes on; never waits.
    using Report = std::function<void(T)>;

    // The same with intermediate answers: work(std::stop_token, Report) → T; partial(T &&) on this
    // thread for each, in order, before done(T &&).
    template<class Work, class Partial, class Done>
    void startStaged(Work work, Partial partial, Done done)
    {
        cancel();
        m_stop = std::stop_source();
        auto promise = std::make_shared<QPromise<Answer>>();
        m_watcher = new QFutureWatcher<Answer>;
        QObject::connect(m_watcher, &QFutureWatcherBase::resultReadyAt, m_watcher,
                         [watcher = m_watcher, partial = std::move(partial)](int index) mutable {
                             const Answer answer = watcher->resultAt(index);
                             if (!answer.isLast)
                                 partial(std::move(*answer.value));
                         });
        QObject::connect(m_watcher, &QFutureWatcherBase::finished, m_watcher,
                         [this, watcher = m_watcher, done = std::move(done)]() mutable {
                             const Answer answer =
                                 watcher->resultAt(watcher->future().resultCount() - 1);
                             m_watcher = nullptr;
                             watcher->deleteLater();
                             done(std::move(*answer.value));
                         });
        m_watcher->setFuture(promise->future());
        promise->start();
        QThreadPool::globalInstance()->start([promise, work = std::move(work),
                                              stop = m_stop.get_token()]() mutable {
            const Report report = [&promise](T value) {
                promise->addResult(Answer{std::make_shared<T>(std::move(value)), false});
            };
            promise->addResult(Answer{std::make_shared<T>(work(stop, report)), true});
            promise->finish();
        });
    }

    void cancel()
    {
        m_stop.request_stop();
        if (!m_watcher)
            return;
        m_watcher->disconnect();
        m_watcher->deleteLater();
        m_watcher = nullptr;
    }

    bool isRunning() const { return m_watcher != nullptr; }

private:
    struct Answer {
        std::shared_ptr<T> value;
        bool isLast = false;
    };
    std::stop_source m_stop;
    QFutureWatcher<Answer> *m_watcher = nullptr;
};

} // namespace hefstudio
