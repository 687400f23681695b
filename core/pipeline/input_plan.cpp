// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/input_plan.h"

#include "onnx/input_contract.h"

#include <algorithm>

namespace hefstudio {
namespace {

constexpr const char *notStated = "not stated";

bool mayBePicture(const Shape &shape)
{
    return shape.rank() == 4 && shape[0] == 1 && (shape[1] == 1 || shape[1] == 3);
}

// A setting decided from what was stated, what the file says, or a default that is said aloud.
template<class T> struct Decision {
    T value;
    LedgerRow row;
};

template<class T, class ToText>
Decision<T> decide(const char *setting, const std::optional<T> &stated,
                   const InputContract::Maybe<T> &evident, T otherwise, const char *whyOtherwise,
                   ToText toText)
{
    if (stated)
        return {*stated, {setting, toText(*stated), toText(*stated), ""}};
    if (evident)
        return {evident->value,
                {setting, LedgerRow::automatic, toText(evident->value), evident->evidence}};
    return {otherwise, {setting, notStated, toText(otherwise), whyOtherwise}};
}

// The fact in the terms of the settings; open when its word is unknown to them.
template<class To, class From, class Convert>
InputContract::Maybe<To> converted(const InputContract::Maybe<From> &fact, Convert convert)
{
    if (!fact)
        return std::nullopt;
    const std::optional<To> value = convert(fact->value);
    if (!value)
        return std::nullopt;
    return InputContract::Fact<To>{*value, fact->evidence};
}

Diagnostic contractUnknown(const ConversionSettings &settings, const Graph &graph)
{
    return Diagnostic("input.contract-unknown", Place{.file = settings.model.string()})
        .with("input", graph.tensor(graph.inputs.front()).name)
        .withFix({"set-option",
                  {{"--normalize", "0/255"}, {"when", "the network takes values from 0 to 1"}}})
        .withFix({"set-option",
                  {{"--normalize", "0/1"}, {"when", "the network takes raw values from 0 to 255"}}})
        .withFix({"set-option",
                  {{"--normalize", "123.675,116.28,103.53/58.395,57.12,57.375"},
                   {"when", "the network was trained with ImageNet mean and deviation"}}});
}

} // namespace

Result<InputPlans> planInputs(const Graph &graph, const CalibrationSet &set,
                              const ConversionSettings &settings)
{
    InputPlans plans;
    for (const auto id : graph.inputs)
        plans.inputs.push_back({.inputName = graph.tensor(id).name,
                                .shape = graph.tensor(id).shape,
                                .isPicture = false,
                                .normalization = {},
                                .preprocess = {},
                                .trainedOn = {}});
    const bool isPicture = graph.inputs.size() == 1 && mayBePicture(plans.inputs.front().shape);
    if (!set.isArray() && !isPicture)
        return fail(Diagnostic("input.not-a-picture", Place{.file = settings.model.string()})
                        .with("input", plans.inputs.front().inputName)
                        .with("shape", plans.inputs.front().shape.text()));
    if (!isPicture)
        return plans;

    InputPlan &plan = plans.inputs.front();
    const InputContract contract = readInputContract(graph.metadata, settings.model);
    const auto channels = static_cast<std::size_t>(plan.shape[1]);
    const auto scale =
        converted<Normalization>(contract.normalization, [](const InputContract::ValueScale &s) {
            return std::optional(Normalization{s.mean, s.std});
        });
    if (settings.normalization)
        plan.trainedOn = settings.normalization;
    else if (scale)
        plan.trainedOn = scale->value;
    if (set.isRealValued())
        return plans;
    plan.isPicture = true;
    if (!settings.normalization && !scale)
        return fail(contractUnknown(settings, graph));
    const auto normalization =
        decide<Normalization>("normalize", settings.normalization, scale, Normalization{}, "",
                              [](const Normalization &n) { return normalizationText(n); });
    plan.normalization = normalization.value;
    for (const auto *list : {&plan.normalization.mean, &plan.normalization.std})
        if (list->size() != 1 && list->size() != channels)
            return fail(
                Diagnostic("input.normalization-channels", Place{.file = settings.model.string()})
                    .with("found", static_cast<std::int64_t>(list->size()))
                    .with("wanted", static_cast<std::int64_t>(channels)));

    const auto color = decide<ColorOrder>(
        "color", settings.color, converted<ColorOrder>(contract.color, colorOrderFromName),
        channels == 1 ? ColorOrder::grey : ColorOrder::rgb,
        "neither the file nor --color says; this order is the usual one",
        [](ColorOrder order) { return std::string(colorOrderName(order)); });
    const auto resize = decide<ResizePolicy>(
        "resize", settings.resize, converted<ResizePolicy>(contract.resize, resizePolicyFromName),
        ResizePolicy::letterbox, "neither the file nor --resize says; this keeps the aspect",
        [](ResizePolicy policy) { return std::string(resizePolicyName(policy)); });
    plan.preprocess = {.width = static_cast<int>(plan.shape[3]),
                       .height = static_cast<int>(plan.shape[2]),
                       .channels = static_cast<int>(channels),
                       .color = color.value,
                       .resize = resize.value};
    plans.ledger = {normalization.row, color.row, resize.row};
    return plans;
}

} // namespace hefstudio
