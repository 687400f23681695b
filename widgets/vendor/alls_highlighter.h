// Colours a model script: commands by what is known of them, keys, texts, numbers, comments.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "theme/tokens.h"

#include <QSyntaxHighlighter>

namespace hefstudio {

class AllsHighlighter final : public QSyntaxHighlighter {
    Q_OBJECT
public:
    AllsHighlighter(QTextDocument *document, const Tokens &tokens);
    void setTokens(const Tokens &tokens);

protected:
    void highlightBlock(const QString &text) override;

private:
    Tokens m_tokens;
};

} // namespace hefstudio
