// What the window promises about large files, measured: first picture, frames along a scripted
// path, cancelling, memory, the event loop's longest pause, and how soon a HEF is open.
//   QT_QPA_PLATFORM=offscreen bench_studio [--onnx FILE]… [--hef FILE]…
// Without files: a generated network of 10 000 nodes.
//   bench_studio --calib FOLDER --convert FILE.onnx
// Two conversions in the window: the heartbeat while they run, how soon a cancelled one has ended,
// and how good the second one's time left is. --preset NAME before --convert chooses the preset.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "convert/convert_page.h"
#include "graph/graph_canvas.h"
#include "graph/model_loader.h"
#include "inspect/inspect_page.h"
#include "onnx_builder.h"
#include "theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>

#include <cstdio>
#include <optional>

#include <unistd.h>

using namespace hefstudio;

namespace {

// Blocks of convolutions with a bypass, named as PyTorch names them; every eighth block joins two.
void writeNetwork(const QString &file, int nodes)
{
    OnnxBuilder model(13);
    model.input("images", {1, 8, 32, 32});
    model.floats("w", {8, 8, 3, 3});
    std::string last = "images", previous = "images";
    int made = 0;
    for (int block = 0; made + 4 <= nodes; ++block) {
        const std::string scope =
            "/stage" + std::to_string(block / 100) + "/m." + std::to_string(block) + "/";
        const auto name = [&](const char *part) { return scope + part; };
        model.node("Conv", {last, "w"}, {name("c")}, {{"pads", {1, 1, 1, 1}}}).named(name("Conv"));
        model.node("Sigmoid", {name("c")}, {name("s")}).named(name("Sigmoid"));
        model.node("Mul", {name("c"), name("s")}, {name("m")}).named(name("Mul"));
        const std::string &other = block % 8 == 7 ? previous : last;
        model.node("Add", {name("m"), other}, {name("a")}).named(name("Add"));
        if (block % 8 == 7)
            previous = last;
        last = name("a");
        made += 4;
    }
    model.output(last);
    model.write(file.toStdString());
}

double residentMb()
{
    QFile statm(QStringLiteral("/proc/self/statm"));
    if (!statm.open(QIODevice::ReadOnly))
        return 0;
    return statm.readAll().split(' ')[1].toDouble() * double(::sysconf(_SC_PAGESIZE)) / 1e6;
}

double ms(const QElapsedTimer &clock)
{
    return double(clock.nsecsElapsed()) / 1e6;
}

// The longest time a 5 ms timer had to wait while it runs.
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
    void report(const char *what)
    {
        std::sort(m_pauses.begin(), m_pauses.end());
        if (!m_pauses.empty())
            std::printf("  %s: longest pause of the event loop %.1f ms, 99th percentile %.1f ms\n",
                        what, m_pauses.back(), m_pauses[m_pauses.size() * 99 / 100]);
    }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<double> m_pauses;
};

void measureFrames(GraphCanvas &canvas)
{
    QImage frame(1920, 1080, QImage::Format_ARGB32_Premultiplied);
    std::vector<double> times;
    // From the whole to the largest zoom and back, panning on the way.
    constexpr int frames = 600;
    canvas.fitAll();
    const double low = canvas.zoom();
    for (int i = 0; i < frames; ++i) {
        const double t = i < frames / 2 ? double(i) / (frames / 2) : 2 - double(i) / (frames / 2);
        const double wanted = low * std::pow(2.5 / low, t);
        while (std::abs(canvas.zoom() / wanted - 1) > 0.12)
            canvas.zoom() < wanted ? canvas.zoomIn() : canvas.zoomOut();
        QKeyEvent pan(QEvent::KeyPress, i % 3 == 0 ? Qt::Key_Down : Qt::Key_Up, Qt::NoModifier);
        QCoreApplication::sendEvent(&canvas, &pan);
        QElapsedTimer clock;
        clock.start();
        canvas.render(&frame);
        times.push_back(ms(clock));
    }
    std::sort(times.begin(), times.end());
    std::printf("  600 frames at 1920×1080: median %.1f, 95th percentile %.1f, longest %.1f ms\n",
                times[times.size() / 2], times[times.size() * 95 / 100], times.back());
}

void measureModel(const QString &file)
{
    std::printf("%s\n", qPrintable(file));
    GraphCanvas canvas;
    canvas.resize(1920, 1080);
    canvas.show();
    QCoreApplication::processEvents();
    ModelLoader loader;
    QEventLoop loop;
    QElapsedTimer clock;
    double firstPicture = 0;
    std::shared_ptr<const GraphScene> scene;
    const auto picture = [&](const std::shared_ptr<const GraphScene> &shown) {
        canvas.setScene(shown);
        QImage frame(canvas.size(), QImage::Format_ARGB32_Premultiplied);
        canvas.render(&frame);
        if (firstPicture == 0)
            firstPicture = ms(clock);
    };
    QObject::connect(&loader, &ModelLoader::previewed, &loop,
                     [&](const LoadedModel &model) { picture(model.source.scene); });
    QObject::connect(&loader, &ModelLoader::loaded, &loop, [&](const LoadedModel &model) {
        scene = model.source.scene;
        picture(scene);
        loop.quit();
    });
    QObject::connect(&loader, &ModelLoader::failed, &loop,
                     [&](const QString &, const Diagnostics &why) {
                         std::printf("  cannot be opened: %s\n", why.front().id.c_str());
                         loop.quit();
                     });
    Heartbeat heartbeat;
    clock.start();
    loader.open(file);
    loop.exec();
    if (!scene)
        return;
    std::printf("  first picture %.0f ms, whole picture %.0f ms (%zu nodes), memory %.0f MB\n",
                firstPicture, ms(clock), scene->nodes().size(), residentMb());
    heartbeat.report("while it loaded");
    measureFrames(canvas);

    // Cancelled in the middle of the work: how long until the pool's thread is idle.
    loader.open(file);
    QTimer::singleShot(int(firstPicture) + 40, &loop, &QEventLoop::quit);
    loop.exec();
    clock.start();
    loader.cancel();
    QThreadPool::globalInstance()->waitForDone();
    std::printf("  cancel to idle thread %.1f ms\n", ms(clock));
}

void measureHef(const QString &file)
{
    QAction open;
    InspectPage page(&open);
    page.resize(1280, 720);
    page.show();
    QCoreApplication::processEvents();
    QEventLoop loop;
    QObject::connect(&page, &InspectPage::currentChanged, &loop, &QEventLoop::quit);
    QElapsedTimer clock;
    clock.start();
    page.openFile(file);
    loop.exec();
    QImage frame(page.size(), QImage::Format_ARGB32_Premultiplied);
    page.render(&frame);
    std::printf("%s\n  dropped to drawn %.0f ms\n", qPrintable(file), ms(clock));
}

// Of the second run: the time left as shown, against what it took in the end.
class LeftSamples {
public:
    explicit LeftSamples(const QLabel &elapsed) : m_label(elapsed)
    {
        m_timer.setInterval(100);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            const auto match = m_pattern.match(m_label.text());
            if (match.hasMatch())
                m_samples.emplace_back(ms(m_clock) / 1000,
                                       QLocale().toDouble(match.captured(1)) *
                                           (match.captured(2) == QStringLiteral("ms") ? 0.001 : 1));
        });
        m_clock.start();
        m_timer.start();
    }
    void report(double total) const
    {
        double worst = 0;
        int seen = 0;
        for (const auto &[at, left] : m_samples) {
            // From a fifth on; near the end a tenth of a second is all there is to be wrong about.
            if (at < 0.2 * total || at > 0.9 * total)
                continue;
            ++seen;
            worst = std::max(worst, std::abs(at + left - total) / total);
        }
        std::printf("  second run: %.1f s; time left in %d samples from 20 %% on: end off by at most "
                    "%.0f %% of the run\n",
                    total, seen, worst * 100);
    }

private:
    const QLabel &m_label;
    QRegularExpression m_pattern{QStringLiteral("about ([0-9.,]+) (ms|s)")};
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::vector<std::pair<double, double>> m_samples;
};

void measureConversion(const QString &file, const QString &calibration, const QString &preset)
{
    std::printf("%s, %s\n", qPrintable(file), qPrintable(preset));
    QTemporaryDir folder;
    Project project;
    QAction open, sample;
    ConvertPage page(project, &open, &sample);
    page.resize(1440, 900);
    page.show();
    ConversionChoices choices;
    choices.model = file;
    choices.calibration = calibration;
    choices.preset = preset;
    choices.output = folder.filePath(QStringLiteral("made.hef"));
    project.open(choices);
    QEventLoop loop;
    QObject::connect(&page, &ConvertPage::runningChanged, &loop,
                     [&loop](bool isRunning) { isRunning ? void() : loop.quit(); });
    const auto *elapsed = page.findChild<QLabel *>(QStringLiteral("elapsed"));
    double first = 0;
    for (const bool isSecond : {false, true}) {
        Heartbeat heartbeat;
        std::optional<LeftSamples> samples;
        QElapsedTimer clock;
        clock.start();
        if (isSecond)
            samples.emplace(*elapsed);
        page.build();
        loop.exec();
        const double total = ms(clock) / 1000;
        heartbeat.report(isSecond ? "second run" : "first run");
        if (isSecond)
            samples->report(total);
        else
            first = total;
    }
    QTimer::singleShot(int(first * 500), [&page, &loop] {
        auto *cancel = page.findChild<QPushButton *>(QStringLiteral("cancelConversion"));
        QElapsedTimer clock;
        clock.start();
        QObject::connect(&page, &ConvertPage::runningChanged, &loop, [clock](bool isRunning) {
            if (!isRunning)
                std::printf("  cancelled half-way: ended after %.0f ms\n", ms(clock));
        });
        cancel->click();
    });
    page.build();
    loop.exec();
}

} // namespace

int main(int argc, char **argv)
{
    // The second run is to take as long as the first.
    qputenv("XDG_CACHE_HOME", "/dev/null");
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(
        QStringLiteral("bench-studio-%1").arg(QCoreApplication::applicationPid()));
    Theme theme(application);
    theme.setChoice(ThemeChoice::dark);
    QStringList models, hefs, converted;
    QString calibration, preset = QStringLiteral("fast");
    const QStringList arguments = QCoreApplication::arguments();
    for (int i = 1; i + 1 < arguments.size(); i += 2) {
        const QString &option = arguments[i];
        if (option == QStringLiteral("--calib"))
            calibration = arguments[i + 1];
        else if (option == QStringLiteral("--preset"))
            preset = arguments[i + 1];
        else if (option == QStringLiteral("--convert"))
            converted << arguments[i + 1];
        else
            (option == QStringLiteral("--hef") ? hefs : models) << arguments[i + 1];
    }
    QTemporaryDir folder;
    if (models.isEmpty() && hefs.isEmpty() && converted.isEmpty()) {
        models << folder.filePath(QStringLiteral("generated-10000.onnx"));
        writeNetwork(models.first(), 10000);
    }
    for (const QString &model : models)
        measureModel(model);
    for (const QString &hef : hefs)
        measureHef(hef);
    for (const QString &file : converted)
        measureConversion(file, calibration, preset);
    return 0;
}
