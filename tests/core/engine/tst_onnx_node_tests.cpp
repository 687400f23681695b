// The node tests of the ONNX project, as the distribution packages them (libonnx-testdata): every
// test of floats with static shapes whose operators are claimed must pass in the float engine. A
// table says operator by operator what passed and what is not claimed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/float_engine.h"
#include "onnx/import.h"
#include "result_matchers.h"
#include "tensor_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <map>
#include <set>

using namespace hefstudio;
namespace fs = std::filesystem;

namespace {

fs::path dataFolder()
{
    for (const char *place : {"/usr/share/libonnx-testdata/data/node",
                              "/usr/lib/python3/dist-packages/onnx/backend/test/data/node"})
        if (fs::is_directory(place))
            return place;
    return {};
}

struct Case {
    std::string name;
    OnnxModel model;
    std::vector<Tensor> inputs, outputs; // in the model's order
};

bool isFloating(ElementType type)
{
    return type == ElementType::float32 || type == ElementType::float64 ||
           type == ElementType::float16 || type == ElementType::bfloat16;
}

// What the engine holds as floats without loss of meaning.
bool isHeld(ElementType type)
{
    return type == ElementType::float32 || type == ElementType::int64 ||
           type == ElementType::int32 || type == ElementType::boolean;
}

std::optional<Case> readCase(const fs::path &folder)
{
    auto model = readOnnxModel(folder / "model.onnx");
    if (!model)
        return std::nullopt;
    Case one{folder.filename(), std::move(*model), {}, {}};
    const auto read = [&](const char *kind, std::size_t count, std::vector<Tensor> &tensors) {
        for (std::size_t i = 0; i < count; ++i) {
            auto tensor = readTensorFile(folder / "test_data_set_0" /
                                         (kind + std::to_string(i) + ".pb"));
            if (!tensor)
                return false;
            tensors.push_back(std::move(*tensor));
        }
        return true;
    };
    if (!read("input_", one.model.inputs.size(), one.inputs) ||
        !read("output_", one.model.outputs.size(), one.outputs))
        return std::nullopt;
    return one;
}

bool isFloatTest(const Case &one)
{
    bool hasFloat = false;
    for (const auto *tensors : {&one.inputs, &one.outputs}) {
        for (const Tensor &tensor : *tensors) {
            hasFloat = hasFloat || tensor.type() == ElementType::float32;
            if (!isHeld(tensor.type()) || tensor.elementCount() == 0)
                return false;
        }
    }
    return hasFloat && !one.outputs.empty();
}

// The model with the inputs from `first` on (or those that are no floats) as constants: shapes,
// axes and weights are that in real networks.
enum class Fixed { none, integers, allButFirst };

struct Outcome {
    enum class Kind { passed, wrong, unsupportedOperator, refused };
    Kind kind = Kind::refused;
    std::string text;
};

Outcome run(const Case &one, Fixed fixed)
{
    OnnxModel model = one.model;
    model.inputs.clear();
    std::vector<Tensor> values;
    ImportOptions options;
    for (std::size_t i = 0; i < one.inputs.size(); ++i) {
        const Tensor &tensor = one.inputs[i];
        const bool isConstant = (fixed == Fixed::allButFirst && i > 0) ||
                                (fixed == Fixed::integers && !isFloating(tensor.type()));
        if (isConstant) {
            model.initialisers[one.model.inputs[i].name] = std::make_shared<const Tensor>(tensor);
            continue;
        }
        model.inputs.push_back(one.model.inputs[i]);
        options.inputShapes[one.model.inputs[i].name] = tensor.shape().dims();
        values.push_back(tensor.toFloat32());
    }
    if (model.inputs.empty()) { // a network has one
        model.inputs.push_back({"unused", "float32", ElementType::float32, {{{1, ""}}}});
        values.emplace_back(ElementType::float32, Shape{1});
    }
    // Operators that have not changed since are tested with the set they came with.
    if (model.opsets[""] < 7)
        model.opsets[""] = 7;
    const auto graph = importOnnx(model, options);
    if (!graph) {
        const Diagnostic &first = graph.error().front();
        const bool isOperator = std::ranges::any_of(graph.error(), [](const Diagnostic &d) {
            return d.id == "onnx.unsupported-op";
        });
        return {isOperator ? Outcome::Kind::unsupportedOperator : Outcome::Kind::refused,
                first.id + " " + failureText(graph)};
    }
    auto engine = FloatEngine::create(*graph);
    if (!engine)
        return {Outcome::Kind::wrong, failureText(engine)};
    const auto results = engine->run(values);
    if (!results)
        return {Outcome::Kind::wrong, failureText(results)};
    for (std::size_t i = 0; i < one.outputs.size(); ++i) {
        const Tensor wanted = one.outputs[i].toFloat32();
        const Tensor &got = (*results)[i];
        if (got.shape() != wanted.shape())
            return {Outcome::Kind::wrong,
                    "shape " + got.shape().text() + " for " + wanted.shape().text()};
        const auto a = got.as<float>();
        const auto b = wanted.as<float>();
        for (std::size_t k = 0; k < a.size(); ++k) {
            const bool isSame = a[k] == b[k] || (std::isnan(a[k]) && std::isnan(b[k])) ||
                                std::abs(a[k] - b[k]) <= 1e-5 + 1e-3 * std::abs(b[k]);
            if (!isSame)
                return {Outcome::Kind::wrong, std::to_string(a[k]) + " for " +
                                                  std::to_string(b[k]) + " at " +
                                                  std::to_string(k)};
        }
    }
    return {Outcome::Kind::passed, {}};
}

// Float tests of claimed operators that no static float engine can pass, with the reason.
const std::map<std::string, std::string> &exceptions()
{
    static const std::map<std::string, std::string> list = {
        {"test_training_dropout_default", "drops at random"},
        {"test_training_dropout_default_mask", "drops at random"},
        {"test_training_dropout", "drops at random"},
        {"test_training_dropout_mask", "drops at random"},
        {"test_range_float_type_positive_delta", "its size depends on its inputs"},
        // Positions from the size before rounding; ONNX Runtime, which is what networks are
        // compared with, takes the rounded size.
        {"test_resize_downsample_scales_cubic_align_corners", "differs from ONNX Runtime"},
        {"test_resize_downsample_scales_linear_align_corners", "differs from ONNX Runtime"},
    };
    return list;
}

std::string operatorOf(const OnnxModel &model)
{
    std::set<std::string> operators;
    for (const OnnxNode &node : model.nodes)
        if (node.op != "Constant")
            operators.insert(node.operatorName());
    return operators.size() == 1 ? *operators.begin() : "(function bodies)";
}

struct Row {
    int passed = 0, excepted = 0, notClaimed = 0, notFloat = 0;
};

} // namespace

TEST(OnnxNodeTests, EveryFloatTestOfAClaimedOperatorPasses)
{
    const fs::path folder = dataFolder();
    if (folder.empty())
        GTEST_SKIP() << "libonnx-testdata is not installed";
    std::vector<fs::path> folders;
    for (const auto &entry : fs::directory_iterator(folder))
        if (entry.is_directory())
            folders.push_back(entry.path());
    std::ranges::sort(folders);
    std::map<std::string, Row> table;
    int failures = 0;
    for (const fs::path &path : folders) {
        const auto one = readCase(path);
        if (!one) { // sequences, strings and other types without plain numbers
            ++table["(no tensors)"].notFloat;
            continue;
        }
        Row &row = table[operatorOf(one->model)];
        if (!isFloatTest(*one)) {
            ++row.notFloat;
            continue;
        }
        Outcome best;
        for (const Fixed fixed : {Fixed::none, Fixed::integers, Fixed::allButFirst}) {
            best = run(*one, fixed);
            if (best.kind != Outcome::Kind::refused)
                break;
        }
        if (best.kind == Outcome::Kind::passed) {
            ++row.passed;
        } else if (best.kind == Outcome::Kind::unsupportedOperator) {
            ++row.notClaimed;
        } else if (exceptions().contains(one->name)) {
            ++row.excepted;
        } else {
            ++failures;
            ADD_FAILURE() << one->name << ": " << best.text;
        }
    }
    Row sum;
    std::cout << "operator                        passed  excepted  not claimed  no floats\n";
    for (const auto &[name, row] : table) {
        char line[160];
        std::snprintf(line, sizeof line, "%-31s %6d  %8d  %11d  %9d\n", name.c_str(), row.passed,
                      row.excepted, row.notClaimed, row.notFloat);
        std::cout << line;
        sum.passed += row.passed;
        sum.excepted += row.excepted;
        sum.notClaimed += row.notClaimed;
        sum.notFloat += row.notFloat;
    }
    std::cout << "in all: " << sum.passed << " passed, " << sum.excepted << " excepted, "
              << sum.notClaimed << " not claimed, " << sum.notFloat << " without floats, "
              << failures << " failed\n";
    EXPECT_GT(sum.passed, 300);
}
