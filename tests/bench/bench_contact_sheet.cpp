// What the Calibrate page promises about thousands of pictures, measured without a screen: the
// event loop's pauses while they are looked at, and the frames of scrolling through their
// thumbnails, which are decoded meanwhile.
//   QT_QPA_PLATFORM=offscreen bench_contact_sheet [count, default 5000]
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "calibrate/calibrate_page.h"
#include "calibrate/contact_sheet.h"
#include "common/files.h"
#include "picture_world.h"
#include "theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace hefstudio;

namespace {

double ms(const QElapsedTimer &clock)
{
    return double(clock.nsecsElapsed()) / 1e6;
}

void report(const char *what, std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    if (!times.empty())
        std::printf("%s: %zu, median %.1f, 99th percentile %.1f, longest %.1f ms\n", what,
                    times.size(), times[times.size() / 2], times[times.size() * 99 / 100],
                    times.back());
}

class Heartbeat {
public:
    Heartbeat()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(5);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_pauses.push_back(ms(m_clock));
            m_clock.restart();
        });
        m_clock.start();
        m_timer.start();
    }
    std::vector<double> pauses() const { return m_pauses; }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_pauses;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Theme theme(application);
    const int count = argc > 1 ? std::atoi(argv[1]) : 5000;
    const QTemporaryDir folder;
    constexpr int drawn = 48;
    for (int i = 0; i < drawn; ++i) {
        const auto file = toPath(folder.filePath(QStringLiteral("p%1.jpg").arg(i, 5, 10, QLatin1Char('0'))));
        (void)saveImage(file, landscape(std::uint64_t(i), 640, 640));
    }
    for (int i = drawn; i < count; ++i)
        QFile::copy(folder.filePath(QStringLiteral("p%1.jpg").arg(i % drawn, 5, 10, QLatin1Char('0'))),
                    folder.filePath(QStringLiteral("p%1.jpg").arg(i, 5, 10, QLatin1Char('0'))));

    Project project;
    CalibratePage page(project);
    page.resize(1280, 720);
    page.show();
    QElapsedTimer clock;
    clock.start();
    QEventLoop loop;
    QObject::connect(&page.session(), &CalibrationSession::looked, &loop, &QEventLoop::quit);
    {
        const Heartbeat heart;
        page.open({folder.path()});
        loop.exec();
        std::printf("%d pictures looked at in %.1f s\n", count, ms(clock) / 1000);
        report("pauses of the event loop", heart.pauses());
    }
    auto *sheet = page.findChild<ContactSheet *>();
    // A steady wheel: 600 frames from the first row to the last and back, 16.7 ms apart.
    constexpr int frames = 600;
    QScrollBar *bar = sheet->verticalScrollBar();
    QImage frame(page.size(), QImage::Format_ARGB32_Premultiplied);
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
        const double t = i < frames / 2 ? double(i) / (frames / 2) : 2 - double(i) / (frames / 2);
        QElapsedTimer one;
        one.start();
        bar->setValue(int(t * bar->maximum()));
        QCoreApplication::processEvents();
        sheet->render(&frame);
        times.push_back(ms(one));
        while (ms(one) < 16.7)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    }
    report("frames of scrolling", times);
    std::printf("frames within 16.7 ms: %.1f %%\n",
                100.0 * double(std::ranges::count_if(times, [](double t) { return t <= 16.7; })) /
                    double(times.size()));
}
