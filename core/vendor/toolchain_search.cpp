// SPDX-License-Identifier: GPL-3.0-or-later
#include "vendor/toolchain_search.h"

#include "base/diagnostic_json.h"
#include "vendor/job_files.h"
#include "vendor/process.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <unistd.h>

namespace hefstudio {
namespace {

namespace fs = std::filesystem;
constexpr auto quickLimit = std::chrono::seconds(20);
constexpr auto imageLimit = std::chrono::seconds(120); // the first start of a large image is slow
constexpr std::size_t mostOutput = 1 << 20;
constexpr std::string_view probeMark = "hefstudio-probe ";

struct Answer {
    int exitCode = 0;
    std::string text;
};

// The compiler's Python must not see packages of another one.
const std::vector<std::pair<std::string, std::optional<std::string>>> cleanPython = {
    {"PYTHONPATH", {}}, {"PYTHONHOME", {}}, {"PYTHONSTARTUP", {}}};

Result<Answer> ask(std::vector<std::string> command, std::chrono::milliseconds limit,
                   std::stop_token stop)
{
    Answer answer;
    const auto outcome = runProcess({.command = std::move(command),
                                     .folder = {},
                                     .variables = cleanPython,
                                     .limit = limit,
                                     .onOutput =
                                         [&](std::string_view bytes) {
                                             const auto room = mostOutput - answer.text.size();
                                             answer.text += bytes.substr(0, room);
                                         }},
                                    stop);
    if (!outcome)
        return std::unexpected(outcome.error());
    answer.exitCode = outcome->timedOut ? 124 : outcome->exitCode;
    return answer;
}

std::string_view probeCode()
{
    return std::ranges::find(toolchainFiles(), "probe.py", &JobFile::name)->content;
}

// The last line that says something, for messages.
std::string lastLine(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
    const auto from = text.rfind('\n');
    return std::string(from == text.npos ? text : text.substr(from + 1)).substr(0, 400);
}

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (end > 0)
            lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

Result<Toolchain> readProbe(const Answer &answer, Toolchain toolchain)
{
    const std::string place = toolchain.isContainer() ? toolchain.image : toolchain.python;
    const auto at = answer.text.rfind(probeMark);
    const auto broken = [&] {
        return fail(Diagnostic("vendor.python-broken")
                        .with("place", place)
                        .with("reason", lastLine(answer.text)));
    };
    if (answer.exitCode != 0 || at == answer.text.npos)
        return broken();
    std::string_view line = std::string_view(answer.text).substr(at + probeMark.size());
    const auto json = parseJson(line.substr(0, line.find('\n')), place);
    if (!json || !json->is_object())
        return broken();
    const auto word = [&](const char *key) {
        const auto found = json->find(key);
        return found != json->end() && found->is_string() ? found->get<std::string>()
                                                          : std::string();
    };
    const auto client = json->find("client");
    if (client == json->end() || !client->is_boolean() || !client->get<bool>())
        return fail(Diagnostic("vendor.no-client").with("place", place));
    toolchain.compilerVersion = word("compiler");
    toolchain.zooVersion = word("zoo");
    toolchain.pythonVersion = word("python");
    toolchain.numpyVersion = word("numpy");
    return toolchain;
}

// Letters, digits, '-', '_' and '.' of a place, as a toolchain's name.
std::string nameFrom(std::string_view place)
{
    std::string name;
    for (const char c : place)
        name += isToolchainName(std::string("a") + c) ? c : '-';
    while (!name.empty() && !isToolchainName(name.substr(0, 1)))
        name.erase(0, 1);
    return name.empty() ? "toolchain" : name.substr(0, 48);
}

void makeUnique(std::vector<Toolchain> &toolchains)
{
    std::set<std::string> taken;
    for (auto &toolchain : toolchains) {
        const std::string base = toolchain.name;
        for (int i = 2; !taken.insert(toolchain.name).second; ++i)
            toolchain.name = base + "-" + std::to_string(i);
    }
}

} // namespace

ContainerEngine probeEngine(ToolchainKind kind, std::stop_token stop)
{
    ContainerEngine engine{.kind = kind};
    const std::string program(toolchainKindName(kind));
    const bool isDocker = kind == ToolchainKind::docker;
    const auto answer =
        ask({program, "info", "--format", isDocker ? "{{json .}}" : "json"}, quickLimit, stop);
    if (!answer)
        return engine;
    engine.isInstalled = true;
    const auto start = answer->text.find('{');
    const auto end = answer->text.rfind('}');
    const bool hasJson = start != answer->text.npos && end != answer->text.npos && end > start;
    const auto json = hasJson ? parseJson(answer->text.substr(start, end - start + 1), program)
                              : Result<nlohmann::ordered_json>(fail(Diagnostic("json.malformed")));
    if (json && json->is_object()) {
        if (isDocker) {
            if (const auto found = json->find("ServerVersion");
                found != json->end() && found->is_string())
                engine.version = found->get<std::string>();
            if (const auto found = json->find("SecurityOptions");
                found != json->end() && found->is_array())
                for (const auto &option : *found)
                    engine.isRootless |= option.is_string() &&
                                         option.get<std::string>().find("rootless") !=
                                             std::string::npos;
        } else {
            const auto text = [&](const char *path) {
                const nlohmann::ordered_json::json_pointer pointer(path);
                return json->contains(pointer) ? json->at(pointer) : nlohmann::ordered_json();
            };
            const auto version = text("/version/Version");
            engine.version = version.is_string() ? version.get<std::string>() : "unknown";
            engine.isRootless = text("/host/security/rootless") == true;
        }
    }
    engine.isRunning = answer->exitCode == 0 && !engine.version.empty();
    if (!engine.isRunning) {
        engine.trouble = lastLine(answer->text);
        engine.isForbidden = answer->text.find("ermission denied") != std::string::npos;
    }
    return engine;
}

std::vector<std::string> suiteImages(const ContainerEngine &engine, std::stop_token stop)
{
    if (!engine.isRunning)
        return {};
    const auto answer = ask({std::string(toolchainKindName(engine.kind)), "images", "--format",
                             "{{.Repository}}:{{.Tag}}"},
                            quickLimit, stop);
    if (!answer || answer->exitCode != 0)
        return {};
    std::vector<std::string> images;
    for (const auto &line : linesOf(answer->text)) {
        const bool isSuite =
            std::ranges::any_of(toolchainFacts().imageNameParts, [&](const std::string &part) {
                return line.find(part) != std::string::npos;
            });
        if (isSuite && !line.starts_with('-') && line.find("<none>") == std::string::npos)
            images.push_back(line);
    }
    std::ranges::sort(images);
    return images;
}

Result<Toolchain> probePython(const std::string &python, std::stop_token stop)
{
    auto answer = ask({python, "-c", std::string(probeCode()), toolchainFacts().packages},
                      quickLimit, stop);
    if (!answer)
        return passOn(std::move(answer));
    Toolchain toolchain;
    toolchain.name = "python";
    toolchain.python = python;
    return readProbe(*answer, std::move(toolchain));
}

Result<Toolchain> probeImage(const ContainerEngine &engine, const std::string &image,
                             const std::string &python, std::stop_token stop)
{
    const std::string program(toolchainKindName(engine.kind));
    if (!engine.isRunning)
        return fail(Diagnostic("vendor.engine-unusable")
                        .with("engine", program)
                        .with("reason", engine.isInstalled ? engine.trouble : "not installed"));
    auto digest =
        ask({program, "image", "inspect", "--format", "{{.Id}}", image}, quickLimit, stop);
    if (!digest)
        return passOn(std::move(digest));
    if (image.empty() || image.starts_with('-') || digest->exitCode != 0)
        return fail(Diagnostic("vendor.no-image").with("image", image).with("engine", program));
    const auto pythons =
        python.empty() ? toolchainFacts().imagePythons : std::vector<std::string>{python};
    Diagnostics last;
    for (const auto &candidate : pythons) {
        auto answer = ask({program, "run", "--rm", "--pull", "never", image, candidate, "-c",
                           std::string(probeCode()), toolchainFacts().packages},
                          imageLimit, stop);
        if (!answer)
            return passOn(std::move(answer));
        Toolchain toolchain;
        toolchain.name = program;
        toolchain.kind = engine.kind;
        toolchain.python = candidate;
        toolchain.image = image;
        toolchain.imageDigest = lastLine(digest->text);
        auto read = readProbe(*answer, std::move(toolchain));
        if (read)
            return read;
        // An interpreter without the compiler says more than one that is not there.
        if (last.empty() || read.error().front().id == "vendor.no-client")
            last = std::move(read.error());
    }
    return fail(std::move(last));
}

std::vector<std::string> findEnvironments(const std::vector<fs::path> &folders)
{
    std::set<std::string> found;
    const auto look = [&](const fs::path &environment) {
        std::error_code error;
        const fs::path python = environment / "bin" / "python";
        if (fs::exists(python, error) && access(python.c_str(), X_OK) == 0)
            found.insert(python.string());
    };
    for (const auto &folder : folders) {
        look(folder);
        for (const auto &name : toolchainFacts().environmentFolders)
            look(folder / name);
        std::error_code error;
        // Projects keep their environment inside: ~/project/venv_hailo.
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
             entry.increment(error)) {
            std::error_code ignored;
            if (!entry->is_directory(ignored) || entry->is_symlink(ignored))
                continue;
            for (const auto &name : toolchainFacts().environmentFolders)
                look(entry->path() / name);
        }
    }
    return {found.begin(), found.end()};
}

std::vector<fs::path> usualFolders()
{
    std::vector<fs::path> folders;
    std::error_code error;
    for (const char *variable : {"VIRTUAL_ENV", "HOME"})
        if (const char *value = std::getenv(variable); value && *value)
            folders.emplace_back(value);
    if (const auto here = fs::current_path(error); !error)
        folders.push_back(here);
    return folders;
}

std::vector<Toolchain> searchToolchains(const std::vector<fs::path> &folders, std::stop_token stop)
{
    std::vector<Toolchain> found;
    for (const auto &python : findEnvironments(folders)) {
        auto toolchain = probePython(python, stop);
        if (!toolchain)
            continue;
        toolchain->name =
            nameFrom(fs::path(python).parent_path().parent_path().filename().string());
        found.push_back(std::move(*toolchain));
    }
    for (const auto kind : {ToolchainKind::docker, ToolchainKind::podman}) {
        const auto engine = probeEngine(kind, stop);
        for (const auto &image : suiteImages(engine, stop)) {
            auto toolchain = probeImage(engine, image, {}, stop);
            if (!toolchain)
                continue;
            toolchain->name = nameFrom(std::string(toolchainKindName(kind)) + "-" + image);
            found.push_back(std::move(*toolchain));
        }
    }
    makeUnique(found);
    return found;
}

} // namespace hefstudio
