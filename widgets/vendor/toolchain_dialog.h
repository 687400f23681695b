// The user's compilers of chip HEFs in a window of their own.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vendor/toolchain_panel.h"

#include <QDialog>

namespace hefstudio {

class ToolchainDialog final : public QDialog {
    Q_OBJECT
public:
    explicit ToolchainDialog(QWidget *parent = nullptr);
    ToolchainPanel *panel() const { return m_panel; }

private:
    ToolchainPanel *m_panel;
};

} // namespace hefstudio
