// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/plain_yaml.h"

#include <charconv>
#include <optional>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t mostBytes = 1 << 20;
constexpr int mostLevels = 32;

struct Line {
    int number = 0;
    std::size_t indent = 0;
    std::string_view text; // without indent, comment and blanks at the end
};

struct Fault {
    int line = 0;
    std::string reason;
};

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

// Up to a '#' that is outside of quotes and behind a blank.
std::string_view withoutComment(std::string_view text)
{
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if ((c == '"' || c == '\'') && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '[' ||
                                               text[i - 1] == ',')) {
            quote = c;
        } else if (c == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) {
            return text.substr(0, i);
        }
    }
    return text;
}

class Reader {
public:
    explicit Reader(std::string_view text)
    {
        int number = 0;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            const auto whole = withoutComment(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
            ++number;
            const auto content = trimmed(whole);
            if (!content.empty() && !(m_lines.empty() && content == "---"))
                m_lines.push_back({number, whole.find_first_not_of(' '), content});
        }
    }

    Json read()
    {
        if (m_lines.empty())
            return Json::object();
        Json value = block(m_lines.front().indent, 0);
        if (m_at < m_lines.size())
            fault("a line of this indentation");
        return value;
    }
    const std::optional<Fault> &failed() const { return m_fault; }

private:
    void fault(std::string reason)
    {
        if (!m_fault)
            m_fault = Fault{m_lines[std::min(m_at, m_lines.size() - 1)].number, std::move(reason)};
        m_at = m_lines.size(); // ends every loop
    }

    bool isHere(std::size_t indent) const
    {
        return m_at < m_lines.size() && m_lines[m_at].indent == indent;
    }

    static bool isItem(std::string_view text) { return text == "-" || text.starts_with("- "); }

    // A mapping's colon: outside of quotes and brackets, at the end or before a blank.
    static std::size_t colonOf(std::string_view text)
    {
        char quote = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (quote) {
                quote = text[i] == quote ? 0 : quote;
            } else if ((text[i] == '"' || text[i] == '\'') && i == 0) {
                quote = text[i];
            } else if (text[i] == '[' && i == 0) {
                return text.npos;
            } else if (text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ')) {
                return i;
            }
        }
        return text.npos;
    }

    Json block(std::size_t indent, int level)
    {
        if (level > mostLevels) {
            fault("nesting of a sane depth");
            return {};
        }
        return isItem(m_lines[m_at].text) ? list(indent, level) : mapping(indent, level);
    }

    Json list(std::size_t indent, int level)
    {
        Json items = Json::array();
        while (isHere(indent) && isItem(m_lines[m_at].text)) {
            Line &line = m_lines[m_at];
            const auto rest = trimmed(line.text.substr(1));
            if (rest.empty()) {
                ++m_at;
                items.push_back(below(indent + 1, level));
            } else if (isItem(rest) || colonOf(rest) != rest.npos) {
                // "- - x" and "- key: x": the rest is a block of its own, one step further in.
                line.indent += static_cast<std::size_t>(rest.data() - line.text.data());
                line.text = rest;
                items.push_back(block(line.indent, level + 1));
            } else {
                items.push_back(scalar(rest, level));
                ++m_at;
            }
        }
        return items;
    }

    Json mapping(std::size_t indent, int level)
    {
        Json object = Json::object();
        while (isHere(indent) && !isItem(m_lines[m_at].text)) {
            const auto text = m_lines[m_at].text;
            const auto colon = colonOf(text);
            if (colon == text.npos) {
                fault("a key and a colon");
                break;
            }
            const Json key = scalar(text.substr(0, colon), level);
            const auto rest = trimmed(text.substr(colon + 1));
            const std::string name =
                key.is_string() ? key.get<std::string>() : std::string(text.substr(0, colon));
            if (object.contains(name)) {
                fault("a key that is not there already");
                break;
            }
            if (!rest.empty()) {
                object[name] = scalar(rest, level);
                ++m_at;
                continue;
            }
            ++m_at;
            // A list may stand as far left as its key.
            const bool isListHere = isHere(indent) && isItem(m_lines[m_at].text);
            object[name] = isListHere ? list(indent, level + 1) : below(indent + 1, level);
        }
        return object;
    }

    // What stands further in than the line before; nothing there is null.
    Json below(std::size_t least, int level)
    {
        if (m_at >= m_lines.size() || m_lines[m_at].indent < least)
            return nullptr;
        return block(m_lines[m_at].indent, level + 1);
    }

    Json scalar(std::string_view text, int level)
    {
        text = trimmed(text);
        if (text.starts_with('[')) {
            Json items = flowList(text, level);
            if (!text.empty())
                fault("nothing behind the list");
            return items;
        }
        return plain(text);
    }

    // Takes "[a, [b]]" off the front of `text`.
    Json flowList(std::string_view &text, int level)
    {
        Json items = Json::array();
        if (level > mostLevels) {
            fault("nesting of a sane depth");
            text = {};
            return items;
        }
        text.remove_prefix(1);
        for (;;) {
            text = trimmed(text);
            if (text.empty()) {
                fault("the end of the list on the same line");
                return items;
            }
            if (text.front() == ']') {
                text = trimmed(text.substr(1));
                return items;
            }
            if (text.front() == ',') {
                text.remove_prefix(1);
            } else if (text.front() == '[') {
                items.push_back(flowList(text, level + 1));
            } else {
                const bool isQuoted = text.front() == '"' || text.front() == '\'';
                auto end = isQuoted ? text.find(text.front(), 1) : text.find_first_of(",]");
                if (end == text.npos) {
                    fault("the end of the list on the same line");
                    return items;
                }
                end += isQuoted ? 1 : 0;
                items.push_back(plain(trimmed(text.substr(0, end))));
                text.remove_prefix(end);
            }
        }
    }

    Json plain(std::string_view text)
    {
        if (text.empty() || text == "~" || text == "null")
            return nullptr;
        const char first = text.front();
        if (first == '"' || first == '\'') {
            if (text.size() < 2 || text.back() != first ||
                text.find(first, 1) != text.size() - 1 || text.find('\\') != text.npos) {
                fault("a quoted text without escapes");
                return nullptr;
            }
            return std::string(text.substr(1, text.size() - 2));
        }
        if (first == '&' || first == '*' || first == '!' || first == '|' || first == '>' ||
            first == '{' || first == '%' || first == '@' || first == '`') {
            fault("a plain value");
            return nullptr;
        }
        if (text == "true" || text == "True")
            return true;
        if (text == "false" || text == "False")
            return false;
        std::int64_t whole = 0;
        const char *last = text.data() + text.size();
        if (const auto [end, error] = std::from_chars(text.data(), last, whole);
            error == std::errc() && end == last)
            return whole;
        double number = 0;
        if (const auto [end, error] = std::from_chars(text.data(), last, number);
            error == std::errc() && end == last && text.find_first_of("nN") == text.npos)
            return number;
        return std::string(text);
    }

    std::vector<Line> m_lines;
    std::size_t m_at = 0;
    std::optional<Fault> m_fault;
};

} // namespace

Result<Json> parsePlainYaml(std::string_view text, const std::string &nameForErrors)
{
    const auto refuse = [&](int line, std::string wanted) {
        return fail(Diagnostic("vendor.yaml", Place{.file = nameForErrors,
                                                    .keyPath = "line " + std::to_string(line)})
                        .with("wanted", std::move(wanted)));
    };
    if (text.size() > mostBytes)
        return refuse(1, "a file of at most 1 MiB");
    Reader reader(text);
    Json value = reader.read();
    if (reader.failed())
        return refuse(reader.failed()->line, reader.failed()->reason);
    return value;
}

} // namespace hefstudio
