// Work on a thread of the pool of which only the latest start counts: starting again, cancelling
// or destroying the job asks the running work to stop and drops its answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

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
        cancel();
        m_stop = std::stop_source();
        auto promise = std::make_shared<QPromise<std::shared_ptr<T>>>();
        m_watcher = new QFutureWatcher<std::shared_ptr<T>>;
        QObject::connect(m_watcher, &QFutureWatcherBase::finished, m_watcher,
                         [this, watcher = m_watcher, done = std::move(done)]() mutable {
                             const std::shared_ptr<T> result = watcher->result();
                             m_watcher = nullptr;
                             watcher->deleteLater();
                             done(std::move(*result));
                         });
        m_watcher->setFuture(promise->future());
        promise->start();
        QThreadPool::globalInstance()->start(
            [promise, work = std::move(work), stop = m_stop.get_token()]() mutable {
                promise->addResult(std::make_shared<T>(work(stop)));
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
    std::stop_source m_stop;
    QFutureWatcher<std::shared_ptr<T>> *m_watcher = nullptr;
};

} // namespace hefstudio
