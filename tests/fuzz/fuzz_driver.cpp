// A small stand-in for libFuzzer where the compiler has none: replays every file of a corpus, then
// changes and joins them for a number of seconds, blindly but reproducibly. The input that ends the
// process is left in the working folder as crash-<target>.
//
// Usage: fuzz_x CORPUS [-max_total_time=SECONDS]
//
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_target.h"

#include "base/file.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace {

using hefstudio::Bytes;

constexpr std::size_t longest = 1 << 16;
constexpr unsigned slowestSeconds = 20; // an input that takes longer is a finding

std::vector<Bytes> corpusOf(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    std::ranges::sort(files); // the same run everywhere
    std::vector<Bytes> corpus;
    for (const auto &file : files)
        if (auto bytes = hefstudio::readFile(file, {.refuseEmpty = false}))
            corpus.push_back(std::move(*bytes));
    return corpus;
}

class Mutator {
public:
    explicit Mutator(const std::vector<Bytes> &corpus) : m_corpus(corpus) {}

    Bytes next()
    {
        Bytes bytes = any();
        for (auto rounds = 1 + below(4); rounds > 0; --rounds)
            mutate(bytes);
        bytes.resize(std::min(bytes.size(), longest));
        return bytes;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_random() % limit; }
    const Bytes &any() { return m_corpus[below(m_corpus.size())]; }

    void mutate(Bytes &bytes)
    {
        const std::size_t at = below(bytes.size() + 1);
        const auto position = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        const std::size_t rest = bytes.size() - at;
        switch (below(7)) {
        case 0: // one byte
            if (rest > 0)
                *position = std::byte(m_random());
            break;
        case 1: // one bit
            if (rest > 0)
                *position ^= std::byte(1U << below(8));
            break;
        case 2: // a number that likes to overflow
            writeNumber(bytes, at);
            break;
        case 3: // cut
            bytes.erase(position, position + static_cast<std::ptrdiff_t>(below(rest + 1)));
            break;
        case 4: // repeat a piece
        case 5: // a piece of another input
            insertPiece(bytes, at, below(2) == 0 ? Bytes(bytes) : any());
            break;
        default: // a run of one value
            bytes.insert(position, 1 + below(64), std::byte(m_random()));
            break;
        }
    }
    void writeNumber(Bytes &bytes, std::size_t at)
    {
        static constexpr std::uint64_t numbers[] = {0,          1,          0x7f,       0xff,
                                                    0x7fff,     0xffff,     0x7fffffff, 0xffffffff,
                                                    1ULL << 62, ~0ULL >> 1, ~0ULL};
        const std::uint64_t number = numbers[below(std::size(numbers))];
        const std::size_t width = std::size_t(1) << below(4);
        const bool isBigEndian = below(2) == 0;
        for (std::size_t i = 0; i < width && at + i < bytes.size(); ++i)
            bytes[at + i] = std::byte(number >> 8 * (isBigEndian ? width - 1 - i : i));
    }
    void insertPiece(Bytes &bytes, std::size_t at, const Bytes &from)
    {
        const std::size_t begin = below(from.size());
        const std::size_t size = below(std::min<std::size_t>(from.size() - begin, 256) + 1);
        const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), first,
                     first + static_cast<std::ptrdiff_t>(size));
    }

    const std::vector<Bytes> &m_corpus;
    std::mt19937_64 m_random{20261121};
};

// Keeps the input at hand: if it ends the process, its bytes are found in a file.
class Witness {
public:
    explicit Witness(std::filesystem::path file)
    {
        s_file = file.string();
        std::signal(SIGABRT, &Witness::save);
        std::signal(SIGALRM, &Witness::save);
#ifdef __SANITIZE_ADDRESS__
        __sanitizer_set_death_callback(&Witness::write);
#endif
    }
    void tryOne(const Bytes &bytes)
    {
        s_input = &bytes;
        alarm(slowestSeconds);
        fuzzOne(bytes);
        alarm(0);
    }

private:
    static void write()
    {
        if (!s_input)
            return;
        if (FILE *file = std::fopen(s_file.c_str(), "wb")) {
            std::fwrite(s_input->data(), 1, s_input->size(), file);
            std::fclose(file);
            std::fprintf(stderr, "the input is in %s\n", s_file.c_str());
        }
    }
    static void save(int signal)
    {
        if (signal == SIGALRM)
            std::fprintf(stderr, "one input takes more than %u seconds\n", slowestSeconds);
        write();
        std::_Exit(1);
    }
    inline static std::string s_file;
    inline static const Bytes *s_input = nullptr;
};

} // namespace

int main(int argc, char **argv)
{
    constexpr std::string_view timeOption = "-max_total_time=";
    std::filesystem::path folder;
    double seconds = 0;
    for (const std::string_view argument :
         std::span(argv, static_cast<std::size_t>(argc)).subspan(1))
        if (argument.starts_with(timeOption))
            seconds = std::stod(std::string(argument.substr(timeOption.size())));
        else
            folder = argument;
    const auto corpus = corpusOf(folder);
    if (corpus.empty()) {
        std::cerr << "no corpus in '" << folder.string() << "'\n";
        return 2;
    }
    Witness witness("crash-" + std::filesystem::path(argv[0]).filename().string());
    for (const Bytes &bytes : corpus)
        witness.tryOne(bytes);
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::duration<double>(seconds);
    Mutator mutator(corpus);
    std::size_t tried = 0;
    for (; Clock::now() < end; ++tried)
        witness.tryOne(mutator.next());
    std::cout << corpus.size() << " inputs replayed, " << tried << " mutated inputs tried\n";
    return 0;
}
