// A notification of the desktop (org.freedesktop.Notifications), sent and forgotten: a desktop
// without them loses nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace hefstudio {

void notifyDesktop(const QString &title, const QString &text);

} // namespace hefstudio
