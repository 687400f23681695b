// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/alls_completion.h"

#include "vendor/alls_commands.h"

namespace hefstudio {
namespace {

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The open statement before the cursor: its command, and how deep and in which argument we are.
struct CursorPlace {
    std::string_view command; // empty: not inside of brackets
    int depth = 0;
    int argument = 0;
    bool isInText = false; // in quotes or a comment
    bool isValue = false;  // behind "key="
};

CursorPlace placeAt(std::string_view text)
{
    CursorPlace place;
    char quote = 0;
    bool isComment = false;
    std::size_t wordStart = 0, wordEnd = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isComment) {
            isComment = c != '\n';
            continue;
        }
        if (quote) {
            quote = c == quote || c == '\n' ? 0 : quote;
            continue;
        }
        if (isWordCharacter(c)) {
            if (wordEnd != i)
                wordStart = i;
            wordEnd = i + 1;
        }
        switch (c) {
        case '#': isComment = true; break;
        case '"':
        case '\'': quote = c; break;
        case '(':
        case '[':
        case '{':
            if (c == '(' && place.depth == 0) {
                place.command = text.substr(wordStart, wordEnd - wordStart);
                place.argument = 0;
                place.isValue = false;
            }
            ++place.depth;
            break;
        case ')':
        case ']':
        case '}':
            place.depth = place.depth > 0 ? place.depth - 1 : 0;
            if (place.depth == 0)
                place.command = {};
            break;
        case ',':
            if (place.depth == 1) {
                ++place.argument;
                place.isValue = false;
            }
            break;
        case '=':
            if (place.depth == 1)
                place.isValue = true;
            break;
        default: break;
        }
    }
    place.isInText = isComment || quote != 0;
    return place;
}

void addWords(std::string_view list, std::string_view prefix, const char *suffix,
              AllsCompletions &completions)
{
    while (!list.empty()) {
        const auto end = list.find(' ');
        const auto word = list.substr(0, end);
        if (word.starts_with(prefix))
            completions.words.push_back({std::string(word) + suffix, {}});
        list = end == list.npos ? std::string_view() : list.substr(end + 1);
    }
}

} // namespace

AllsCompletions completeAlls(std::string_view text)
{
    AllsCompletions completions;
    const CursorPlace place = placeAt(text);
    if (place.isInText || place.isValue || place.depth > 1)
        return completions;
    std::size_t from = text.size();
    while (from > 0 && isWordCharacter(text[from - 1]))
        --from;
    const auto prefix = text.substr(from);
    completions.prefix = prefix.size();
    if (place.depth == 0) {
        for (const AllsCommand &command : allsCommands())
            if (command.name.starts_with(prefix))
                completions.words.push_back(
                    {std::string(command.name), std::string(command.summary)});
        return completions;
    }
    const AllsCommand *command = findAllsCommand(place.command);
    if (!command)
        return completions;
    if (place.argument == 0)
        addWords(command->subcommands, prefix, "", completions);
    if (place.argument > 0 || command->subcommands.empty())
        addWords(command->keys, prefix, "=", completions);
    return completions;
}

} // namespace hefstudio
