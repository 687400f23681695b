// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/head_metadata.h"

#include "base/diagnostic_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace hefstudio {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array roles{HeadRole::box,          HeadRole::objectness, HeadRole::classes,
                           HeadRole::coefficients, HeadRole::keypoints,  HeadRole::angle,
                           HeadRole::offset};

Json dshape(std::initializer_list<std::pair<const char *, std::int64_t>> axes)
{
    Json list = Json::array();
    for (const auto &[key, size] : axes)
        list.push_back({{key, size}});
    return list;
}

const char *channelKey(HeadRole role)
{
    switch (role) {
    case HeadRole::classes:
        return "num_classes";
    case HeadRole::protos:
    case HeadRole::coefficients:
        return "num_protos";
    default:
        return "num_features";
    }
}

Json strideJson(const HeadScale &scale)
{
    const auto number = [](double value) -> Json {
        return value == std::floor(value) ? Json(static_cast<std::int64_t>(value)) : Json(value);
    };
    if (scale.strideX == scale.strideY)
        return number(scale.strideX);
    return Json::array({number(scale.strideX), number(scale.strideY)});
}

// Shape, type and quantisation of an output as the file carries it: N, H, W, C.
void describePhysical(Json &json, const HeadTensor &tensor, HeadRole role, const OutputPort &port,
                      std::size_t index)
{
    const Shape &shape = tensor.shape;
    if (shape.rank() == 4) {
        json["shape"] = {shape[0], shape[2], shape[3], shape[1]};
        json["dshape"] = dshape({{"batch", shape[0]},
                                 {"height", shape[2]},
                                 {"width", shape[3]},
                                 {channelKey(role), shape[1]}});
    } else {
        json["shape"] = shape.dims();
    }
    json["dtype"] = port.type;
    json["quantization"] =
        port.type == "float32"
            ? Json(nullptr)
            : Json{{"scale", port.scale}, {"zero_point", port.zeroPoint}, {"dtype", port.type}};
    json["output_index"] = index;
}

Json child(const HeadLayout &layout, std::size_t scaleIndex, const HeadPart &part,
           std::span<const OutputPort> ports)
{
    const HeadScale &scale = layout.scales[scaleIndex];
    Json json{{"name", ports[part.tensor].name}, {"type", headRoleName(part.role)}};
    json["stride"] = strideJson(scale);
    json["scale_index"] = scaleIndex;
    describePhysical(json, layout.tensors[part.tensor], part.role, ports[part.tensor], part.tensor);
    if (scale.anchorsPerCell != 1)
        json["anchors_per_cell"] = scale.anchorsPerCell;
    if (part.first != 0 || part.width != part.period)
        json["channels"] = {{"first", part.first}, {"width", part.width}, {"period", part.period}};
    const bool isScore = part.role == HeadRole::classes || part.role == HeadRole::objectness;
    if (part.hasSigmoid && isScore)
        json["activation_applied"] = "sigmoid";
    return json;
}

std::int64_t boxCount(const HeadLayout &layout)
{
    std::int64_t boxes = 0;
    for (const HeadScale &scale : layout.scales)
        boxes += std::int64_t(scale.height) * scale.width * scale.anchorsPerCell;
    return boxes;
}

// What only the logical output of a role says.
void describeLogical(Json &json, const HeadLayout &layout, HeadRole role)
{
    const std::int64_t boxes = boxCount(layout);
    const auto form = [&](const char *key, std::int64_t width) {
        json["shape"] = {1, width, boxes};
        json["dshape"] = dshape({{"batch", 1}, {key, width}, {"num_boxes", boxes}});
    };
    switch (role) {
    case HeadRole::box:
        json["encoding"] = boxCodingName(layout.boxes);
        json["normalized"] = false;
        form("box_coords", 4);
        json["cell_offset"] = layout.cellOffset;
        if (layout.boxes == BoxCoding::distribution)
            json["bins"] = layout.bins;
        if (layout.boxes == BoxCoding::priorOffsets)
            json["variances"] = layout.variances;
        if (layout.isYFirst)
            json["order"] = "yxhw";
        break;
    case HeadRole::classes:
        json["score_format"] =
            layout.scores == ScoreRule::classOnly || layout.scores == ScoreRule::peak
                ? "per_class"
                : "obj_x_class";
        if (layout.scores != ScoreRule::classOnly && layout.scores != ScoreRule::product)
            json["score_rule"] = scoreRuleName(layout.scores);
        if (layout.classActivation == ClassActivation::softmax)
            json["activation_required"] = "softmax";
        if (layout.hasBackground)
            json["background"] = 0;
        form("num_classes", layout.classes + (layout.hasBackground ? 1 : 0));
        break;
    case HeadRole::objectness:
        if (!layout.scales.front().part(role)->hasSigmoid)
            json["activation_required"] = "sigmoid";
        form("num_features", 1);
        break;
    case HeadRole::keypoints:
        json["keypoints"] = {{"count", layout.keypoints.count},
                             {"values", layout.keypoints.values},
                             {"factor", layout.keypoints.factor},
                             {"cell_offset", layout.keypoints.cellOffset}};
        form("num_features", std::int64_t(layout.keypoints.count) * layout.keypoints.values);
        break;
    case HeadRole::angle:
        json["angle_coding"] = angleCodingName(layout.angle);
        form("num_features", 1);
        break;
    case HeadRole::coefficients:
        form("num_protos", layout.scales.front().part(role)->width);
        break;
    case HeadRole::offset:
        form("num_features", 2);
        break;
    case HeadRole::protos:
        break;
    }
}

class MetadataReader {
public:
    MetadataReader(const Json &root, const std::string &file) : m_root(root), m_file(file) {}

    Result<HeadLayout> read()
    {
        try {
            readInput();
            for (const Json &output : m_root.value("outputs", Json::array()))
                readOutput(output);
            finish();
        } catch (const Json::exception &error) {
            // The library's own words, which carry the key; nothing leaves this room as exception.
            return malformed(error.what());
        }
        if (!m_fault.empty())
            return malformed(m_fault);
        if (auto sound = verifyLayout(m_layout); !sound)
            return passOn(std::move(sound));
        return std::move(m_layout);
    }

private:
    std::unexpected<Diagnostics> malformed(std::string what) const
    {
        return fail(Diagnostic("heads.metadata-malformed", Place{.file = m_file})
                        .with("what", std::move(what)));
    }
    void fault(std::string what)
    {
        if (m_fault.empty())
            m_fault = std::move(what);
    }

    // Sizes of named axes: from dshape, else by position of N, H, W, C.
    static std::int64_t axis(const Json &json, const char *name, std::size_t position)
    {
        for (const Json &entry : json.value("dshape", Json::array()))
            if (entry.contains(name))
                return entry.at(name).get<std::int64_t>();
        const auto shape = json.value("shape", std::vector<std::int64_t>{});
        return position < shape.size() ? shape[position] : 0;
    }

    void readInput()
    {
        const Json input = m_root.value("input", Json::object());
        m_layout.inputHeight =
            static_cast<int>(std::clamp<std::int64_t>(axis(input, "height", 1), 0, 1 << 20));
        m_layout.inputWidth =
            static_cast<int>(std::clamp<std::int64_t>(axis(input, "width", 2), 0, 1 << 20));
        m_layout.inputChannels =
            static_cast<int>(std::clamp<std::int64_t>(axis(input, "num_features", 3), 0, 1 << 20));
        const std::string nms = m_root.value("nms", "class_agnostic");
        const Json validation = m_root.value("validation", Json::object());
        m_layout.suppression = nms == "none" || validation.value("nms", "") == "none"
                                   ? SuppressionScope::none
                               : nms == "class_aware" ? SuppressionScope::perClass
                                                      : SuppressionScope::agnostic;
        m_layout.evidence = "The file's metadata describes its outputs.";
    }

    std::size_t tensorOf(const Json &json)
    {
        const std::string name = json.at("name").get<std::string>();
        const auto known = std::ranges::find(m_layout.tensors, name, &HeadTensor::name);
        if (known != m_layout.tensors.end())
            return static_cast<std::size_t>(known - m_layout.tensors.begin());
        auto dims = json.at("shape").get<std::vector<std::int64_t>>();
        if (!checkedElementCount(dims))
            fault("the shape of '" + name + "' is not sound");
        // Channels last unless the channels' key stands second.
        const Json layout = json.value("dshape", Json::array());
        const bool isChannelsFirst =
            layout.size() == 4 && layout[2].contains("height") && layout[3].contains("width");
        if (dims.size() == 4 && !isChannelsFirst)
            dims = {dims[0], dims[3], dims[1], dims[2]};
        m_order.push_back(json.value("output_index", m_layout.tensors.size()));
        m_layout.tensors.push_back({name, Shape(dims)});
        return m_layout.tensors.size() - 1;
    }

    void readOutput(const Json &output)
    {
        const std::string type = output.value("type", "");
        if (type == "protos") {
            m_layout.protos = tensorOf(output);
            return;
        }
        const auto role = std::ranges::find(roles, type, headRoleName);
        const Json children = output.value("outputs", Json::array());
        if (role == roles.end() || children.empty()) {
            if (output.contains("name") && output.contains("shape") && children.empty())
                tensorOf(output);
            return;
        }
        readLogical(*role, output);
        for (const Json &json : children)
            readChild(*role, output, json);
    }

    template<class Enum, class Name>
    Enum word(const std::string &text, std::initializer_list<Enum> all, Name nameOf, Enum otherwise)
    {
        for (const Enum value : all)
            if (nameOf(value) == text)
                return value;
        fault("'" + text + "' is not known");
        return otherwise;
    }

    void readLogical(HeadRole role, const Json &output)
    {
        if (role == HeadRole::box) {
            std::string encoding = output.value("encoding", "dfl");
            if (encoding == "ltrb")
                encoding = "direct";
            m_layout.boxes =
                word(encoding,
                     {BoxCoding::distribution, BoxCoding::distances, BoxCoding::centreExp,
                      BoxCoding::anchorSquare, BoxCoding::anchorExp, BoxCoding::priorOffsets,
                      BoxCoding::imageShare, BoxCoding::sizeAndOffset},
                     boxCodingName, BoxCoding::distances);
            const bool isFromCentre = m_layout.boxes == BoxCoding::distribution ||
                                      m_layout.boxes == BoxCoding::distances ||
                                      m_layout.boxes == BoxCoding::priorOffsets;
            m_layout.cellOffset = output.value("cell_offset", isFromCentre ? 0.5 : 0.0);
            m_layout.bins = output.value("bins", 0);
            m_layout.variances = output.value("variances", std::array{0.1, 0.2});
            if (m_layout.boxes != BoxCoding::priorOffsets)
                m_layout.variances = {1, 1};
            m_layout.isYFirst = output.value("order", "") == "yxhw";
        } else if (role == HeadRole::classes) {
            m_layout.hasBackground = output.contains("background");
            m_required = output.value("activation_required", "");
            if (output.value("activation_applied", "") == "sigmoid")
                m_isApplied = true;
            m_layout.scores =
                word(output.value("score_rule", output.value("score_format", "per_class")),
                     {ScoreRule::classOnly, ScoreRule::product, ScoreRule::geometric,
                      ScoreRule::weighted, ScoreRule::peak},
                     scoreRuleName, ScoreRule::classOnly);
        } else if (role == HeadRole::keypoints) {
            const Json points = output.value("keypoints", Json::object());
            m_layout.keypoints = {points.value("count", 0), points.value("values", 3),
                                  points.value("factor", 2.0), points.value("cell_offset", 0.0)};
        } else if (role == HeadRole::angle) {
            m_layout.angle = word(output.value("angle_coding", "quarter_turns"),
                                  {AngleCoding::quarterTurns, AngleCoding::radians},
                                  angleCodingName, AngleCoding::quarterTurns);
        }
    }

    void readChild(HeadRole role, const Json &output, const Json &json)
    {
        const std::size_t tensor = tensorOf(json);
        const Shape &shape = m_layout.tensors[tensor].shape;
        const Json stride = json.value("stride", output.value("stride", Json()));
        std::array<double, 2> strides{};
        if (stride.is_number())
            strides = {stride.get<double>(), stride.get<double>()};
        else if (stride.is_array() && stride.size() == 2)
            strides = {stride[0].get<double>(), stride[1].get<double>()};
        else
            fault("'" + m_layout.tensors[tensor].name + "' has no stride");
        if (shape.rank() != 4 || shape[2] > (1 << 20) || shape[3] > (1 << 20) ||
            shape[1] > (1 << 24))
            return fault("'" + m_layout.tensors[tensor].name + "' is no map");
        HeadScale &scale = m_scales[strides];
        scale.strideX = strides[0];
        scale.strideY = strides[1];
        scale.height = static_cast<int>(shape[2]);
        scale.width = static_cast<int>(shape[3]);
        scale.anchorsPerCell = json.value("anchors_per_cell", scale.anchorsPerCell);
        const Json channels = json.value("channels", Json::object());
        const int own = static_cast<int>(shape[1]) / std::clamp(scale.anchorsPerCell, 1, 1 << 20);
        HeadPart part{.role = role,
                      .tensor = tensor,
                      .first = channels.value("first", 0),
                      .width = channels.value("width", own),
                      .period = channels.value("period", own)};
        const std::string applied =
            json.value("activation_applied", output.value("activation_applied", ""));
        part.hasSigmoid = applied == "sigmoid";
        if (json.value("activation_required", "") == "sigmoid")
            m_required = "sigmoid";
        scale.parts.push_back(part);
    }

    void finish()
    {
        const Json model = m_root.value("model", Json::object());
        const Json anchors = model.value("anchors", Json());
        std::size_t level = 0;
        for (auto &[stride, scale] : m_scales) {
            if (anchors.is_array() && level < anchors.size())
                scale.anchors = anchors[level].get<std::vector<std::array<double, 2>>>();
            ++level;
            m_layout.scales.push_back(std::move(scale));
        }
        if (m_layout.scales.empty())
            return fault("no output has boxes for several scales");
        const HeadPart *classes = m_layout.scales.front().part(HeadRole::classes);
        const HeadPart *boxes = m_layout.scales.front().part(HeadRole::box);
        if (!classes || !boxes)
            return fault("the outputs lack boxes or scores");
        m_layout.classes = classes->width - (m_layout.hasBackground ? 1 : 0);
        if (m_layout.bins <= 0)
            m_layout.bins = m_layout.boxes == BoxCoding::distribution ? boxes->width / 4 : 1;
        m_layout.classActivation = m_required == "softmax"              ? ClassActivation::softmax
                                   : classes->hasSigmoid || m_isApplied ? ClassActivation::none
                                                                        : ClassActivation::sigmoid;
        restoreOrder();
    }

    // The outputs' own order, where every one of them says its place.
    void restoreOrder()
    {
        std::vector<std::size_t> sorted = m_order;
        std::ranges::sort(sorted);
        for (std::size_t i = 0; i < sorted.size(); ++i)
            if (sorted[i] != i)
                return;
        std::vector<HeadTensor> tensors(m_layout.tensors.size());
        for (std::size_t i = 0; i < m_order.size(); ++i)
            tensors[m_order[i]] = m_layout.tensors[i];
        m_layout.tensors = std::move(tensors);
        for (HeadScale &scale : m_layout.scales)
            for (HeadPart &part : scale.parts)
                part.tensor = m_order[part.tensor];
        if (m_layout.protos)
            m_layout.protos = m_order[*m_layout.protos];
    }

    const Json &m_root;
    const std::string &m_file;
    HeadLayout m_layout;
    std::map<std::array<double, 2>, HeadScale> m_scales; // by stride: finest first
    std::vector<std::size_t> m_order;                    // output_index by tensor
    std::string m_required;
    bool m_isApplied = false;
    std::string m_fault;
};

} // namespace

std::string headMetadata(const HeadLayout &layout, std::span<const OutputPort> ports)
{
    Json json{{"schema_version", 2}};
    json["input"] = {{"shape", {1, layout.inputHeight, layout.inputWidth, layout.inputChannels}},
                     {"dshape", dshape({{"batch", 1},
                                        {"height", layout.inputHeight},
                                        {"width", layout.inputWidth},
                                        {"num_features", layout.inputChannels}})}};
    json["nms"] = suppressionScopeName(layout.suppression);
    Json anchors = Json::array();
    for (const HeadScale &scale : layout.scales)
        if (!scale.anchors.empty())
            anchors.push_back(scale.anchors);
    if (!anchors.empty())
        json["model"]["anchors"] = anchors;
    json["outputs"] = Json::array();
    std::vector<bool> isDescribed(layout.tensors.size(), false);
    for (const HeadRole role : roles) {
        Json logical{{"name", headRoleName(role)}, {"type", headRoleName(role)}};
        if (role == HeadRole::box || role == HeadRole::classes)
            logical["decoder"] = "ultralytics";
        Json children = Json::array();
        for (std::size_t s = 0; s < layout.scales.size(); ++s)
            for (const HeadPart &part : layout.scales[s].parts)
                if (part.role == role) {
                    children.push_back(child(layout, s, part, ports));
                    isDescribed[part.tensor] = true;
                    // Never both keys, never neither.
                    if (role == HeadRole::classes && !part.hasSigmoid &&
                        layout.classActivation == ClassActivation::sigmoid)
                        logical["activation_required"] = "sigmoid";
                }
        if (children.empty())
            continue;
        describeLogical(logical, layout, role);
        logical["outputs"] = std::move(children);
        json["outputs"].push_back(std::move(logical));
    }
    for (std::size_t i = 0; i < layout.tensors.size(); ++i) {
        if (isDescribed[i])
            continue;
        Json physical{{"name", ports[i].name}};
        const bool isProtos = layout.protos == i;
        if (isProtos)
            physical["type"] = "protos";
        describePhysical(physical, layout.tensors[i], isProtos ? HeadRole::protos : HeadRole::box,
                         ports[i], i);
        if (isProtos && layout.tensors[i].shape[2] > 0)
            physical["stride"] = layout.inputHeight / layout.tensors[i].shape[2];
        json["outputs"].push_back(std::move(physical));
    }
    return jsonText(json);
}

Result<HeadLayout> headFromMetadata(std::string_view json, const std::string &nameForErrors)
{
    const auto root = parseJson(json, nameForErrors);
    if (!root)
        return std::unexpected(root.error());
    if (!root->is_object())
        return fail(Diagnostic("heads.metadata-malformed", Place{.file = nameForErrors})
                        .with("what", std::string("it is no object")));
    return MetadataReader(*root, nameForErrors).read();
}

} // namespace hefstudio
