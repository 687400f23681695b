// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/studio_style.h"

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/style_drawing.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QPainter>
#include <QSplitter>
#include <QStyleOption>
#include <QTabBar>

namespace hefstudio {

namespace {

bool hasProperty(const QWidget *widget, const char *name)
{
    return widget && widget->property(name).toBool();
}

QColor buttonFill(const Tokens &tokens, const QStyleOption &option, const QWidget *widget)
{
    if (hasProperty(widget, "primary") && (option.state & QStyle::State_Enabled)) {
        const bool isDown = option.state & QStyle::State_Sunken;
        const bool isHovered = option.state & QStyle::State_MouseOver;
        return mixed(tokens.accent, tokens.text, isDown ? 0.22 : isHovered ? 0.1 : 0.0);
    }
    return controlFill(tokens, option.state);
}

void drawButton(const Tokens &tokens, const QStyleOption &option, QPainter *painter,
                const QWidget *widget)
{
    const bool isPrimary = hasProperty(widget, "primary");
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const bool isActive = option.state & (QStyle::State_Sunken | QStyle::State_MouseOver);
    // Buttons of dock titles and tool bars say so by their state.
    const bool isQuiet = hasProperty(widget, "quiet") || (option.state & QStyle::State_AutoRaise);
    if (isQuiet && !isActive && !(option.state & QStyle::State_On)) {
        // No panel at rest.
    } else {
        const QColor edge = isPrimary && isEnabled  ? QColor()
                            : isEnabled && !isQuiet ? mixed(tokens.line, tokens.border, 0.55)
                                                    : tokens.line;
        drawRounded(painter, option.rect, buttonFill(tokens, option, widget), edge);
    }
    if ((option.state & QStyle::State_HasFocus) &&
        (option.state & QStyle::State_KeyboardFocusChange)) {
        if (isPrimary)
            drawRounded(painter, option.rect.adjusted(2, 2, -2, -2), QColor(), tokens.onAccent,
                        metrics::controlRadius - 2);
        else
            drawFocusRing(painter, option.rect, tokens);
    }
}

void drawField(const Tokens &tokens, const QStyleOption &option, QPainter *painter)
{
    const bool isEnabled = option.state & QStyle::State_Enabled;
    drawRounded(painter, option.rect, isEnabled ? tokens.raised : tokens.panel,
                isEnabled ? tokens.border : tokens.line);
    if (option.state & QStyle::State_HasFocus)
        drawFocusRing(painter, option.rect, tokens);
}

void drawIndicator(const Tokens &tokens, const QStyleOption &option, QPainter *painter,
                   bool isRound)
{
    const QRectF box = QRectF(option.rect).adjusted(0, 0, 0, 0);
    const bool isOn = option.state & QStyle::State_On;
    const bool isEnabled = option.state & QStyle::State_Enabled;
    const QColor fill = !isEnabled ? tokens.panel : isOn ? tokens.accent : tokens.raised;
    const QColor edge = !isEnabled ? tokens.line : isOn ? tokens.accent : tokens.border;
    drawRounded(painter, box, fill, edge, isRound ? box.height() / 2 : 4);
    const QColor mark = isEnabled ? tokens.onAccent : tokens.faint;
    if (isOn && isRound)
        drawRounded(painter, box.adjusted(5, 5, -5, -5), mark, QColor(), box.height() / 2);
    else if (isOn)
        painter->drawPixmap(option.rect.topLeft(),
                            iconPixmap(QStringLiteral("check"), mark, option.rect.width(),
                                       painter->device()->devicePixelRatioF()));
    if ((option.state & QStyle::State_HasFocus) &&
        (option.state & QStyle::State_KeyboardFocusChange))
        drawFocusRing(painter, box.adjusted(-2, -2, 2, 2), tokens, isRound ? box.height() : 5);
}

} // namespace

StudioStyle::StudioStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void StudioStyle::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QComboBox *>(widget) ||
        qobject_cast<QTabBar *>(widget) || widget->inherits("QScrollBar") ||
        qobject_cast<QHeaderView *>(widget) || qobject_cast<QSplitterHandle *>(widget))
        widget->setAttribute(Qt::WA_Hover);
    if (auto *view = qobject_cast<QAbstractItemView *>(widget))
        view->viewport()->setAttribute(Qt::WA_Hover);
}

int StudioStyle::pixelMetric(PixelMetric metric, const QStyleOption *option,
                             const QWidget *widget) const
{
    switch (metric) {
    case PM_DefaultFrameWidth:
        return 1;
    case PM_ButtonMargin:
        return 16;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return 32;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_SplitterWidth:
        return 8;
    case PM_DockWidgetSeparatorExtent:
        return 1;
    case PM_DockWidgetTitleMargin:
        return 8;
    case PM_HeaderMargin:
        return 8;
    case PM_FocusFrameHMargin:
        return 7;
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin:
        return 12;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return 8;
    case PM_MenuPanelWidth:
        return 1;
    case PM_MenuVMargin:
        return 4;
    case PM_MenuHMargin:
        return 0;
    case PM_MenuBarItemSpacing:
        return 2;
    case PM_MenuBarHMargin:
        return 6;
    case PM_MenuBarVMargin:
        return 2;
    case PM_MenuBarPanelWidth:
        return 0;
    case PM_TabBarTabHSpace:
        return 28;
    case PM_TabBarTabVSpace:
        return 14;
    case PM_TabBarBaseHeight:
    case PM_TabBarBaseOverlap:
        return 0;
    case PM_ToolTipLabelFrameWidth:
        return 6;
    case PM_ToolBarIconSize:
        return 18;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int StudioStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                           QStyleHintReturn *data) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_Widget_Animation_Duration:
    case SH_ToolTip_Mask:
    case SH_Menu_Mask:
    case SH_TabBar_ElideMode:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
    case SH_ComboBox_ListMouseTracking:
        return 1;
    case SH_ComboBox_Popup:
        return 0;
    case SH_UnderlineShortcut:
        // Underlines help those who use the keyboard and disturb the others.
        return widget && widget->window()->testAttribute(Qt::WA_KeyboardFocusChange) ? 1 : 0;
    case SH_Table_GridLineColor:
        return option ? int(tokensOf(option->palette).line.rgb())
                      : QProxyStyle::styleHint(hint, option, widget, data);
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

QSize StudioStyle::sizeFromContents(ContentsType type, const QStyleOption *option,
                                    const QSize &size, const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton: {
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        const int icon = button && !button->icon.isNull() && !button->text.isEmpty() ? 8 : 0;
        const int margin = button && button->text.isEmpty() ? 14 : 28;
        return {size.width() + margin + icon, std::max(size.height() + 8, metrics::controlHeight)};
    }
    case CT_ToolButton:
        return {std::max(size.width() + 8, metrics::controlHeight),
                std::max(size.height() + 8, metrics::controlHeight)};
    case CT_LineEdit:
        return {result.width(), std::max(size.height() + 8, metrics::controlHeight)};
    case CT_ComboBox:
        return {size.width() + 40, std::max(size.height() + 8, metrics::controlHeight)};
    case CT_MenuBarItem:
        return {size.width() + 16, size.height() + 8};
    case CT_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator)
                return {size.width(), 9};
            // QMenu's own size misses the room between the text and its shortcut.
            const int gap = item->text.contains(QLatin1Char('\t')) ? 32 : 0;
            return {size.width() + 64 + gap, std::max(size.height() + 8, 28)};
        }
        return result;
    case CT_HeaderSection:
        return {result.width(), std::max(result.height(), 30)};
    case CT_ItemViewItem:
        return {result.width(), std::max(result.height(), hasProperty(widget, "compact") ? 0 : 28)};
    default:
        return result;
    }
}

void StudioStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option,
                                QPainter *painter, const QWidget *widget) const
{
    const Tokens &tokens = tokensOf(option->palette);
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool:
        drawButton(tokens, *option, painter, widget);
        return;
    case PE_FrameDefaultButton:
    case PE_FrameFocusRect:
    case PE_FrameStatusBarItem:
    case PE_PanelStatusBar:
    case PE_FrameDockWidget:
    case PE_FrameTabBarBase:
    case PE_FrameTabWidget:
    case PE_PanelMenuBar:
        return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option))
            if (frame->lineWidth > 0)
                drawField(tokens, *option, painter);
        return;
    case PE_FrameLineEdit:
        return;
    case PE_PanelScrollAreaCorner:
        return;
    case PE_IndicatorTabClose: {
        const bool isHovered = option->state & State_MouseOver;
        if (isHovered)
            drawRounded(painter, option->rect, tokens.raised, QColor(), 4);
        painter->drawPixmap(option->rect.center().x() - 6, option->rect.center().y() - 6,
                            iconPixmap(QStringLiteral("cross"),
                                       isHovered ? tokens.text : tokens.dim, 14,
                                       painter->device()->devicePixelRatioF()));
        return;
    }
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        drawIndicator(tokens, *option, painter, false);
        return;
    case PE_IndicatorRadioButton:
        drawIndicator(tokens, *option, painter, true);
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, tokens.raised);
        painter->setPen(tokens.border);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_PanelMenu:
        painter->fillRect(option->rect, tokens.panel);
        return;
    case PE_FrameMenu:
        painter->setPen(mixed(tokens.line, tokens.border, 0.5));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_Frame:
        painter->setPen(tokens.line);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_IndicatorDockWidgetResizeHandle:
        painter->fillRect(option->rect, tokens.line);
        return;
    case PE_PanelItemViewRow:
        return;
    case PE_PanelItemViewItem:
        if (option->state & State_Selected)
            painter->fillRect(option->rect, mixed(tokens.panel, tokens.accent,
                                                  option->state & State_Active ? 0.28 : 0.18));
        else if ((option->state & State_MouseOver) && (option->state & State_Enabled))
            painter->fillRect(option->rect, mixed(tokens.panel, tokens.text, 0.05));
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void StudioStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                              const QWidget *widget) const
{
    const Tokens &tokens = tokensOf(option->palette);
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            QStyleOptionButton copy = *button;
            if (hasProperty(widget, "primary") && (copy.state & State_Enabled))
                copy.palette.setColor(QPalette::ButtonText, tokens.onAccent);
            QProxyStyle::drawControl(element, &copy, painter, widget);
        }
        return;
    case CE_MenuBarEmptyArea:
        return;
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            if (item->state & (State_Selected | State_Sunken))
                drawRounded(painter, item->rect, tokens.raised, QColor(), 5);
            int flags = Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine;
            if (!proxy()->styleHint(SH_UnderlineShortcut, option, widget))
                flags |= Qt::TextHideMnemonic;
            painter->setPen(item->state & State_Enabled ? tokens.text : tokens.faint);
            painter->drawText(item->rect, flags, item->text);
        }
        return;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            drawMenuItem(painter, *item, *proxy());
        return;
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, tokens.panel);
        painter->fillRect(
            QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            tokens.line);
        return;
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            painter->save();
            painter->setFont(fontFor(TextRole::small));
            painter->setPen(tokens.faint);
            const QString text = painter->fontMetrics().elidedText(header->text, Qt::ElideRight,
                                                                   header->rect.width());
            painter->drawText(header->rect, int(header->textAlignment) | Qt::AlignVCenter, text);
            painter->restore();
        }
        return;
    case CE_TabBarTabShape:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option))
            drawTab(painter, *tab);
        return;
    case CE_ProgressBarGroove:
        drawRounded(painter, option->rect, tokens.raised, QColor(), 3);
        return;
    case CE_ProgressBarContents:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option)) {
            const double range = std::max(1, bar->maximum - bar->minimum);
            const double share = (bar->progress - bar->minimum) / range;
            QRectF filled = bar->rect;
            filled.setWidth(filled.width() * std::clamp(share, 0.0, 1.0));
            drawRounded(painter, filled, tokens.accent, QColor(), 3);
        }
        return;
    case CE_Splitter: {
        if (option->state & State_MouseOver)
            drawRounded(painter,
                        option->state & State_Horizontal ? option->rect.adjusted(3, 12, -3, -12)
                                                         : option->rect.adjusted(12, 3, -12, -3),
                        tokens.border, QColor(), 1);
        return;
    }
    case CE_DockWidgetTitle:
        if (const auto *dock = qstyleoption_cast<const QStyleOptionDockWidget *>(option)) {
            painter->save();
            painter->setFont(fontFor(TextRole::heading));
            painter->setPen(tokens.dim);
            painter->drawText(dock->rect.adjusted(12, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft,
                              dock->title);
            painter->restore();
        }
        return;
    default:
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void StudioStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                                     QPainter *painter, const QWidget *widget) const
{
    const Tokens &tokens = tokensOf(option->palette);
    if (control == CC_ScrollBar) {
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            drawScrollBar(painter, *bar,
                          proxy()->subControlRect(control, option, SC_ScrollBarSlider, widget));
        return;
    }
    if (control == CC_ComboBox) {
        drawRounded(painter, option->rect, controlFill(tokens, option->state),
                    option->state & State_Enabled ? tokens.border : tokens.line);
        if (option->state & State_HasFocus)
            drawFocusRing(painter, option->rect, tokens);
        const QRect arrow = proxy()->subControlRect(control, option, SC_ComboBoxArrow, widget);
        painter->drawPixmap(arrow.center().x() - 7, arrow.center().y() - 7,
                            iconPixmap(QStringLiteral("chevron-down"),
                                       option->state & State_Enabled ? tokens.dim : tokens.faint,
                                       15, painter->device()->devicePixelRatioF()));
        return;
    }
    if (control == CC_SpinBox) {
        const bool isEnabled = option->state & State_Enabled;
        drawRounded(painter, option->rect, controlFill(tokens, option->state),
                    isEnabled ? tokens.border : tokens.line);
        if (option->state & State_HasFocus)
            drawFocusRing(painter, option->rect, tokens);
        const struct {
            SubControl part;
            QString icon;
        } arrows[] = {{SC_SpinBoxUp, QStringLiteral("chevron-up")},
                      {SC_SpinBoxDown, QStringLiteral("chevron-down")}};
        for (const auto &arrow : arrows) {
            const QRect rect = proxy()->subControlRect(control, option, arrow.part, widget);
            painter->drawPixmap(rect.center().x() - 6, rect.center().y() - 6,
                                iconPixmap(arrow.icon, isEnabled ? tokens.dim : tokens.faint, 13,
                                           painter->device()->devicePixelRatioF()));
        }
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect StudioStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option,
                                  SubControl subControl, const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!bar)
            return {};
        // No arrow buttons: the slider may use the whole groove.
        const bool isHorizontal = bar->orientation == Qt::Horizontal;
        const int length = isHorizontal ? bar->rect.width() : bar->rect.height();
        const qint64 range = qint64(bar->maximum) - bar->minimum;
        const int wanted =
            range > 0 ? int(qint64(bar->pageStep) * length / (range + bar->pageStep)) : length;
        const int slider = std::clamp(wanted, std::min(32, length), length);
        const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition,
                                                  length - slider, bar->upsideDown);
        const auto part = [&](int from, int size) {
            return isHorizontal
                       ? QRect(bar->rect.x() + from, bar->rect.y(), size, bar->rect.height())
                       : QRect(bar->rect.x(), bar->rect.y() + from, bar->rect.width(), size);
        };
        switch (subControl) {
        case SC_ScrollBarGroove:
            return bar->rect;
        case SC_ScrollBarSlider:
            return part(start, slider);
        case SC_ScrollBarSubPage:
            return part(0, start);
        case SC_ScrollBarAddPage:
            return part(start + slider, length - start - slider);
        default:
            return {};
        }
    }
    if (control == CC_ComboBox) {
        if (subControl == SC_ComboBoxEditField)
            return option->rect.adjusted(10, 1, -28, -1);
        if (subControl == SC_ComboBoxArrow)
            return {option->rect.right() - 27, option->rect.top(), 24, option->rect.height()};
    }
    if (control == CC_SpinBox) {
        const QRect &all = option->rect;
        const QRect arrows(all.right() - 27, all.top() + 2, 24, all.height() - 4);
        if (subControl == SC_SpinBoxEditField)
            return all.adjusted(4, 1, -28, -1);
        if (subControl == SC_SpinBoxUp)
            return arrows.adjusted(0, 0, 0, -arrows.height() / 2);
        if (subControl == SC_SpinBoxDown)
            return arrows.adjusted(0, arrows.height() / 2, 0, 0);
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

QRect StudioStyle::subElementRect(SubElement element, const QStyleOption *option,
                                  const QWidget *widget) const
{
    if (element == SE_LineEditContents)
        return option->rect.adjusted(8, 1, -8, -1);
    return QProxyStyle::subElementRect(element, option, widget);
}

QIcon StudioStyle::standardIcon(StandardPixmap pixmap, const QStyleOption *option,
                                const QWidget *widget) const
{
    switch (pixmap) {
    case SP_TitleBarCloseButton:
    case SP_DockWidgetCloseButton:
    case SP_LineEditClearButton:
        return themedIcon(QStringLiteral("cross"));
    case SP_DirIcon:
    case SP_DirOpenIcon:
    case SP_DirClosedIcon:
        return themedIcon(QStringLiteral("folder"));
    case SP_FileIcon:
        return themedIcon(QStringLiteral("open"));
    default:
        return QProxyStyle::standardIcon(pixmap, option, widget);
    }
}

} // namespace hefstudio
