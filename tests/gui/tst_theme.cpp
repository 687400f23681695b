// Every pair of colours that carries text or marks a control is computed against the ratios people
// need; icons exist and take the theme's colour; a switch is fast.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_support.h"

#include "theme/icons.h"
#include "theme/theme.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QPushButton>

#include <cmath>

using namespace hefstudio;

namespace {

double luminance(const QColor &color)
{
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(double(color.redF())) + 0.7152 * linear(double(color.greenF())) +
           0.0722 * linear(double(color.blueF()));
}

double contrast(const QColor &a, const QColor &b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace

class ThemeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { gui::isolateSettings(); }
    void textCanBeRead_data() { themes(); }
    void textCanBeRead();
    void controlsCanBeSeen_data() { themes(); }
    void controlsCanBeSeen();
    void iconsTakeTheirColour();
    void paletteTellsItsTokens();
    void switchingIsFast();

private:
    void themes()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("dark") << true;
        QTest::newRow("light") << false;
    }
};

void ThemeTest::textCanBeRead()
{
    QFETCH(bool, dark);
    const Tokens &t = dark ? darkTokens() : lightTokens();
    const std::pair<const char *, QColor> inks[] = {
        {"text", t.text}, {"dim", t.dim},   {"faint", t.faint}, {"accent", t.accent},
        {"ok", t.ok},     {"warn", t.warn}, {"bad", t.bad}};
    const std::pair<const char *, QColor> grounds[] = {
        {"background", t.background}, {"panel", t.panel}, {"raised", t.raised}};
    for (const auto &[ink, inkColor] : inks)
        for (const auto &[ground, groundColor] : grounds) {
            const double ratio = contrast(inkColor, groundColor);
            QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1 on %2: %3")
                                                  .arg(QLatin1String(ink), QLatin1String(ground))
                                                  .arg(ratio)));
        }
    QVERIFY(contrast(t.onAccent, t.accent) >= 4.5);
}

void ThemeTest::controlsCanBeSeen()
{
    QFETCH(bool, dark);
    const Tokens &t = dark ? darkTokens() : lightTokens();
    for (const QColor &ground : {t.background, t.panel, t.raised}) {
        QVERIFY(contrast(t.border, ground) >= 3);
        for (const QColor &category : t.categories)
            QVERIFY(contrast(category, ground) >= 3);
    }
}

void ThemeTest::iconsTakeTheirColour()
{
    QDirIterator icons(QStringLiteral(":/icons"), {QStringLiteral("*.svg")});
    int count = 0;
    while (icons.hasNext()) {
        icons.next();
        const QString name = icons.fileInfo().completeBaseName();
        if (name == QStringLiteral("hefstudio"))
            continue;
        ++count;
        const QImage image = iconPixmap(name, QColor(255, 0, 0), 24, 1).toImage();
        bool hasInk = false;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel.alpha() == 0)
                    continue;
                hasInk = true;
                QVERIFY2(pixel.green() < 8 && pixel.blue() < 8, qPrintable(name));
            }
        QVERIFY2(hasInk, qPrintable(name));
    }
    QVERIFY(count > 10);
}

void ThemeTest::paletteTellsItsTokens()
{
    QCOMPARE(&tokensOf(paletteFrom(darkTokens())), &darkTokens());
    QCOMPARE(&tokensOf(paletteFrom(lightTokens())), &lightTokens());
}

void ThemeTest::switchingIsFast()
{
    Theme theme(*qApp);
    QWidget window;
    for (int i = 0; i < 100; ++i)
        new QPushButton(&window);
    window.show();
    theme.setChoice(ThemeChoice::dark);
    QElapsedTimer clock;
    clock.start();
    theme.setChoice(ThemeChoice::light);
    QCoreApplication::processEvents();
    qInfo("theme switch: %lld ms", clock.elapsed());
    QVERIFY(clock.elapsed() < 250);
    QCOMPARE(window.palette().color(QPalette::Window), lightTokens().background);
}

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
