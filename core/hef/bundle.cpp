// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/bundle.h"

#include "hef/bundle_files.h"
#include "hef/bundle_model.h"
#include "hef/hef_reader.h"

#include <algorithm>
#include <filesystem>

namespace hefstudio {
namespace {

ArchiveMember textFile(std::string name, std::string_view text)
{
    const auto bytes = asBytes(text);
    return {std::move(name), Bytes(bytes.begin(), bytes.end())};
}

} // namespace

Result<std::vector<ArchiveMember>> bundleFiles(const Hef &hef)
{
    if (hef.hasProgram())
        return fail(Diagnostic("bundle.emulation-hef", Place{.file = hef.name()}));
    auto files = decodeFiles(hef);
    if (!files)
        return files;
    const auto bytes = hef.container().bytes;
    files->insert(files->begin(), {std::filesystem::path(hef.name()).filename().string(),
                                   Bytes(bytes.begin(), bytes.end())});
    return files;
}

Result<std::vector<ArchiveMember>> decodeFiles(const Hef &hef)
{
    if (hef.groups().empty() || hef.groups().front().inputs.empty() ||
        hef.groups().front().outputs.empty())
        return fail(Diagnostic("bundle.no-network", Place{.file = hef.name()}));
    const HefMetadata stated = readHefMetadata(hef);
    // A document that cannot be read is a fault to correct, not one to guess around.
    Diagnostics faults = stated.problems;
    std::erase_if(faults, [](const Diagnostic &d) { return d.severity != Severity::error; });
    if (!faults.empty())
        return fail(std::move(faults));
    ModelMetadata metadata = stated.model ? *stated.model : describeHef(hef);
    if (!stated.labels.empty())
        metadata.labels = stated.labels;
    BundleModel model = bundleModel(metadata, hef);
    model.hefName = std::filesystem::path(hef.name()).filename().string();

    std::vector<ArchiveMember> files;
    files.push_back(textFile("edgefirst.json", metadataJson(metadata)));
    files.push_back(textFile("labels.txt", labelsText(metadata.labels)));
    files.push_back(textFile("README.md", bundleReadme(model, hef)));
    files.push_back(textFile("model.py", bundleModelPython(model)));
    files.push_back(textFile("model.hpp", bundleModelCpp(model)));
    for (const BundleTemplate &file : bundleTemplates())
        files.push_back(textFile(std::string(file.name), file.text));
    return files;
}

} // namespace hefstudio
