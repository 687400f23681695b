// What the window promises about large files, measured: first picture, frames along a scripted
// path, cancelling, memory, the event loop's longest pause, and how soon a HEF is open.
//   QT_QPA_PLATFORM=offscreen bench_studio [--onnx FILE]… [--hef FILE]…
// Without files: a generated network of 10 000 nodes.
// SPDX-License-Identifier: GPL-3.0-or-later
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
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>

#include <cstdio>

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

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Theme theme(application);
    theme.setChoice(ThemeChoice::dark);
    QStringList models, hefs;
    const QStringList arguments = QCoreApplication::arguments();
    for (int i = 1; i + 1 < arguments.size(); i += 2)
        (arguments[i] == QStringLiteral("--hef") ? hefs : models) << arguments[i + 1];
    QTemporaryDir folder;
    if (models.isEmpty() && hefs.isEmpty()) {
        models << folder.filePath(QStringLiteral("generated-10000.onnx"));
        writeNetwork(models.first(), 10000);
    }
    for (const QString &model : models)
        measureModel(model);
    for (const QString &hef : hefs)
        measureHef(hef);
    return 0;
}
