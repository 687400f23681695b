// A test double of the vendor's compiler, in a Python environment and in a container engine, for
// the length of a test. It is no compiler: what it prints, returns and how it fails is the
// scenario's choice (vendor_stand_in/*.py). The engine's "container" is a process of this machine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "temporary_folder.h"
#include "vendor/toolchain.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace hefstudio::test {

class VendorStandIn {
public:
    static constexpr const char *image = "hailo8_ai_sw_suite_2025-10:1";

    VendorStandIn()
    {
        namespace fs = std::filesystem;
        const fs::path source = fs::path(HEFSTUDIO_SOURCE_DIR) / "tests/support/vendor_stand_in";
        for (const char *folder : {"packages", "env/bin", "bin"})
            fs::create_directories(m_folder / folder);
        for (const char *module : {"hailo_sdk_client.py", "numpy.py"})
            fs::copy_file(source / module, packages() / module);
        for (const auto &[name, version] :
             {std::pair("hailo_dataflow_compiler", "3.33.0"), std::pair("numpy", "1.26.4")}) {
            const auto info =
                packages() / (std::string(name) + "-" + version + ".dist-info");
            fs::create_directories(info);
            std::ofstream(info / "METADATA")
                << "Metadata-Version: 2.1\nName: " << name << "\nVersion: " << version << "\n";
        }
        script(m_folder / "env/bin/python", "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='" +
                                                packages().string() + "' exec python3 \"$@\"\n");
        for (const char *engine : {"docker", "podman"}) {
            fs::create_directories(m_folder / engine);
            fs::copy_file(source / "engine.py", m_folder / engine / "engine.py");
            script(m_folder / "bin" / engine,
                   "PYTHONDONTWRITEBYTECODE=1 exec python3 '" +
                       (m_folder / engine / "engine.py").string() + "' \"$@\"\n");
            engineIs(engine, {});
        }
        const char *path = std::getenv("PATH");
        m_path = path ? path : "";
        setenv("PATH", ((m_folder / "bin").string() + ":" + m_path).c_str(), 1);
        scenario({});
    }
    ~VendorStandIn() { setenv("PATH", m_path.c_str(), 1); }

    // What the compiler does; keys of hailo_sdk_client.py.
    void scenario(nlohmann::json wanted)
    {
        if (!wanted.contains("hef"))
            wanted["hef"] = hefFile().string();
        std::ofstream(packages() / "scenario.json") << wanted;
    }
    void engineIs(const std::string &engine, nlohmann::json settings)
    {
        settings.emplace("images", std::vector<std::string>{image});
        settings.emplace("pythons", std::vector<std::string>{"python3"});
        settings.emplace("python", (m_folder / "env/bin/python").string());
        std::ofstream(m_folder / engine / "engine.json") << settings;
    }
    void compilesTo(const Bytes &hef) { EXPECT_TRUE(writeFileAtomically(hefFile(), hef)); }

    Toolchain environment() const
    {
        Toolchain toolchain;
        toolchain.name = "stand-in";
        toolchain.python = (m_folder / "env/bin/python").string();
        toolchain.compilerVersion = "3.33.0";
        return toolchain;
    }
    Toolchain container(ToolchainKind kind = ToolchainKind::docker) const
    {
        Toolchain toolchain;
        toolchain.name = "stand-in-suite";
        toolchain.kind = kind;
        toolchain.python = "python3";
        toolchain.image = image;
        toolchain.imageDigest = "sha256:0123456789abcdef";
        toolchain.compilerVersion = "3.33.0";
        return toolchain;
    }

    // Calls of the client, one JSON array each.
    std::vector<nlohmann::json> calls() const { return lines(packages() / "calls.jsonl"); }
    std::vector<nlohmann::json> engineCalls(const std::string &engine = "docker") const
    {
        return lines(m_folder / engine / "engine-calls.jsonl");
    }
    std::vector<std::string> callNames() const
    {
        std::vector<std::string> names;
        for (const auto &call : calls())
            names.push_back(call.at(0));
        return names;
    }
    void forgetCalls() const { std::filesystem::remove(packages() / "calls.jsonl"); }
    bool hasContainers(const std::string &engine = "docker") const
    {
        std::error_code error;
        const auto folder = m_folder / engine / "containers";
        return std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error);
    }
    std::filesystem::path packages() const { return m_folder / "packages"; }
    std::filesystem::path operator/(const std::string &name) const { return m_folder / name; }
    const std::filesystem::path &folder() const { return m_folder.path(); }
    std::filesystem::path hefFile() const { return m_folder / "result.hef"; }

    static bool hasPython() { return std::system("python3 -c pass >/dev/null 2>&1") == 0; }

private:
    static void script(const std::filesystem::path &file, const std::string &text)
    {
        std::ofstream(file) << "#!/bin/sh\n" << text;
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    }
    static std::vector<nlohmann::json> lines(const std::filesystem::path &file)
    {
        std::vector<nlohmann::json> all;
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);)
            all.push_back(nlohmann::json::parse(line));
        return all;
    }

    TemporaryFolder m_folder;
    std::string m_path;
};

} // namespace hefstudio::test
