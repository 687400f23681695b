// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/toolchain_dialog.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace hefstudio {

ToolchainDialog::ToolchainDialog(QWidget *parent) : QDialog(parent), m_panel(new ToolchainPanel)
{
    setObjectName(QStringLiteral("toolchainDialog"));
    setWindowTitle(tr("Compilers of chip HEFs"));
    resize(720, 620);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(16);
    column->addWidget(m_panel, 1);
    column->addWidget(buttons);
    m_panel->examine();
}

} // namespace hefstudio
