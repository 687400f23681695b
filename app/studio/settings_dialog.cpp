// SPDX-License-Identifier: GPL-3.0-or-later
#include "settings_dialog.h"

#include "common/segmented_control.h"
#include "common/text_label.h"
#include "vendor/toolchain_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QThread>
#include <QVBoxLayout>

namespace hefstudio {

namespace {

TextLabel *name(const QString &text)
{
    return new TextLabel(text, TextRole::body, Tone::dim);
}

QLayout *withRemark(QWidget *field, const QString &text)
{
    auto *column = new QVBoxLayout;
    column->setSpacing(4);
    column->addWidget(field);
    auto *remark = new TextLabel(text, TextRole::small, Tone::faint);
    remark->setWordWrap(true);
    column->addWidget(remark);
    return column;
}

} // namespace

SettingsDialog::SettingsDialog(Theme &theme, const Preferences &preferences, QWidget *parent)
    : QDialog(parent),
      m_theme(theme),
      m_themeBefore(theme.choice()),
      m_look(new SegmentedControl),
      m_language(new QComboBox),
      m_threads(new QSpinBox)
{
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    setMinimumWidth(520);

    m_look->setObjectName(QStringLiteral("theme"));
    m_look->setAccessibleName(tr("Theme"));
    m_look->addSegment(tr("Like the system"), QStringLiteral("0"));
    m_look->addSegment(tr("Light"), QStringLiteral("1"));
    m_look->addSegment(tr("Dark"), QStringLiteral("2"));
    m_look->setValue(QString::number(int(theme.choice())));
    connect(m_look, &SegmentedControl::valueChanged, this,
            [this](const QString &value) { m_theme.setChoice(ThemeChoice(value.toInt())); });

    m_language->setObjectName(QStringLiteral("language"));
    m_language->setAccessibleName(tr("Language"));
    m_language->addItem(tr("Like the system"), QString());
    // Languages are named in themselves.
    m_language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    m_language->addItem(QStringLiteral("Deutsch"), QStringLiteral("de"));
    m_language->setCurrentIndex(std::max(0, m_language->findData(preferences.language)));

    m_threads->setObjectName(QStringLiteral("threads"));
    m_threads->setAccessibleName(tr("Threads of a conversion"));
    m_threads->setRange(0, std::max(64, QThread::idealThreadCount()));
    m_threads->setSpecialValueText(tr("All cores (%1)").arg(QThread::idealThreadCount()));
    m_threads->setValue(preferences.threads);

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(24);
    form->setVerticalSpacing(12);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(name(tr("Theme")), m_look);
    form->addRow(name(tr("Language")),
                 withRemark(m_language, tr("A new language holds from the next start.")));
    form->addRow(name(tr("Threads")),
                 withRemark(m_threads, tr("The bytes of a HEF do not depend on it.")));
    auto *compilers = new QPushButton(tr("Compilers of chip HEFs…"));
    compilers->setObjectName(QStringLiteral("openToolchains"));
    compilers->setAutoDefault(false);
    connect(compilers, &QPushButton::clicked, this, [this] {
        auto *dialog = new ToolchainDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    form->addRow(name(tr("Back end")),
                 withRemark(compilers, tr("The built-in one makes emulation HEFs; Hailo's Dataflow "
                                          "Compiler, where you have it, makes chip HEFs.")));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setProperty("primary", true);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(QLatin1Char('&')));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 16);
    column->setSpacing(20);
    column->addLayout(form);
    column->addStretch();
    column->addWidget(buttons);
}

Preferences SettingsDialog::preferences() const
{
    return {m_threads->value(), m_language->currentData().toString()};
}

void SettingsDialog::done(int result)
{
    if (result == Accepted)
        QSettings().setValue(QStringLiteral("theme"), int(m_theme.choice()));
    else
        m_theme.setChoice(m_themeBefore);
    QDialog::done(result);
}

} // namespace hefstudio
