// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/python_literal.h"

#include <charconv>
#include <string>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

void appendUtf8(std::string &text, unsigned code)
{
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xC0 | (code >> 6));
        text += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        text += static_cast<char>(0xE0 | (code >> 12));
        text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        text += static_cast<char>(0xF0 | ((code >> 18) & 0x07));
        text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
        text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        text += static_cast<char>(0x80 | (code & 0x3F));
    }
}

class LiteralParser {
public:
    explicit LiteralParser(std::string_view text) : m_rest(text) {}

    std::optional<Json> whole()
    {
        std::optional<Json> value = literal(0);
        skipBlanks();
        return value && m_rest.empty() ? value : std::nullopt;
    }

private:
    static constexpr int deepest = 16;

    void skipBlanks()
    {
        while (!m_rest.empty() && (m_rest[0] == ' ' || m_rest[0] == '\n' || m_rest[0] == '\t'))
            m_rest.remove_prefix(1);
    }
    bool take(char c)
    {
        skipBlanks();
        if (m_rest.empty() || m_rest[0] != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool takeWord(std::string_view word)
    {
        if (!m_rest.starts_with(word))
            return false;
        m_rest.remove_prefix(word.size());
        return true;
    }

    std::optional<Json> literal(int depth)
    {
        skipBlanks();
        if (m_rest.empty() || depth > deepest)
            return std::nullopt;
        if (take('{'))
            return dictionary(depth);
        if (take('['))
            return list(']', depth);
        if (take('('))
            return list(')', depth);
        if (m_rest[0] == '\'' || m_rest[0] == '"')
            return string();
        if (takeWord("True"))
            return Json(true);
        if (takeWord("False"))
            return Json(false);
        if (takeWord("None"))
            return Json(nullptr);
        return number();
    }

    std::optional<Json> list(char end, int depth)
    {
        Json values = Json::array();
        while (!take(end)) {
            std::optional<Json> value = literal(depth + 1);
            if (!value)
                return std::nullopt;
            values.push_back(std::move(*value));
            if (!take(',')) {
                if (!take(end))
                    return std::nullopt;
                break;
            }
        }
        return values;
    }

    std::optional<Json> dictionary(int depth)
    {
        Json values = Json::object();
        while (!take('}')) {
            const std::optional<Json> key = literal(depth + 1);
            if (!key || key->is_structured() || !take(':'))
                return std::nullopt;
            std::optional<Json> value = literal(depth + 1);
            if (!value)
                return std::nullopt;
            values[key->is_string() ? key->get<std::string>() : key->dump()] = std::move(*value);
            if (!take(',')) {
                if (!take('}'))
                    return std::nullopt;
                break;
            }
        }
        return values;
    }

    std::optional<unsigned> hexDigits(std::size_t count)
    {
        if (m_rest.size() < count)
            return std::nullopt;
        unsigned code = 0;
        const auto [stop, fault] = std::from_chars(m_rest.data(), m_rest.data() + count, code, 16);
        if (fault != std::errc() || stop != m_rest.data() + count || code > 0x10FFFF)
            return std::nullopt;
        m_rest.remove_prefix(count);
        return code;
    }

    bool escape(std::string &text)
    {
        if (m_rest.empty())
            return false;
        const char kind = m_rest[0];
        m_rest.remove_prefix(1);
        if (kind == 'n' || kind == 't') {
            text += kind == 'n' ? '\n' : '\t';
        } else if (kind == 'x' || kind == 'u' || kind == 'U') {
            const auto code = hexDigits(kind == 'x' ? 2 : kind == 'u' ? 4 : 8);
            if (!code)
                return false;
            appendUtf8(text, *code);
        } else {
            text += kind;
        }
        return true;
    }

    std::optional<Json> string()
    {
        const char quote = m_rest[0];
        m_rest.remove_prefix(1);
        std::string text;
        while (!m_rest.empty()) {
            const char c = m_rest[0];
            m_rest.remove_prefix(1);
            if (c == quote)
                return Json(std::move(text));
            if (c != '\\')
                text += c;
            else if (!escape(text))
                return std::nullopt;
        }
        return std::nullopt;
    }

    std::optional<Json> number()
    {
        const char *begin = m_rest.data();
        const char *end = begin + m_rest.size();
        std::int64_t integer = 0;
        const auto asInteger = std::from_chars(begin, end, integer);
        double real = 0;
        const auto asReal = std::from_chars(begin, end, real);
        if (asReal.ec != std::errc())
            return std::nullopt;
        m_rest.remove_prefix(static_cast<std::size_t>(asReal.ptr - begin));
        if (asInteger.ec == std::errc() && asInteger.ptr == asReal.ptr)
            return Json(integer);
        return Json(real);
    }

    std::string_view m_rest;
};

} // namespace

std::optional<nlohmann::ordered_json> parsePythonLiteral(std::string_view text)
{
    return LiteralParser(text).whole();
}

} // namespace hefstudio
