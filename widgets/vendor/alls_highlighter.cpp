// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/alls_highlighter.h"

#include "vendor/alls_commands.h"

#include <QRegularExpression>

namespace hefstudio {

AllsHighlighter::AllsHighlighter(QTextDocument *document, const Tokens &tokens)
    : QSyntaxHighlighter(document), m_tokens(tokens)
{
}

void AllsHighlighter::setTokens(const Tokens &tokens)
{
    m_tokens = tokens;
    rehighlight();
}

void AllsHighlighter::highlightBlock(const QString &text)
{
    static const QRegularExpression piece(QStringLiteral(
        "(?<comment>#.*)|(?<text>\"[^\"]*\"?|'[^']*'?)|(?<glob>\\{[^}]*\\}?)|"
        "(?<command>[A-Za-z_][A-Za-z0-9_]*)(?=\\s*\\()|(?<key>[A-Za-z_][A-Za-z0-9_]*)(?=\\s*=)|"
        "(?<number>(?<![A-Za-z0-9_/.])-?[0-9][0-9.eE+-]*[smh]?\\b)"));
    for (auto matches = piece.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        const auto paint = [&](const QString &group, const QColor &color, bool isBold = false) {
            if (match.capturedStart(group) < 0)
                return;
            QTextCharFormat format;
            format.setForeground(color);
            if (isBold)
                format.setFontWeight(QFont::DemiBold);
            setFormat(int(match.capturedStart(group)), int(match.capturedLength(group)), format);
        };
        paint(QStringLiteral("comment"), m_tokens.faint);
        paint(QStringLiteral("text"), m_tokens.ok);
        paint(QStringLiteral("glob"), m_tokens.categories[4]);
        paint(QStringLiteral("key"), m_tokens.dim);
        paint(QStringLiteral("number"), m_tokens.categories[3]);
        const bool isKnown =
            findAllsCommand(match.captured(QStringLiteral("command")).toStdString()) != nullptr;
        paint(QStringLiteral("command"), isKnown ? m_tokens.accent : m_tokens.warn, true);
    }
}

} // namespace hefstudio
