// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_check.h"

#include "device/device_model.h"
#include "mapping/mapping.h"
#include "passes/attention_blocks.h"
#include "pipeline/model_lint.h"
#include "pipeline/prepared_network.h"
#include "profile/profile.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace hefstudio {
namespace {

// More than the one or two blocks of a detector, or a fair part of the work.
constexpr std::int64_t manyAttentionBlocks = 4;
constexpr double largeAttentionShare = 0.1;
std::set<std::string> originsOf(const Graph &graph)
{
    std::set<std::string> names;
    for (const auto &layer : graph.layers)
        names.insert(layer.origin.begin(), layer.origin.end());
    return names;
}

class Checker {
public:
    Checker(const std::filesystem::path &file, const ModelCheckOptions &options,
            std::stop_token stop)
        : m_file(file), m_options(options), m_stop(std::move(stop))
    {
    }

    ModelCheck run()
    {
        auto onnx = readOnnxModel(m_file);
        if (!onnx) {
            m_check.diagnostics = std::move(onnx.error());
            return std::move(m_check);
        }
        m_check.wasRead = true;
        m_onnx = std::move(*onnx);
        m_check.contract = readInputContract(m_onnx.metadata, m_file);
        note(m_check.contract.warnings);
        if (!import()) {
            describeUnimported();
            return std::move(m_check);
        }
        m_blocking = {m_model.blocking.begin(), m_model.blocking.end()};
        m_check.isSupported = m_check.diagnostics.empty() && m_blocking.empty();
        reportRefused();
        if (!cutAndRewrite()) {
            m_check.isSupported = false;
            describeNodes();
            return std::move(m_check);
        }
        describeNodes();
        describeFacts();
        fitToChips();
        describeHost();
        if (!m_options.pictures.empty())
            lookAtPictures();
        return std::move(m_check);
    }

private:
    void note(const Diagnostics &more)
    {
        m_check.diagnostics.insert(m_check.diagnostics.end(), more.begin(), more.end());
    }

    // With the shapes the user gave, else with those that the faults propose.
    bool import()
    {
        m_shapes = m_options.inputShapes;
        const auto take = [&](const Diagnostics &faults) {
            bool isComplete = !faults.empty();
            for (const auto &fault : faults) {
                isComplete = isComplete && !fault.fixes.empty() &&
                             fault.fixes.front().kind == "set-input-shape";
                if (!isComplete)
                    return false;
                const auto &values = fault.fixes.front().values;
                std::vector<std::int64_t> dims;
                std::string number;
                for (const char c : values.at(1).second + ",")
                    if (c == ',') {
                        dims.push_back(std::stoll(number));
                        number.clear();
                    } else {
                        number += c;
                    }
                m_shapes.insert_or_assign(values.at(0).second, std::move(dims));
            }
            return true;
        };
        auto model = importModel(m_onnx, m_file, m_shapes);
        if (!model) {
            const auto faults = model.error();
            note(faults);
            if (!take(faults))
                return false;
            m_isStatic = false;
            model = importModel(m_onnx, m_file, m_shapes);
            if (!model) {
                note(model.error());
                return false;
            }
        }
        if (const auto single = checkBatch(*model->graph(), m_file.string()); !single) {
            m_batch = model->graph()->tensor(model->graph()->inputs.front()).shape[0];
            note(single.error());
            if (!take(single.error()))
                return false;
            auto one = importModel(m_onnx, m_file, m_shapes);
            if (one)
                model = std::move(one); // else the network insists on its batch
        }
        m_model = std::move(*model);
        return true;
    }

    // Nothing is known but the operators' names.
    void describeUnimported()
    {
        for (const auto &node : m_onnx.nodes)
            addNode(node,
                    isOperatorSupported(node.domain, node.op) ? Verdict::supported
                                                              : Verdict::unsupported,
                    {});
        countOperators();
    }

    void reportRefused()
    {
        std::set<std::string> operators;
        for (auto fault : m_model.prefix.refused) {
            const bool blocks = m_blocking.contains(fault.place.node);
            fault.severity = blocks ? Severity::error : Severity::note;
            for (const auto &node : m_onnx.nodes)
                if (node.name == fault.place.node)
                    operators.insert(node.operatorName());
            m_check.diagnostics.push_back(std::move(fault));
        }
        static const std::set<std::string> selecting{"NonMaxSuppression", "TopK", "NonZero"};
        std::string names;
        for (const auto &node : m_onnx.nodes)
            if (selecting.contains(node.op) && names.find(node.op) == std::string::npos)
                names += (names.empty() ? "" : ", ") + node.op;
        const bool isBehind = !names.empty() && m_blocking.empty();
        if (isBehind)
            m_check.diagnostics.push_back(
                Diagnostic("check.embedded-selection", Place{.file = m_file.string()})
                    .with("operators", names)
                    .as(Severity::note));
    }

    bool cutAndRewrite()
    {
        ConversionSettings settings;
        settings.startNodes = m_options.startNodes;
        settings.endNodes = m_options.endNodes;
        auto cut = cutForDevice(m_model, settings);
        if (!cut && m_batch != 1) {
            settings.model = m_file;
            cut = cutForDevice(m_model.graph(), settings); // as far as it goes with the batch
        }
        if (!cut) {
            note(cut.error());
            return false;
        }
        m_cut = std::move(*cut);
        m_check.ends = m_cut.ends;
        auto rewritten = rewriteForDevice(m_cut.device, {}, false, m_stop, {});
        if (!rewritten) {
            note(rewritten.error());
            return false;
        }
        m_rewritten = std::move(*rewritten);
        return true;
    }

    void addNode(const OnnxNode &node, Verdict verdict, std::string reason)
    {
        m_check.nodes.push_back({node.name, node.operatorName(), verdict, std::move(reason)});
    }

    void countOperators()
    {
        std::map<std::string, OperatorRow> rows;
        for (const auto &node : m_check.nodes) {
            auto &row = rows[node.op];
            row.op = node.op;
            row.verdict = row.count++ == 0 ? node.verdict : worse(row.verdict, node.verdict);
            ++row.nodes[node.verdict];
        }
        for (auto &[op, row] : rows)
            m_check.operators.push_back(std::move(row));
    }

    // Folded away is the least that can be said of an operator, unsupported the worst.
    static Verdict worse(Verdict a, Verdict b)
    {
        const auto rank = [](Verdict v) {
            return v == Verdict::folded ? 0 : v == Verdict::supported ? 1 : static_cast<int>(v);
        };
        return rank(a) >= rank(b) ? a : b;
    }

    void describeNodes()
    {
        std::set<std::string> device;
        if (m_cut.device)
            device = originsOf(*m_cut.device);
        if (m_rewritten)
            device.merge(originsOf(*m_rewritten));
        const std::set<std::string> imported = originsOf(*m_model.graph());
        const std::set<std::string> leftOut(m_model.prefix.leftOut.begin(),
                                            m_model.prefix.leftOut.end());
        std::map<std::string, std::string> why;
        for (const auto &fault : m_model.prefix.refused)
            why.emplace(fault.place.node, fault.id);
        for (const auto &node : m_onnx.nodes) {
            if (m_blocking.contains(node.name))
                addNode(node, Verdict::unsupported, "the network goes on behind it");
            else if (leftOut.contains(node.name))
                addNode(node, Verdict::needsHost,
                        why.contains(node.name) ? "the operator is not computed on the chip"
                                                : "it follows what is not computed on the chip");
            else if (device.contains(node.name) || (!m_cut.device && imported.contains(node.name)))
                addNode(node, Verdict::supported, {});
            else if (imported.contains(node.name))
                addNode(node, Verdict::needsHost, "it stands behind the end nodes");
            else
                addNode(node, Verdict::folded, {});
        }
        countOperators();
    }

    void describeFacts()
    {
        ModelFacts facts;
        facts.producer = m_onnx.producer;
        const auto opset = m_onnx.opsets.find("");
        facts.opset = opset == m_onnx.opsets.end() ? 1 : opset->second;
        facts.isStatic = m_isStatic;
        facts.batch = m_batch;
        for (const auto id : m_model.graph()->inputs)
            facts.inputs.push_back(
                {m_model.graph()->tensor(id).name, m_model.graph()->tensor(id).shape});
        for (const auto &output : m_onnx.outputs) {
            const auto *known = m_model.graph()->findTensor(output.name);
            facts.outputs.push_back({output.name, known ? known->shape : Shape{}});
        }
        facts.layers = static_cast<std::int64_t>(m_rewritten->layers.size());
        facts.parameters = parameterCount(*m_rewritten);
        facts.multiplyAccumulates = multiplyAccumulates(*m_rewritten);
        const auto blocks = findAttentionBlocks(*m_rewritten);
        facts.attentionBlocks = static_cast<std::int64_t>(blocks.size());
        facts.attentionShare = attentionShare(*m_rewritten, blocks);
        facts.isAttentionHeavy = facts.attentionBlocks >= manyAttentionBlocks ||
                                 facts.attentionShare >= largeAttentionShare;
        if (const auto largest = largestMap(*m_rewritten); largest.isValid())
            facts.largestMap = {m_rewritten->tensor(largest).name,
                                m_rewritten->tensor(largest).shape};
        if (facts.isAttentionHeavy)
            m_check.diagnostics.push_back(Diagnostic("check.attention-heavy")
                                              .with("blocks", facts.attentionBlocks)
                                              .with("share", static_cast<std::int64_t>(std::lround(
                                                                 100 * facts.attentionShare)))
                                              .as(Severity::note));
        m_check.facts = std::move(facts);
    }

    Result<ChipFit> fitOn(const DeviceModel &device)
    {
        const std::vector<int> bits(m_rewritten->tensors.size(), 8);
        const auto mapping = mapToDevice(*m_rewritten, bits, device, {}, m_stop, {});
        if (!mapping)
            return std::unexpected(mapping.error());
        constexpr int batch[] = {1};
        const auto profile = estimate(*m_rewritten, bits, *mapping, device, batch);
        return ChipFit{.device = device.id,
                       .title = device.title,
                       .contexts = static_cast<int>(mapping->contexts.size()),
                       .predictedFps = profile.framesPerSecond.at(1),
                       .weightBytes = parameterCount(*m_rewritten),
                       .weightMemoryBytes = device.weightMemoryBytes()};
    }

    void fitToChips()
    {
        const auto asked = findDevice(m_options.arch);
        if (!asked) {
            note(asked.error());
            m_check.isSupported = false;
            return;
        }
        auto devices = builtInDevices();
        std::ranges::sort(devices, {}, [](const DeviceModel &d) { return d.clusters; });
        for (const auto &device : devices) {
            const auto fit = fitOn(device);
            if (!fit) {
                if (device.id == asked->id) {
                    note(fit.error());
                    m_check.isSupported = false;
                }
                continue;
            }
            m_check.fits.push_back(*fit);
            if (device.id == asked->id)
                m_check.fit = *fit;
        }
        note(lintForChip(*m_rewritten, *asked));
        if (m_check.fit && m_check.fit->contexts > 1)
            m_check.diagnostics.push_back(Diagnostic("check.contexts")
                                              .with("device", m_check.fit->title)
                                              .with("contexts", std::int64_t(m_check.fit->contexts))
                                              .as(Severity::note));
        const auto single = std::ranges::find(m_check.fits, 1, &ChipFit::contexts);
        const auto fastest = std::ranges::max_element(m_check.fits, {}, &ChipFit::predictedFps);
        if (single != m_check.fits.end())
            m_check.recommendedDevice = single->device;
        else if (fastest != m_check.fits.end())
            m_check.recommendedDevice = fastest->device;
    }

    // What stands in the way of a preflight is a warning: the answer about the model remains.
    void lookAtPictures()
    {
        const auto warn = [this](Diagnostics faults) {
            for (auto &fault : faults)
                m_check.diagnostics.push_back(std::move(fault).as(Severity::warning));
        };
        const auto set = CalibrationSet::open(m_options.pictures);
        if (!set)
            return warn(set.error());
        if (set->isArray())
            return warn({Diagnostic("detect.no-pictures",
                                    Place{.file = m_options.pictures.string()})});
        ConversionSettings settings;
        settings.inputShapes = m_shapes;
        settings.startNodes = m_options.startNodes;
        settings.endNodes = m_options.endNodes;
        settings.normalization = m_options.normalization;
        settings.color = m_options.color;
        settings.resize = m_options.resize;
        auto preflight = preflightContract(m_file, settings, *set, m_stop);
        if (!preflight)
            return warn(preflight.error());
        m_check.preflight = std::move(*preflight);
    }

    void describeHost()
    {
        std::int64_t nodes = 0;
        for (const auto &node : m_check.nodes)
            nodes += node.verdict == Verdict::needsHost ? 1 : 0;
        if (nodes > 0)
            m_check.diagnostics.push_back(
                Diagnostic("check.rest-on-host").with("nodes", nodes).as(Severity::note));
    }

    const std::filesystem::path &m_file;
    const ModelCheckOptions &m_options;
    std::stop_token m_stop;
    ModelCheck m_check;
    OnnxModel m_onnx;
    ImportedModel m_model;
    std::set<std::string> m_blocking;
    CutNetwork m_cut;
    std::shared_ptr<const Graph> m_rewritten;
    std::map<std::string, std::vector<std::int64_t>> m_shapes; // given or proposed
    bool m_isStatic = true;
    std::int64_t m_batch = 1;
};

} // namespace

std::string_view verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::supported:
        return "supported";
    case Verdict::folded:
        return "folded";
    case Verdict::needsHost:
        return "needs host";
    case Verdict::unsupported:
        return "unsupported";
    }
    return "unsupported";
}

ModelCheck checkModel(const std::filesystem::path &model, const ModelCheckOptions &options,
                      std::stop_token stop)
{
    return Checker(model, options, std::move(stop)).run();
}

} // namespace hefstudio
