// SPDX-License-Identifier: GPL-3.0-or-later
#include "recipe/recipe_text.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

namespace hefstudio {
namespace {

// Reads JSON without keeping it: recursion as deep as deepestRecipe at most.
class Scanner {
public:
    Scanner(std::string_view text, std::string_view wantedPath)
        : m_text(text), m_wanted(wantedPath)
    {
    }

    void run()
    {
        value(0);
        space();
        if (!isDone() && m_at != m_text.size())
            fault("text follows the end");
    }
    const std::optional<RecipeTextFault> &found() const { return m_fault; }
    const std::optional<std::size_t> &located() const { return m_located; }

private:
    bool isDone() const { return m_fault.has_value() || m_located.has_value(); }
    void fault(std::string reason) { faultAt(m_at, std::move(reason)); }
    void faultAt(std::size_t offset, std::string reason)
    {
        if (!isDone())
            m_fault = RecipeTextFault{offset, m_path, std::move(reason)};
    }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool take(char wanted)
    {
        space();
        if (peek() != wanted || m_at == m_text.size())
            return false;
        ++m_at;
        return true;
    }
    void space()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' ||
                                        m_text[m_at] == '\t' || m_text[m_at] == '\r'))
            ++m_at;
    }

    void value(int depth)
    {
        space();
        if (depth > deepestRecipe)
            return fault("it is nested too deeply");
        switch (peek()) {
        case '{':
            return object(depth);
        case '[':
            return array(depth);
        case '"':
            text();
            return;
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

    // `work` with the path one part longer.
    template<class Work> void within(const std::string &part, Work work)
    {
        const std::size_t length = m_path.size();
        m_path += part;
        if (!m_wanted.empty() && m_path == m_wanted && !isDone())
            m_located = m_partAt;
        if (!isDone())
            work();
        if (!m_fault) // else it names the place
            m_path.resize(length);
    }

    void object(int depth)
    {
        std::set<std::string, std::less<>> keys;
        ++m_at;
        if (take('}'))
            return;
        do {
            space();
            m_partAt = m_at;
            if (peek() != '"')
                return fault("a key in quotes is missing");
            std::string key = text();
            if (isDone())
                return;
            const bool isNew = keys.insert(key).second;
            within(m_path.empty() ? key : "." + key, [&] {
                if (!isNew)
                    return faultAt(m_partAt, "the key stands there twice");
                if (!take(':'))
                    return fault("a colon is missing");
                value(depth + 1);
            });
            if (isDone())
                return;
        } while (take(','));
        if (!take('}'))
            fault("a comma or a closing brace is missing");
    }

    void array(int depth)
    {
        ++m_at;
        if (take(']'))
            return;
        std::size_t index = 0;
        do {
            space();
            m_partAt = m_at;
            within("[" + std::to_string(index++) + "]", [&] { value(depth + 1); });
            if (isDone())
                return;
        } while (take(','));
        if (!take(']'))
            fault("a comma or a closing bracket is missing");
    }

    // Gives the text as it stands, escapes and all: equal keys may be written differently, which
    // only the value's own parser would notice; it then takes the last, as every JSON reader does.
    std::string text()
    {
        const std::size_t begin = ++m_at;
        while (m_at < m_text.size() && m_text[m_at] != '"') {
            const auto c = static_cast<unsigned char>(m_text[m_at]);
            if (c < 0x20) {
                fault("a text holds a control character");
                return {};
            }
            if (m_text.compare(m_at, 5, "\\u000") == 0 || m_text.compare(m_at, 5, "\\u001") == 0) {
                fault("a text holds a control character");
                return {};
            }
            m_at += c == '\\' ? 2 : 1;
        }
        if (m_at >= m_text.size()) {
            faultAt(begin - 1, "a text does not end");
            return {};
        }
        if (m_at - begin > longestRecipeText) {
            faultAt(begin - 1, "a text is longer than " + std::to_string(longestRecipeText) +
                                   " bytes");
            return {};
        }
        return std::string(m_text.substr(begin, m_at++ - begin));
    }

    void word(std::string_view wanted)
    {
        if (m_text.compare(m_at, wanted.size(), wanted) != 0)
            return fault("unexpected text");
        m_at += wanted.size();
    }

    void number()
    {
        constexpr std::size_t mostDigits = 40;
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && std::string_view("+-.0123456789eE").find(m_text[m_at]) !=
                                           std::string_view::npos)
            ++m_at;
        const std::string digits(m_text.substr(begin, std::min(m_at - begin, mostDigits + 1)));
        if (digits.empty())
            return faultAt(begin, begin == m_text.size() ? "it ends too soon" : "unexpected text");
        char *end = nullptr;
        const double value = std::strtod(digits.c_str(), &end);
        if (digits.size() > mostDigits || !std::isfinite(value) || std::abs(value) > 0x1p64)
            return faultAt(begin, "a number is too large");
        if (*end != '\0')
            return faultAt(begin, "a number is not one");
    }

    std::string_view m_text;
    std::string_view m_wanted;
    std::size_t m_at = 0;
    std::size_t m_partAt = 0; // of the key or element the path ends in
    std::string m_path;
    std::optional<RecipeTextFault> m_fault;
    std::optional<std::size_t> m_located;
};

} // namespace

std::optional<RecipeTextFault> checkRecipeText(std::string_view text)
{
    Scanner scanner(text, {});
    scanner.run();
    return scanner.found();
}

std::optional<std::size_t> locateKey(std::string_view text, std::string_view keyPath)
{
    if (keyPath.empty())
        return std::nullopt;
    Scanner scanner(text, keyPath);
    scanner.run();
    return scanner.located();
}

int lineOf(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, std::min(offset, text.size()));
    return 1 + static_cast<int>(std::ranges::count(before, '\n'));
}

} // namespace hefstudio
