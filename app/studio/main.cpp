// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"
#include "preferences.h"
#include "translations.h"

#include "base/version.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

using namespace hefstudio;

int main(int argc, char **argv)
{
    QCoreApplication::setApplicationName(QStringLiteral("hefstudio"));
    QCoreApplication::setOrganizationName(QStringLiteral("hefstudio"));
    QCoreApplication::setApplicationVersion(QLatin1String(toolVersion));
    QApplication application(argc, argv);
    QGuiApplication::setApplicationDisplayName(QLatin1String(toolName));
    QGuiApplication::setDesktopFileName(QStringLiteral("hefstudio"));

    const QLocale locale = Preferences::load().locale();
    QLocale::setDefault(locale);
    installTranslations(application, locale);

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate(
        "main", "Converts trained networks for Hailo-8 and Hailo-8L and shows what happens."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("file"),
        QCoreApplication::translate("main", "ONNX or HEF files, or a folder of pictures."),
        QStringLiteral("[file...]"));
    parser.process(application);

    Theme theme(application);
    theme.setChoice(
        ThemeChoice(std::clamp(QSettings().value(QStringLiteral("theme"), 0).toInt(), 0, 2)));
    MainWindow window(theme);
    window.show();
    for (const QString &file : parser.positionalArguments())
        window.openPath(file);
    return QApplication::exec();
}
