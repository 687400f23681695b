// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/comparison_run.h"

#include "base/npy.h"
#include "base/thread_pool.h"
#include "heads/annotations.h"
#include "heads/decode.h"
#include "heads/head_metadata.h"
#include "pipeline/detector.h"
#include "pipeline/emulated_hef.h"
#include "pipeline/engine_pool.h"
#include "pipeline/layer_comparison.h"
#include "pipeline/prepared_network.h"
#include "pipeline/stream_layout.h"
#include "quantize/integer_run.h"

#include <algorithm>
#include <map>

namespace hefstudio {
namespace {

// Weaker boxes of the HEF only lengthen the tail of the precision curve.
constexpr double weakestFound = 0.01;
constexpr double truthScore = 0.3;

const Tensor *named(const NamedValues &tensors, const std::string &name)
{
    const auto found = std::ranges::find(tensors, name, &NamedValues::value_type::first);
    return found == tensors.end() ? nullptr : &found->second;
}

std::span<const float> valuesOf(const Tensor &tensor)
{
    return tensor.as<float>();
}

using Signals = std::map<std::string, SignalComparison>;

void addAll(Signals &signals, const NamedValues &truth, const NamedValues &found)
{
    for (const auto &[name, tensor] : found)
        if (const Tensor *wanted = named(truth, name);
            wanted && wanted->elementCount() == tensor.elementCount())
            signals[name].add(valuesOf(*wanted), valuesOf(tensor));
}

void mergeAll(Signals &into, const Signals &from)
{
    for (const auto &[name, signal] : from)
        into[name].merge(signal);
}

// What one picture gave, before everything is put together in picture order.
struct PictureOutcome {
    Signals prepared, quantised, hef, recorded;
    LayerSignals layers;
    Detections truth, found;
    std::vector<float> classesBefore, classesAfter;
    MapAgreement maps;
    std::array<int, 2> size{};
    Diagnostics faults;
};

class HefRun {
public:
    HefRun(const ComparisonRequest &request, const ImportedModel &model, const CalibrationSet &set,
           std::filesystem::path file)
        : m_request(request), m_model(model), m_set(set), m_file(std::move(file))
    {
    }

    Result<HefComparison> run(const std::optional<Annotations> &annotations, bool usesRecorded,
                              std::stop_token stop, Diagnostics &remarks)
    {
        if (auto ready = prepare(remarks); !ready)
            return passOn(std::move(ready));
        m_usesRecorded = usesRecorded;
        std::vector<PictureOutcome> outcomes(m_set.size());
        ThreadPool pool(m_request.threads);
        const bool isDone = pool.forEach(
            outcomes.size(),
            [&](std::size_t index, int) {
                if (auto seen = lookAt(index, outcomes[index], stop); !seen)
                    outcomes[index].faults = std::move(seen.error());
            },
            stop);
        if (!isDone)
            return fail(Diagnostic("cancelled"));
        for (PictureOutcome &outcome : outcomes)
            if (!outcome.faults.empty())
                return fail(std::move(outcome.faults));
        return assemble(outcomes, annotations);
    }

    const std::vector<std::string> &labels() const { return m_hef->record()->labels; }
    Result<void> open()
    {
        auto hef = EmulatedHef::open(m_file);
        if (!hef)
            return passOn(std::move(hef));
        m_hef.emplace(std::move(*hef));
        if (!m_hef->record())
            return fail(Diagnostic("run.no-contract", Place{.file = m_file.string()}));
        return {};
    }

private:
    Result<void> prepare(Diagnostics &remarks)
    {
        ConversionSettings settings;
        settings.model = m_request.model;
        auto cut = cutForDevice(m_model, settings);
        if (cut && !endsAgree(*cut)) {
            // The user named the ends when the file was made; the record keeps their values' names.
            for (const auto &output : m_hef->record()->outputs)
                settings.endNodes.push_back(output.name);
            cut = cutForDevice(m_model, settings);
            if (!cut)
                return otherModel("it has none of the values at which the HEF ends");
        }
        if (!cut)
            return passOn(std::move(cut));
        m_cut = std::move(*cut);
        for (const auto &input : m_hef->record()->inputs)
            m_plans.inputs.push_back(
                {input.name, input.shape, input.isPicture, input.normalization, input.preprocess});
        if (auto fits = checkInputs(); !fits)
            return fits;
        m_areEndsEqual = endsAgree(m_cut);
        if (!m_areEndsEqual)
            remarks.push_back(Diagnostic("compare.other-ends", Place{.file = m_file.string()})
                                  .as(Severity::warning));
        auto prepared = rewriteForDevice(m_cut.device, m_plans, false, {}, {});
        if (!prepared)
            return passOn(std::move(prepared));
        m_prepared = std::move(*prepared);
        if (auto ready = makeEngines(); !ready)
            return ready;
        const auto &head = m_hef->record()->headJson;
        if (!head.empty()) {
            auto layout = headFromMetadata(head, m_file.string());
            if (!layout)
                return passOn(std::move(layout));
            m_head = std::move(*layout);
        }
        return {};
    }

    Result<void> makeEngines()
    {
        const auto make = [](std::unique_ptr<EnginePool> &pool, std::shared_ptr<const Graph> graph,
                             const FloatEngineOptions &options) -> Result<void> {
            auto made = EnginePool::create(std::move(graph), options);
            if (!made)
                return passOn(std::move(made));
            pool = std::move(*made);
            return {};
        };
        auto made = make(m_wholeEngines, m_model.graph(), {.threads = 1});
        if (made)
            made = make(m_preparedEngines, m_prepared, {.threads = 1});
        if (made)
            made = make(m_layerEngines, m_prepared, {.threads = 1, .observeAll = true});
        if (made && m_cut.host)
            made = make(m_hostEngines, m_cut.host, {.threads = 1});
        return made;
    }

    bool endsAgree(const CutNetwork &cut) const
    {
        return std::ranges::equal(
            cut.device->outputs, m_hef->outputs(), {},
            [&](TensorId id) {
                return std::pair(cut.device->tensor(id).name, cut.device->tensor(id).shape);
            },
            [](const EmulatedHef::Port &port) { return std::pair(port.name, port.shape); });
    }

    std::unexpected<Diagnostics> otherModel(std::string what) const
    {
        return fail(Diagnostic("compare.other-model", Place{.file = m_request.model.string()})
                        .with("hef", m_file.string())
                        .with("what", std::move(what)));
    }

    Result<void> checkInputs() const
    {
        const Graph &graph = *m_cut.device;
        if (graph.inputs.size() != m_plans.inputs.size())
            return otherModel("the number of inputs differs");
        for (std::size_t i = 0; i < graph.inputs.size(); ++i)
            if (graph.tensor(graph.inputs[i]).shape != m_plans.inputs[i].shape)
                return otherModel("input '" + m_plans.inputs[i].inputName + "' is " +
                                  graph.tensor(graph.inputs[i]).shape.text() +
                                  " in the model and " + m_plans.inputs[i].shape.text() +
                                  " in the HEF");
        return {};
    }

    // --- one picture ---

    struct Sample {
        std::vector<Tensor> stored;      // for the HEF
        std::vector<Tensor> forPrepared; // float: raw pictures, the normalisation is folded
        std::vector<Tensor> forModel;    // float, normalised
        CanvasPlacement placement;
        bool isPicture = false;
    };

    Result<Sample> load(std::size_t index) const
    {
        Sample sample;
        for (std::size_t i = 0; i < m_plans.inputs.size(); ++i) {
            const InputPlan &plan = m_plans.inputs[i];
            Tensor raw;
            if (!m_set.isArray() && plan.isPicture) {
                const auto image = loadImage(m_set.pictures()[index]);
                if (!image)
                    return std::unexpected(image.error());
                auto ready = preprocess(*image, plan.preprocess);
                if (!ready)
                    return passOn(std::move(ready));
                raw = std::move(ready->pixels);
                const auto &geometry = ready->geometry;
                sample.isPicture = true;
                sample.placement = {geometry.scaleX,  geometry.scaleY, geometry.offsetX,
                                    geometry.offsetY, image->width,    image->height};
            } else {
                auto array = m_set.load(index, plan.inputName, plan.shape, plan.preprocess);
                if (!array)
                    return passOn(std::move(array));
                raw = std::move(*array);
                if (plan.shape.rank() == 4)
                    sample.placement = {1,
                                        1,
                                        0,
                                        0,
                                        static_cast<int>(plan.shape[3]),
                                        static_cast<int>(plan.shape[2])};
            }
            const auto &port = m_hef->inputs()[i];
            const TensorQuantisation quantisation{port.scale, port.zeroPoint, port.bits};
            const Tensor real = raw.toFloat32();
            sample.stored.push_back(quantiseTensor(real, quantisation));
            if (plan.isPicture && raw.type() == ElementType::uint8)
                sample.forModel.push_back(normalized(raw, plan.normalization));
            else
                sample.forModel.push_back(real);
            sample.forPrepared.push_back(real);
        }
        return sample;
    }

    static Result<NamedValues> runGraph(EnginePool &engines, const Graph &graph,
                                        std::span<const Tensor> inputs,
                                        const FloatEngine::Observer &observer = {})
    {
        auto values = engines.run(inputs, observer);
        if (!values)
            return passOn(std::move(values));
        NamedValues tensors;
        for (std::size_t i = 0; i < values->size(); ++i)
            tensors.emplace_back(graph.tensor(graph.outputs[i]).name, std::move((*values)[i]));
        return tensors;
    }

    // The network's own outputs behind the device's; those are added where there is no host part.
    Result<NamedValues> behind(const NamedValues &device) const
    {
        if (!m_cut.host)
            return device;
        std::vector<Tensor> inputs;
        for (const TensorId id : m_cut.host->inputs) {
            const Tensor *value = named(device, m_cut.host->tensor(id).name);
            if (!value)
                return NamedValues{};
            inputs.push_back(*value);
        }
        return runGraph(*m_hostEngines, *m_cut.host, inputs);
    }

    NamedValues realOutputs(const std::vector<Tensor> &stored) const
    {
        NamedValues tensors;
        auto real = m_hef->toReal(stored);
        for (std::size_t i = 0; i < real.size(); ++i)
            tensors.emplace_back(m_hef->outputs()[i].name, std::move(real[i]));
        return tensors;
    }

    Result<void> lookAt(std::size_t index, PictureOutcome &outcome, const std::stop_token &stop)
    {
        const auto sample = load(index);
        if (!sample)
            return std::unexpected(sample.error());
        outcome.size = {sample->placement.pictureWidth, sample->placement.pictureHeight};

        const auto whole = runGraph(*m_wholeEngines, *m_model.graph(), sample->forModel);
        if (!whole)
            return std::unexpected(whole.error());
        LayerValues values;
        const bool looksInside = m_areEndsEqual && index < m_request.layerPictures;
        const auto prepared = looksInside
                                  ? runGraph(*m_layerEngines, *m_prepared, sample->forPrepared,
                                             values.recorder(*m_prepared))
                                  : runGraph(*m_preparedEngines, *m_prepared, sample->forPrepared);
        if (!prepared)
            return std::unexpected(prepared.error());
        const auto preparedBehind = behind(*prepared);
        if (!preparedBehind)
            return std::unexpected(preparedBehind.error());
        addAll(outcome.prepared, *whole, *preparedBehind);

        const auto stored = m_hef->run(sample->stored, 1, stop);
        if (!stored)
            return std::unexpected(stored.error());
        const NamedValues found = realOutputs(*stored);
        addAll(outcome.hef, *prepared, found);
        const auto foundBehind = behind(found);
        if (!foundBehind)
            return std::unexpected(foundBehind.error());
        if (m_cut.host)
            addAll(outcome.hef, *whole, *foundBehind);

        if (looksInside) {
            LayerComparer comparer(m_hef->program(), m_hef->record()->channelFactors);
            auto flat = comparer.compare(values, sample->stored, outcome.layers);
            NamedValues quantised;
            for (auto &[name, tensor] : flat)
                quantised.emplace_back(name, std::move(tensor));
            addAll(outcome.quantised, *prepared, quantised);
        }
        if (m_usesRecorded)
            if (auto read = readRecorded(index, *prepared, *whole, outcome.recorded); !read)
                return read;
        judge(*sample, *prepared, found, *whole, *foundBehind, outcome);
        return {};
    }

    void judge(const Sample &sample, const NamedValues &prepared, const NamedValues &found,
               const NamedValues &whole, const NamedValues &foundBehind, PictureOutcome &outcome)
    {
        if (m_head) {
            outcome.truth = detections(prepared, sample.placement);
            outcome.found = detections(found, sample.placement);
            return;
        }
        if (whole.size() != 1)
            return;
        const Tensor *other = named(foundBehind, whole.front().first);
        const Tensor &truth = whole.front().second;
        if (!other || other->elementCount() != truth.elementCount())
            return;
        const Shape &shape = truth.shape();
        const bool isVector = truth.elementCount() == (shape.rank() > 1 ? shape[1] : 0);
        if (isVector && truth.elementCount() > 1) {
            outcome.classesBefore.assign(valuesOf(truth).begin(), valuesOf(truth).end());
            outcome.classesAfter.assign(valuesOf(*other).begin(), valuesOf(*other).end());
        } else if (hasClassMap(shape)) {
            outcome.maps.add(valuesOf(truth), valuesOf(*other), static_cast<std::size_t>(shape[1]));
        }
    }

    // A map with a channel for each label; without labels, one of more channels than a picture has.
    bool hasClassMap(const Shape &shape) const
    {
        if (shape.rank() != 4 || shape[0] != 1)
            return false;
        const auto &labels = m_hef->record()->labels;
        return labels.empty() ? shape[1] > 3 : shape[1] == static_cast<std::int64_t>(labels.size());
    }

    Detections detections(const NamedValues &outputs, const CanvasPlacement &placement) const
    {
        std::vector<Tensor> values;
        for (const auto &[name, tensor] : outputs)
            values.push_back(tensor);
        auto candidates = decode(*m_head, values, {.scoreThreshold = weakestFound});
        if (!candidates)
            return {};
        return toPicture(suppress(std::move(*candidates), {.scoreThreshold = weakestFound}),
                         placement);
    }

    // --- recorded elsewhere ---

    Result<void> readRecorded(std::size_t index, const NamedValues &prepared,
                              const NamedValues &whole, Signals &signals) const
    {
        const std::filesystem::path picture = m_set.nameOf(index);
        auto folder = m_request.recorded / picture.stem();
        std::error_code ignored;
        if (!std::filesystem::is_directory(folder, ignored))
            folder = m_request.recorded;
        std::size_t read = 0;
        for (const auto *truths : {&prepared, &whole})
            for (const auto &[name, truth] : *truths) {
                const auto file = folder / outputFileName(name);
                if (!std::filesystem::exists(file, ignored))
                    continue;
                auto array = readNpy(file);
                if (!array)
                    return passOn(std::move(array));
                auto tensor = asReal(std::move(*array), name, truth.shape());
                if (!tensor)
                    return missing(name, picture.string());
                signals[name].add(valuesOf(truth), valuesOf(*tensor));
                ++read;
            }
        if (read == 0)
            return missing(prepared.front().first, picture.string());
        return {};
    }
    static std::unexpected<Diagnostics> missing(const std::string &output,
                                                const std::string &picture)
    {
        return fail(
            Diagnostic("compare.recorded-missing").with("output", output).with("picture", picture));
    }

    // Stream order or the network's own; integers through the port's scale.
    std::optional<Tensor> asReal(Tensor array, const std::string &name, const Shape &shape) const
    {
        auto dims = array.shape().dims();
        const Shape stream = toStreamLayout(Tensor(ElementType::uint8, shape)).shape();
        if (dims.size() + 1 == shape.rank())
            dims.insert(dims.begin(), 1);
        Tensor real;
        const auto port = std::ranges::find(m_hef->outputs(), name, &EmulatedHef::Port::name);
        const bool isInteger =
            array.type() == ElementType::uint8 || array.type() == ElementType::uint16;
        if (isInteger && port != m_hef->outputs().end())
            real = dequantiseTensor(
                array, {port->scale, port->zeroPoint, array.type() == ElementType::uint8 ? 8 : 16});
        else
            real = array.toFloat32();
        if (Shape(dims) == stream)
            return fromStreamLayout(std::move(real).reshaped(stream), shape);
        if (Shape(dims) == shape)
            return std::move(real).reshaped(shape);
        return std::nullopt;
    }

    // --- everything together ---

    static void addRung(HefComparison &result, const std::string &name, const Signals &signals)
    {
        if (signals.empty())
            return;
        Rung rung{.name = name, .outputs = {}};
        for (const auto &[output, signal] : signals)
            rung.outputs.push_back({output, signal});
        result.rungs.push_back(std::move(rung));
    }

    HefComparison assemble(std::vector<PictureOutcome> &outcomes,
                           const std::optional<Annotations> &annotations) const
    {
        HefComparison result{.file = m_file.string()};
        Signals prepared, quantised, hef, recorded;
        LayerSignals layers;
        PictureDetections truth, found;
        ClassRows before, after;
        MapAgreement maps;
        bool hasMaps = false;
        for (PictureOutcome &outcome : outcomes) {
            mergeAll(prepared, outcome.prepared);
            mergeAll(quantised, outcome.quantised);
            mergeAll(hef, outcome.hef);
            mergeAll(recorded, outcome.recorded);
            mergeLayers(layers, outcome.layers);
            truth.push_back(std::move(outcome.truth));
            found.push_back(std::move(outcome.found));
            if (!outcome.classesBefore.empty()) {
                before.push_back(std::move(outcome.classesBefore));
                after.push_back(std::move(outcome.classesAfter));
            }
            hasMaps = hasMaps || outcome.maps.pixelCount() > 0;
            maps.merge(outcome.maps);
        }
        addRung(result, "prepared float", prepared);
        addRung(result, "quantised", quantised);
        addRung(result, "hef", hef);
        addRung(result, "recorded", recorded);
        result.layers = layerRows(m_hef->program(), *m_prepared, layers);
        if (result.outputs())
            result.firstBad = findFirstBad(result.layers, *result.outputs());
        if (m_head)
            result.detection = agreement(outcomes, truth, found, annotations);
        if (!before.empty())
            result.classification = classification(before, after);
        if (hasMaps)
            result.segmentation = maps;
        return result;
    }

    DetectionComparison agreement(const std::vector<PictureOutcome> &outcomes,
                                  const PictureDetections &truth, const PictureDetections &found,
                                  const std::optional<Annotations> &annotations) const
    {
        DetectionComparison result{.truthScore = truthScore};
        result.retained = averagePrecision(asTruth(truth, truthScore), found);
        result.matches =
            matchBoxes(asTruth(truth, result.matchTruthScore), found, result.matchFoundScore);
        if (!annotations)
            return result;
        PictureTruth people;
        PictureDetections labelledTruth, labelledFound;
        for (std::size_t i = 0; i < outcomes.size(); ++i)
            if (auto boxes = annotations->boxesOf(m_set.nameOf(i), outcomes[i].size)) {
                people.push_back(std::move(*boxes));
                labelledTruth.push_back(truth[i]);
                labelledFound.push_back(found[i]);
            }
        result.floatOnLabels = averagePrecision(people, labelledTruth);
        result.foundOnLabels = averagePrecision(people, labelledFound);
        return result;
    }

    ClassificationComparison classification(const ClassRows &before, const ClassRows &after) const
    {
        std::vector<int> wanted;
        const auto &names = labels();
        for (std::size_t i = 0; i < before.size() && !m_set.isArray(); ++i) {
            const auto folder = m_set.pictures()[i].parent_path().filename().string();
            const auto named = std::ranges::find(names, folder);
            if (named != names.end())
                wanted.push_back(static_cast<int>(named - names.begin()));
        }
        ClassificationComparison result;
        const bool areFolders = wanted.size() == before.size();
        result.truth = areFolders ? "folder names" : "the float network's answers";
        if (!areFolders)
            wanted = bestClasses(before);
        result.agreement = topAgreement(before, after);
        result.before = confidence(before, wanted);
        result.after = confidence(after, wanted);
        return result;
    }

    const ComparisonRequest &m_request;
    const ImportedModel &m_model;
    const CalibrationSet &m_set;
    std::filesystem::path m_file;
    std::optional<EmulatedHef> m_hef;
    CutNetwork m_cut;
    InputPlans m_plans;
    std::shared_ptr<const Graph> m_prepared;
    std::unique_ptr<EnginePool> m_wholeEngines, m_preparedEngines, m_layerEngines, m_hostEngines;
    std::optional<HeadLayout> m_head;
    bool m_areEndsEqual = false;
    bool m_usesRecorded = false;
};

} // namespace

Result<Comparison> compareNetworks(const ComparisonRequest &request, std::stop_token stop)
{
    const auto set = CalibrationSet::open(request.pictures);
    if (!set)
        return std::unexpected(set.error());
    Comparison comparison{.model = request.model.string(), .pictures = set->size()};
    for (std::size_t i = 0; i < request.hefs.size(); ++i) {
        auto hef = EmulatedHef::open(request.hefs[i]);
        if (!hef)
            return passOn(std::move(hef));
        std::map<std::string, std::vector<std::int64_t>> shapes;
        if (hef->record())
            for (const auto &input : hef->record()->inputs)
                shapes[input.name] = input.shape.dims();
        const auto model = importModel(request.model, shapes);
        if (!model)
            return std::unexpected(model.error());
        HefRun run(request, *model, *set, request.hefs[i]);
        if (auto opened = run.open(); !opened)
            return passOn(std::move(opened));
        std::optional<Annotations> annotations;
        if (!request.annotations.empty()) {
            auto read = Annotations::open(request.annotations, run.labels());
            if (!read)
                return passOn(std::move(read));
            annotations = std::move(*read);
        }
        auto compared =
            run.run(annotations, i == 0 && !request.recorded.empty(), stop, comparison.remarks);
        if (!compared)
            return passOn(std::move(compared));
        comparison.hefs.push_back(std::move(*compared));
    }
    comparison.layerPictures = std::min(request.layerPictures, set->size());
    comparison.verdict = verdictOn(comparison);
    return comparison;
}

} // namespace hefstudio
