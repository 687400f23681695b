// Whether the desktop prefers dark windows: asks the desktop portal (Qt 6.4 has no signal of its
// own) without waiting for it, and follows its changes. Without a portal the palette that Qt found
// at start decides.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusVariant>
#include <QObject>

namespace hefstudio {

class SystemScheme : public QObject {
    Q_OBJECT
public:
    explicit SystemScheme(QObject *parent = nullptr);
    bool isDark() const { return m_isDark; }

Q_SIGNALS:
    void changed();

private:
    Q_SLOT void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);
    void take(const QVariant &value);

    bool m_isDark = false;
};

} // namespace hefstudio
