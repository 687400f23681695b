// SPDX-License-Identifier: GPL-3.0-or-later
#include "translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QTranslator>

namespace hefstudio {

void installTranslations(QCoreApplication &application, const QLocale &locale)
{
    const QString folder = QStringLiteral(":/i18n");
    auto *own = new QTranslator(&application);
    const QString name = QStringLiteral("hefstudio");
    if (own->load(locale, name, QStringLiteral("_"), folder) ||
        own->load(folder + QStringLiteral("/hefstudio_en.qm")))
        QCoreApplication::installTranslator(own);
    auto *qt = new QTranslator(&application);
    if (qt->load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                 QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(qt);
}

} // namespace hefstudio
