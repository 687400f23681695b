// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/bundle_model.h"

#include "base/diagnostic_json.h"
#include "hef/compatibility.h"
#include "hef/hef_reader.h"

#include <cstdio>

namespace hefstudio {
namespace {

// A literal both Python and C++ read the same: ASCII, everything else as octal bytes in C++ and as
// code points in Python.
std::string pythonText(const std::string &text)
{
    return nlohmann::ordered_json(text).dump(-1, ' ', true,
                                             nlohmann::ordered_json::error_handler_t::replace);
}

std::string cppText(const std::string &text)
{
    std::string literal = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        char code[8];
        if (c == '"' || c == '\\')
            literal += std::string("\\") + c;
        else if (byte >= 0x20 && byte < 0x7f && c != '?') // a ? could begin a trigraph
            literal += c;
        else if (std::snprintf(code, sizeof code, "\\%03o", unsigned(byte)) > 0)
            literal += code;
    }
    return literal + "\"";
}

// The shortest text that means this number; a number in both languages.
std::string numberText(double value)
{
    const std::string text = nlohmann::ordered_json(value).dump();
    return text == "null" ? "0.0" : text;
}

// Of a float in C++: "0.5F", "8.0F".
std::string floatText(double value)
{
    return numberText(value) + "F";
}

const std::string &outputOf(const BundleScale &scale, const std::string &type)
{
    static const std::string none;
    const auto found = scale.outputs.find(type);
    return found == scale.outputs.end() ? none : found->second;
}

std::string taskTitle(const BundleModel &model)
{
    return model.task.empty() ? "a network of unknown task" : "task: " + model.task;
}

} // namespace

std::string bundleModelPython(const BundleModel &model)
{
    std::string text = "\"\"\"Facts of the model, made from the metadata of the HEF.\"\"\"\n\n";
    const auto line = [&text](const char *name, const std::string &value) {
        text += std::string(name) + " = " + value + "\n";
    };
    const auto flag = [](bool value) { return std::string(value ? "True" : "False"); };
    line("HEF", pythonText(model.hefName));
    line("TASK", pythonText(model.task));
    line("INPUT_HEIGHT", std::to_string(model.height));
    line("INPUT_WIDTH", std::to_string(model.width));
    line("INPUT_CHANNELS", std::to_string(model.channels));
    line("COLOUR_ORDER", pythonText(model.colourOrder));
    text += "LABELS = [\n";
    for (const std::string &label : model.labels)
        text += "    " + pythonText(label) + ",\n";
    text += "]\n";
    text +=
        "# Per grid, finest first: pixels per cell, and the output that holds what.\nSCALES = [\n";
    for (const BundleScale &scale : model.scales) {
        text += "    {\"stride\": " + numberText(scale.stride);
        for (const auto &[type, name] : scale.outputs)
            text += ", " + pythonText(type) + ": " + pythonText(name);
        text += "},\n";
    }
    text += "]\n";
    line("PROTOS", pythonText(model.protos));
    line("BOX_ENCODING", model.boxesAreDistributions ? "\"dfl\"" : "\"direct\"");
    line("CELL_OFFSET", numberText(model.cellOffset));
    text += "# Left to the host: \"sigmoid\", \"softmax\", or nothing.\n";
    line("SCORE_ACTIVATION", pythonText(model.scoreActivation));
    line("KEY_POINT_FACTOR", numberText(model.keyPointFactor));
    line("KEY_POINT_OFFSET", numberText(model.keyPointOffset));
    line("CLASS_AWARE", flag(model.isClassAware));
    line("HAS_RUNTIME_NMS", flag(model.hasRuntimeNms));
    text +=
        "# Output: scale, zero point; real = scale * (stored - zero point).\nQUANTISATION = {\n";
    for (const auto &q : model.quantisation)
        text += "    " + pythonText(q.output) + ": (" + numberText(q.scale) + ", " +
                std::to_string(q.zeroPoint) + "),\n";
    return text + "}\n";
}

std::string bundleModelCpp(const BundleModel &model)
{
    std::string text = "// Facts of the model, made from the metadata of the HEF.\n#pragma once\n\n"
                       "#include <array>\n#include <string_view>\n\nnamespace model {\n\n";
    const auto constant = [&text](const char *declaration, const std::string &value) {
        text += "inline constexpr " + std::string(declaration) + " = " + value + ";\n";
    };
    const auto flag = [](bool value) { return std::string(value ? "true" : "false"); };
    text += "enum class Task { detection, segmentation, pose, classify, other };\n";
    const bool isKnown = model.task == "detection" || model.task == "segmentation" ||
                         model.task == "pose" || model.task == "classify";
    constant("const char *hef", cppText(model.hefName));
    constant("Task task", "Task::" + (isKnown ? model.task : std::string("other")));
    constant("int inputHeight", std::to_string(model.height));
    constant("int inputWidth", std::to_string(model.width));
    constant("int inputChannels", std::to_string(model.channels));
    constant("bool boxesAreDistributions", flag(model.boxesAreDistributions));
    constant("float cellOffset", floatText(model.cellOffset));
    constant("bool scoresNeedSigmoid", flag(model.scoreActivation == "sigmoid"));
    constant("bool scoresNeedSoftmax", flag(model.scoreActivation == "softmax"));
    constant("float keyPointFactor", floatText(model.keyPointFactor));
    constant("float keyPointOffset", floatText(model.keyPointOffset));
    constant("bool classAware", flag(model.isClassAware));
    constant("bool hasRuntimeNms", flag(model.hasRuntimeNms));
    constant("const char *protos", cppText(model.protos));
    text += "\n// One grid: pixels per cell, and the output that holds what; empty where there is "
            "none.\nstruct Scale {\n    float stride;\n    const char *boxes, *scores, *landmarks, "
            "*coefficients;\n};\ninline constexpr std::array<Scale, " +
            std::to_string(model.scales.size()) + "> scales{";
    if (!model.scales.empty())
        text += "{\n";
    for (const BundleScale &scale : model.scales)
        text += "    {" + floatText(scale.stride) + ", " + cppText(outputOf(scale, "boxes")) +
                ", " + cppText(outputOf(scale, "scores")) + ", " +
                cppText(outputOf(scale, "landmarks")) + ", " +
                cppText(outputOf(scale, "mask_coefs")) + "},\n";
    text += model.scales.empty() ? "};\n" : "}};\n";
    text += "\ninline constexpr std::array<std::string_view, " +
            std::to_string(model.labels.size()) + "> labels{";
    for (const std::string &label : model.labels)
        text += "\n    " + cppText(label) + ",";
    return text + "};\n\n} // namespace model\n";
}

std::string bundleReadme(const BundleModel &model, const Hef &hef)
{
    const HefCompatibility compatibility = compatibilityOf(hef);
    const std::string size = std::to_string(model.width) + "×" + std::to_string(model.height);
    std::string text = "# " + model.hefName + " on a device\n\n" + taskTitle(model) +
                       "; chip: " + std::string(hef.arch().productName()) + "; opens in HailoRT " +
                       compatibility.releasesText() + ".\n\n";
    if (model.isGuessed)
        text += "**The HEF carries no metadata: what its outputs hold was told by their shapes. "
                "Check the results, or attach metadata (`hefc metadata attach`) and make this "
                "folder again.**\n\n";
    if (model.scales.empty() && !model.hasRuntimeNms && model.task != "classify")
        text += "How the outputs are decoded is not known; the programs print their shapes.\n\n";
    text += "## Copy and run\n\n```sh\nscp -r . pi@raspberrypi.local:model\n"
            "ssh pi@raspberrypi.local\ncd model\n"
            "hailortcli parse-hef " +
            model.hefName + "\nhailortcli run " + model.hefName +
            "\npython3 infer.py pictures/                # InferModel API\n"
            "python3 infer.py pictures/ --api streams  # older HailoRT\n```\n\n"
            "Python needs HailoRT's package (`hailo_platform`, on Raspberry Pi OS in the package "
            "`hailo-all`), NumPy, and Pillow for pictures other than .npy.\n\n"
            "```sh\ncmake -S . -B build && cmake --build build\nbuild/infer picture.raw\n```\n\n"
            "## Input\n\nOne picture of " +
            size + " with " + std::to_string(model.channels) + " channels (" + model.colourOrder +
            "), uint8, row by row, channels last. Normalisation is part of the network: give raw "
            "pixels. `pictures.py` letterboxes with grey 114.\n\n"
            "## Files\n\n| file | for |\n|---|---|\n"
            "| `edgefirst.json`, `labels.txt` | the metadata |\n"
            "| `model.py`, `model.hpp` | its facts, as the programs read them |\n"
            "| `decode.py`, `decode.hpp` | from outputs to results |\n"
            "| `device.py`, `pictures.py`, `infer.py` | running in Python |\n"
            "| `main.cpp`, `CMakeLists.txt` | running in C++ |\n"
            "| `record.py` | writes the device's outputs for `hefc compare --recorded` |\n\n"
            "## Compare the device with the model\n\n```sh\npython3 record.py pictures/ recorded\n"
            "# back on the desktop:\nhefc compare MODEL.onnx " +
            model.hefName + " --images pictures --recorded recorded\n```\n";
    return text;
}

} // namespace hefstudio
