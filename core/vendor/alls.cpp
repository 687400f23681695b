// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/alls.h"

#include "base/file.h"

#include <array>
#include <charconv>
#include <cmath>

namespace hefstudio {
namespace {

constexpr std::size_t largestScript = std::size_t(4) << 20;
constexpr int deepestNesting = 64;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '/' ||
           c == '-' || c == '.' || c == ':';
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// A number, or one with a unit of time: 25m, 5h.
bool looksLikeNumber(std::string_view word)
{
    if (word.starts_with('-') || word.starts_with('+'))
        word.remove_prefix(1);
    if (word.empty() || (!isDigit(word.front()) && word.front() != '.'))
        return false;
    if (word.back() == 's' || word.back() == 'm' || word.back() == 'h')
        word.remove_suffix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc() && end == word.data() + word.size();
}

class Parser {
public:
    Parser(std::string_view text, const std::filesystem::path &file)
        : m_text(text), m_file(file.string())
    {
    }

    Result<AllsScript> parse()
    {
        AllsScript script;
        while (m_at < m_text.size()) {
            const std::size_t begin = m_at;
            skipBlanks();
            AllsPiece piece;
            piece.line = m_line;
            if (!atLineEnd()) {
                AllsStatement statement;
                if (!parseStatement(statement))
                    return fail(std::move(*m_error));
                piece.statement = std::move(statement);
                skipBlanks();
                if (!atLineEnd()) {
                    expected("the end of the line");
                    return fail(std::move(*m_error));
                }
            }
            skipComment();
            if (m_at < m_text.size())
                advance(); // the line end
            piece.source = m_text.substr(begin, m_at - begin);
            script.pieces.push_back(std::move(piece));
        }
        return script;
    }

private:
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool atLineEnd() const { return m_at >= m_text.size() || peek() == '\n' || peek() == '#'; }

    void advance()
    {
        if (m_text[m_at++] == '\n') {
            ++m_line;
            m_lineBegin = m_at;
        }
    }

    void skipBlanks()
    {
        while (m_at < m_text.size() && isBlank(peek()))
            advance();
    }

    void skipComment()
    {
        while (m_at < m_text.size() && peek() != '\n')
            advance();
    }

    // Inside brackets a line end and a comment count as blanks.
    void skipInside()
    {
        while (m_at < m_text.size()) {
            if (isBlank(peek()) || peek() == '\n')
                advance();
            else if (peek() == '#')
                skipComment();
            else
                break;
        }
    }

    bool expected(std::string what)
    {
        const std::string found = m_at >= m_text.size() ? "the end of the file"
                                  : peek() == '\n'      ? "the end of the line"
                                                        : "\"" + std::string(1, peek()) + "\"";
        m_error = Diagnostic("vendor.script-syntax",
                             Place{.file = m_file,
                                   .keyPath = "line " + std::to_string(m_line) + ", column " +
                                              std::to_string(m_at - m_lineBegin + 1)})
                      .with("expected", std::move(what))
                      .with("found", found);
        return false;
    }

    std::string takeWord()
    {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && isWordCharacter(peek()))
            advance();
        return std::string(m_text.substr(begin, m_at - begin));
    }

    bool parseStatement(AllsStatement &statement)
    {
        std::vector<std::string> names;
        while (true) {
            skipBlanks();
            if (m_text.substr(m_at).starts_with("{}")) {
                m_at += 2;
                names.emplace_back("{}");
            } else {
                names.push_back(takeWord());
            }
            if (names.back().empty())
                return expected("the name of a command or of a layer");
            skipBlanks();
            if (peek() != ',')
                break;
            advance();
        }
        if (peek() == '=') {
            advance();
            skipBlanks();
            statement.targets = std::move(names);
            names = {takeWord()};
            skipBlanks();
        }
        if (names.size() != 1 || names.front().empty())
            return expected("a command");
        statement.command = std::move(names.front());
        // Layer names hold points too, commands never do.
        if (const auto point = statement.command.rfind('.'); point != std::string::npos) {
            statement.scope = statement.command.substr(0, point);
            statement.command.erase(0, point + 1);
        }
        if (peek() != '(')
            return expected("\"(\"");
        return parseArguments(statement.arguments);
    }

    bool parseArguments(std::vector<AllsArgument> &arguments)
    {
        advance(); // (
        skipInside();
        while (peek() != ')') {
            AllsArgument argument;
            if (!parseValue(argument.value, 0))
                return false;
            skipInside();
            if (peek() == '=' && argument.value.kind == AllsValue::Kind::word) {
                advance();
                skipInside();
                argument.key = std::move(argument.value.text);
                argument.value = {};
                if (!parseValue(argument.value, 0))
                    return false;
                skipInside();
            }
            arguments.push_back(std::move(argument));
            if (peek() == ',') {
                advance();
                skipInside();
            } else if (peek() != ')') {
                return expected("\",\" or \")\"");
            }
        }
        advance(); // )
        return true;
    }

    bool parseValue(AllsValue &value, int depth)
    {
        if (depth > deepestNesting) {
            m_error = Diagnostic("vendor.script-too-large", Place{.file = m_file})
                          .with("limit", std::to_string(deepestNesting) + " open brackets");
            return false;
        }
        const char first = peek();
        if (first == '[')
            return parseList(value, depth);
        if (first == '"' || first == '\'')
            return parseDelimited(value, first, AllsValue::Kind::text);
        if (first == '{')
            return parseDelimited(value, '}', AllsValue::Kind::glob);
        const std::size_t begin = m_at;
        if (first == '+')
            advance();
        while (m_at < m_text.size() && (isWordCharacter(peek()) || peek() == '*'))
            advance();
        // The sign of an exponent belongs to the number: 1e+5.
        if (peek() == '+' && looksLikeNumber(std::string(m_text.substr(begin, m_at - begin)) + "0")) {
            advance();
            takeWord();
        }
        value.text = std::string(m_text.substr(begin, m_at - begin));
        if (value.text.empty())
            return expected("a value");
        value.kind = looksLikeNumber(value.text) ? AllsValue::Kind::number : AllsValue::Kind::word;
        return true;
    }

    bool parseDelimited(AllsValue &value, char end, AllsValue::Kind kind)
    {
        advance();
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && peek() != end && peek() != '\n')
            advance();
        if (peek() != end)
            return expected(std::string("\"") + end + "\"");
        value.kind = kind;
        value.text = std::string(m_text.substr(begin, m_at - begin));
        advance();
        return true;
    }

    bool parseList(AllsValue &value, int depth)
    {
        value.kind = AllsValue::Kind::list;
        advance(); // [
        skipInside();
        while (peek() != ']') {
            value.items.emplace_back();
            if (!parseValue(value.items.back(), depth + 1))
                return false;
            skipInside();
            if (peek() == ',') {
                advance();
                skipInside();
            } else if (peek() != ']') {
                return expected("\",\" or \"]\"");
            }
        }
        advance(); // ]
        return true;
    }

    std::string_view m_text;
    std::string m_file;
    std::size_t m_at = 0;
    std::size_t m_lineBegin = 0;
    int m_line = 1;
    std::optional<Diagnostic> m_error;
};

void format(const AllsValue &value, std::string &out)
{
    switch (value.kind) {
    case AllsValue::Kind::number:
    case AllsValue::Kind::word: out += value.text; break;
    case AllsValue::Kind::text: {
        const char quote = value.text.find('"') == std::string::npos ? '"' : '\'';
        out += quote + value.text + quote;
        break;
    }
    case AllsValue::Kind::glob: out += "{" + value.text + "}"; break;
    case AllsValue::Kind::list:
        out += "[";
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            out += i > 0 ? ", " : "";
            format(value.items[i], out);
        }
        out += "]";
        break;
    }
}

} // namespace

AllsValue AllsValue::number(double value)
{
    std::array<char, 32> digits{};
    // The shortest form that reads back as the same double.
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {Kind::number, std::string(digits.data(), end), {}};
}

std::optional<double> AllsValue::asNumber() const
{
    if (kind != Kind::number)
        return std::nullopt;
    double value = 0;
    const char *begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

const AllsValue *AllsStatement::argument(std::string_view key) const
{
    for (const auto &candidate : arguments) {
        if (!candidate.key.empty() && candidate.key == key)
            return &candidate.value;
    }
    return nullptr;
}

const AllsValue *AllsStatement::positional(std::size_t index) const
{
    for (const auto &candidate : arguments) {
        if (candidate.key.empty() && index-- == 0)
            return &candidate.value;
    }
    return nullptr;
}

std::vector<const AllsPiece *> AllsScript::statements() const
{
    std::vector<const AllsPiece *> found;
    for (const auto &piece : pieces) {
        if (piece.statement)
            found.push_back(&piece);
    }
    return found;
}

std::string AllsScript::text() const
{
    std::string all;
    for (const auto &piece : pieces)
        all += piece.source;
    return all;
}

void AllsScript::append(AllsStatement statement)
{
    if (!pieces.empty() && !pieces.back().source.ends_with('\n'))
        pieces.back().source += '\n';
    const int line = pieces.empty() ? 1 : pieces.back().line + 1;
    std::string source = formatAlls(statement) + "\n";
    pieces.push_back({std::move(source), std::move(statement), line});
}

void AllsScript::appendComment(std::string_view text)
{
    if (!pieces.empty() && !pieces.back().source.ends_with('\n'))
        pieces.back().source += '\n';
    std::string source = "# ";
    for (const char c : text)
        source += c == '\n' || c == '\r' ? ' ' : c;
    const int line = pieces.empty() ? 1 : pieces.back().line + 1;
    pieces.push_back({source + "\n", std::nullopt, line});
}

Result<AllsScript> parseAlls(std::string_view text, const std::filesystem::path &file)
{
    if (text.size() > largestScript)
        return fail(Diagnostic("vendor.script-too-large", Place{.file = file.string()})
                        .with("limit", std::string("4 MiB")));
    return Parser(text, file).parse();
}

Result<AllsScript> readAlls(const std::filesystem::path &file)
{
    auto text = readTextFile(file, {.maxBytes = largestScript, .refuseEmpty = false});
    if (!text)
        return passOn(std::move(text));
    return parseAlls(*text, file);
}

std::string formatAlls(const AllsStatement &statement)
{
    std::string out;
    for (std::size_t i = 0; i < statement.targets.size(); ++i)
        out += (i > 0 ? ", " : "") + statement.targets[i];
    if (!statement.targets.empty())
        out += " = ";
    if (!statement.scope.empty())
        out += statement.scope + ".";
    out += statement.command + "(";
    for (std::size_t i = 0; i < statement.arguments.size(); ++i) {
        out += i > 0 ? ", " : "";
        if (!statement.arguments[i].key.empty())
            out += statement.arguments[i].key + "=";
        format(statement.arguments[i].value, out);
    }
    return out + ")";
}

} // namespace hefstudio
