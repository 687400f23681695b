// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/model_metadata.h"

#include "base/tensor.h"

#include <algorithm>
#include <set>

namespace hefstudio {
namespace {

constexpr std::int64_t boxSides = 4;
constexpr std::int64_t mostBins = 64; // EdgeFirst's decoder keeps them in a fixed array

const std::set<std::string_view> elementTypes{"int8",  "uint8",  "int16",   "uint16",
                                              "int32", "uint32", "float16", "float32"};
const std::set<std::string_view> activations{"sigmoid", "softmax", "tanh"};
// The schema's three, and our words for heads it has none for (heads/head_metadata.h): a reader
// that does not know them refuses the file instead of decoding it wrongly.
const std::set<std::string_view> encodings{"dfl",        "direct", "anchor",      "centre_exp",
                                           "anchor_exp", "prior",  "image_share", "size_offset"};

class Judge {
public:
    Judge(const ModelMetadata &metadata, const std::string &file)
        : m_metadata(metadata), m_file(file)
    {
    }

    Diagnostics judge()
    {
        checkInput();
        for (std::size_t i = 0; i < m_metadata.outputs.size(); ++i)
            checkLogical(m_metadata.outputs[i], "outputs[" + std::to_string(i) + "]");
        return std::move(m_problems);
    }

private:
    void add(Severity severity, const std::string &path, std::string reason)
    {
        constexpr std::size_t enough = 100;
        if (m_problems.size() < enough)
            m_problems.push_back(Diagnostic("metadata.rule", Place{.file = m_file, .keyPath = path})
                                     .with("reason", std::move(reason))
                                     .as(severity));
    }
    void error(const std::string &path, std::string reason)
    {
        add(Severity::error, path, std::move(reason));
    }
    void warn(const std::string &path, std::string reason)
    {
        add(Severity::warning, path, std::move(reason));
    }

    void checkAxes(const std::vector<std::int64_t> &shape, const std::vector<MetadataAxis> &axes,
                   const std::string &path)
    {
        if (std::ranges::any_of(shape, [](auto size) { return size <= 0; }))
            error(path + ".shape", "a size is not positive");
        if (axes.empty())
            return;
        std::set<std::string> keys;
        for (const MetadataAxis &axis : axes) {
            if (!keys.insert(axis.key).second)
                error(path + ".dshape", "the axis '" + axis.key + "' stands there twice");
            if (axis.key == "padding" && axis.size != 1)
                error(path + ".dshape", "padding is not 1");
        }
        if (!std::ranges::equal(axes, shape, {}, &MetadataAxis::size))
            error(path + ".dshape", "its sizes are not those of shape");
    }

    void checkInput()
    {
        const MetadataInput &input = m_metadata.input;
        checkAxes(input.shape, input.axes, "input");
        const bool isNchw = input.shape.size() == 4 && input.shape[1] <= 4 && input.shape[3] > 4;
        if (isNchw && input.axes.empty())
            error("input", "the shape is NCHW and dshape is missing, so the height would be read "
                           "as " +
                               std::to_string(input.shape[1]));
    }

    void checkQuantisation(const MetadataOutput &output, const std::string &path)
    {
        if (!output.quantisation)
            return;
        const MetadataQuantisation &q = *output.quantisation;
        const std::string here = path + ".quantization";
        if (q.scales.empty())
            error(here, "there is no scale");
        if (std::ranges::any_of(q.scales, [](double s) { return !(s > 0) || s > 1e30; }))
            error(here + ".scale", "a scale is not positive");
        if (!q.dtype.empty() && !output.dtype.empty() && q.dtype != output.dtype)
            error(here + ".dtype", "it differs from the dtype of the output");
        const auto &values = q.scales.size() > 1 ? q.scales.size() : q.zeroPoints.size();
        if (values > 1) {
            if (!q.axis || *q.axis < 0 || *q.axis >= std::int64_t(output.shape.size()))
                error(here + ".axis", "there is one scale per channel, but axis does not name one");
            else if (std::int64_t(values) != output.shape[std::size_t(*q.axis)])
                error(here + ".scale", "there are not as many scales as channels");
        }
    }

    void checkActivation(const MetadataOutput &output, const std::string &path)
    {
        for (const auto &[key, name] :
             {std::pair("activation_applied", output.activationApplied),
              std::pair("activation_required", output.activationRequired)})
            if (!name.empty() && !activations.contains(name))
                error(path + "." + key, "'" + name + "' is no known activation");
        if (!output.activationApplied.empty() && !output.activationRequired.empty())
            error(path, "the activation is both applied and required");
    }

    void checkPhysical(const MetadataOutput &output, const std::string &path)
    {
        checkAxes(output.shape, output.axes, path);
        checkQuantisation(output, path);
        checkActivation(output, path);
        if (!output.dtype.empty() && !elementTypes.contains(output.dtype))
            error(path + ".dtype", "'" + output.dtype + "' is no known element type");
        if (output.stride && !((*output.stride)[0] > 0 && (*output.stride)[1] > 0))
            error(path + ".stride", "it is not positive");
    }

    void checkChild(const MetadataOutput &child, const std::string &path)
    {
        checkPhysical(child, path);
        if (child.name.empty())
            error(path + ".name", "it is missing; the runtime finds the output by it");
        if (child.dtype.empty())
            error(path + ".dtype", "it is missing");
        if (child.quantisation && child.quantisation->dtype.empty())
            warn(path + ".quantization.dtype", "it is missing; EdgeFirst's decoder needs it");
        if (!child.children.empty())
            error(path + ".outputs", "outputs are nested more than one level deep");
        if (!child.decoder.empty() || !child.encoding.empty() || !child.scoreFormat.empty() ||
            child.isNormalised || !child.anchors.empty())
            error(path, "decoder, encoding, score_format, normalized and anchors belong to the "
                        "logical output");
    }

    // Bins of a distribution, four of them side by side.
    void checkBins(const MetadataOutput &tensor, const std::string &path)
    {
        std::int64_t features = 0;
        const auto named = std::ranges::find(tensor.axes, "num_features", &MetadataAxis::key);
        if (named != tensor.axes.end())
            features = named->size;
        else if (!tensor.shape.empty())
            features = tensor.shape.back();
        if (features % boxSides != 0)
            error(path, "the features of a dfl output do not divide by 4");
        else if (features / boxSides > mostBins)
            error(path, "a dfl output has more than 64 bins a side");
    }

    void checkLogical(const MetadataOutput &output, const std::string &path)
    {
        checkPhysical(output, path);
        if (!output.encoding.empty() && !encodings.contains(output.encoding))
            warn(path + ".encoding", "EdgeFirst knows no encoding '" + output.encoding + "'");
        if (output.type == "detections" && m_metadata.isEndToEnd && !output.children.empty())
            error(path + ".outputs", "the output of an end-to-end model cannot be split");
        std::set<std::pair<std::string, std::vector<std::int64_t>>> seen;
        std::size_t strides = 0;
        for (std::size_t i = 0; i < output.children.size(); ++i) {
            const MetadataOutput &child = output.children[i];
            const std::string here = path + ".outputs[" + std::to_string(i) + "]";
            checkChild(child, here);
            strides += child.stride ? 1 : 0;
            if (!seen.emplace(child.type, child.shape).second)
                error(here, "another output has the same type and shape");
            // A tensor that several outputs share says in keys of its own where each begins.
            if (output.encoding == "dfl" && (child.type == "boxes" || child.type.empty()) &&
                child.otherKeys.find("\"channels\"") == std::string::npos)
                checkBins(child, here);
        }
        if (strides != 0 && strides != output.children.size())
            error(path + ".outputs", "some have a stride and some have none");
        if (output.encoding == "dfl" && output.children.empty())
            error(path, "a dfl output must be split by scale");
        if (output.type == "scores" || output.type == "objectness")
            checkScoreActivation(output, path);
    }

    // With neither key EdgeFirst's runtime would compare raw logits with the threshold.
    void checkScoreActivation(const MetadataOutput &output, const std::string &path)
    {
        const auto says = [](const MetadataOutput &o) {
            return !o.activationApplied.empty() || !o.activationRequired.empty();
        };
        const bool childrenSay =
            !output.children.empty() && std::ranges::all_of(output.children, says);
        if (!says(output) && !childrenSay)
            warn(path, "neither activation_applied nor activation_required is stated");
    }

    const ModelMetadata &m_metadata;
    const std::string &m_file;
    Diagnostics m_problems;
};

} // namespace

Diagnostics metadataProblems(const ModelMetadata &metadata, const std::string &nameForErrors)
{
    return Judge(metadata, nameForErrors).judge();
}

} // namespace hefstudio
