// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/empty_state.h"

#include "common/text_label.h"
#include "theme/icons.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace hefstudio {

namespace {

class BigIcon final : public QWidget {
public:
    explicit BigIcon(QString name) : m_name(std::move(name)) { setFixedSize(56, 56); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.drawPixmap(4, 4,
                           iconPixmap(m_name, tokensOf(palette()).faint, 48, devicePixelRatioF()));
    }

private:
    QString m_name;
};

} // namespace

QPushButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QPushButton(parent);
    button->setObjectName(action->objectName());
    const auto mirror = [button, action] {
        QString text = action->text();
        button->setText(text);
        button->setAccessibleName(text.remove(QLatin1Char('&')));
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->toolTip());
    };
    mirror();
    QObject::connect(action, &QAction::changed, button, mirror);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

EmptyState::EmptyState(const QString &icon, const QString &title, const QString &sentence,
                       QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addStretch(4);
    column->addWidget(new BigIcon(icon), 0, Qt::AlignHCenter);
    column->addSpacing(4);
    auto *heading = new TextLabel(title, TextRole::title);
    heading->setAlignment(Qt::AlignCenter);
    column->addWidget(heading);
    auto *text = new TextLabel(sentence, TextRole::body, Tone::dim);
    text->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    text->setWordWrap(true);
    text->setFixedWidth(440);
    text->setMinimumHeight(text->heightForWidth(440));
    column->addWidget(text, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(8);
    m_buttons->addStretch();
    m_buttons->addStretch();
    column->addLayout(m_buttons);
    column->addStretch(5);
}

QPushButton *EmptyState::addAction(QAction *action, Weight weight)
{
    QPushButton *button = buttonFor(action, this);
    button->setProperty("primary", weight == Weight::primary);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
    return button;
}

} // namespace hefstudio
