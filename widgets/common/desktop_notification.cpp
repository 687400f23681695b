// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/desktop_notification.h"

#include "base/version.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QVariantMap>

namespace hefstudio {

void notifyDesktop(const QString &title, const QString &text)
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    auto call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"),
                                               QStringLiteral("/org/freedesktop/Notifications"),
                                               QStringLiteral("org.freedesktop.Notifications"),
                                               QStringLiteral("Notify"));
    // Plain text: file names must not become markup.
    call << QString(QLatin1String(toolName)) << uint(0) << QStringLiteral("hefstudio") << title
         << text.toHtmlEscaped() << QStringList() << QVariantMap() << -1;
    bus.send(call);
}

} // namespace hefstudio
