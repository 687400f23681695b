// The window's sentences in the user's language: ours, and those of Qt's own dialogs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>

class QCoreApplication;

namespace hefstudio {

// The translators belong to the application. English has one too, for its plurals.
void installTranslations(QCoreApplication &application, const QLocale &locale = {});

} // namespace hefstudio
