// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include "theme/fonts.h"
#include "theme/studio_style.h"
#include "theme/system_scheme.h"

#include <QApplication>
#include <QPixmapCache>

namespace hefstudio {

QPalette paletteFrom(const Tokens &t)
{
    QPalette palette;
    const auto set = [&palette](QPalette::ColorRole role, const QColor &color) {
        palette.setColor(QPalette::All, role, color);
    };
    set(QPalette::Window, t.background);
    set(QPalette::WindowText, t.text);
    set(QPalette::Base, t.panel);
    set(QPalette::AlternateBase, t.background);
    set(QPalette::Text, t.text);
    set(QPalette::PlaceholderText, t.faint);
    set(QPalette::Button, t.raised);
    set(QPalette::ButtonText, t.text);
    set(QPalette::BrightText, t.bad);
    set(QPalette::ToolTipBase, t.raised);
    set(QPalette::ToolTipText, t.text);
    set(QPalette::Highlight, t.accent);
    set(QPalette::HighlightedText, t.onAccent);
    set(QPalette::Link, t.accent);
    set(QPalette::LinkVisited, t.categories[3]);
    set(QPalette::Light, t.raised);
    set(QPalette::Midlight, t.raised);
    set(QPalette::Mid, t.line);
    set(QPalette::Dark, t.border);
    set(QPalette::Shadow, t.line);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, t.faint);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, t.line);
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, t.dim);
    return palette;
}

Theme::Theme(QApplication &application, QObject *parent)
    : QObject(parent), m_application(application), m_system(new SystemScheme(this))
{
    m_application.setStyle(new StudioStyle);
    m_application.setFont(baseFont(m_application.font()));
    connect(m_system, &SystemScheme::changed, this, &Theme::apply);
    apply();
}

void Theme::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    apply();
}

void Theme::apply()
{
    const bool dark =
        m_choice == ThemeChoice::dark || (m_choice == ThemeChoice::system && m_system->isDark());
    if (m_isApplied && dark == m_isDark)
        return;
    m_isApplied = true;
    m_isDark = dark;
    QPixmapCache::clear();
    m_application.setPalette(paletteFrom(dark ? darkTokens() : lightTokens()));
    Q_EMIT changed();
}

} // namespace hefstudio
