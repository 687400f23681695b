// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/hef_diff.h"

#include "base/hash.h"
#include "hef/actions.h"
#include "hef/diff_fields.h"
#include "hef/field_text.h"
#include "hef/group_view.h"
#include "hef/hef_reader.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace hefstudio {

namespace {

class Differ {
public:
    Differ(const Hef &a, const Hef &b) : m_a(a), m_b(b) {}
    HefDiff run();

private:
    void say(std::string path, std::string a, std::string b, std::string meaning)
    {
        m_diff.differences.push_back(
            {std::move(path), std::move(a), std::move(b), std::move(meaning)});
    }
    // Says it when the two differ.
    void compare(const std::string &path, const std::string &a, const std::string &b,
                 const std::string &meaning)
    {
        if (a != b)
            say(path, a, b, meaning);
    }
    void compareHeader();
    void compareGroup(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                      const std::string &path);
    void compareContexts(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                         const std::string &path);
    void compareContext(const HefContextView &a, const HefContextView &b, const std::string &path,
                        const std::string &what);
    void compareVStreams(const std::vector<HefVStream> &a, const std::vector<HefVStream> &b,
                         const std::string &path, const std::string &what);
    void compareVStream(const HefVStream &a, const HefVStream &b, const std::string &path,
                        const std::string &what);
    void compareQuantisation(const HefQuantisation &a, const HefQuantisation &b,
                             const std::string &path, const std::string &what);
    void compareBuffers(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                        const std::string &path);
    void compareTransfers(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                          const std::string &path);
    void compareHostOps(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                        const std::string &path);
    void compareWords();
    void compareBlobs();
    void compareBytes();

    const Hef &m_a;
    const Hef &m_b;
    HefDiff m_diff;
};

template<class List, class ToText> std::string joined(const List &list, ToText toText)
{
    std::string text;
    for (const auto &item : list)
        text += (text.empty() ? "" : ", ") + toText(item);
    return text;
}

std::string hashText(std::span<const std::byte> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    const std::uint64_t hash = xxh3_64(bytes);
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
        text += digits[hash >> shift & 15];
    return bytesText(bytes.size()) + ", XXH3 " + text;
}

void Differ::compareHeader()
{
    compare("arch", std::string(m_a.arch().productName()), std::string(m_b.arch().productName()),
            "the chip they are made for");
    if (m_a.arch().productName() == m_b.arch().productName())
        compare("header.hw_arch", std::to_string(m_a.arch().value),
                std::to_string(m_b.arch().value), "the number of the chip");
    compare("sdk_version", m_a.sdkVersion(), m_b.sdkVersion(), "the compiler that made them");
    compare("header.version", std::to_string(m_a.container().header.version),
            std::to_string(m_b.container().header.version), "the header version");
    compare("header.timestamp", dateText(m_a.timestampMs()), dateText(m_b.timestampMs()),
            "when they were made");
    const auto extensions = [](const Hef &hef) {
        return joined(hef.extensions(), [](const HefExtension &e) {
            return std::to_string(e.type) + (e.isOptional ? " (optional)" : "");
        });
    };
    compare("extensions", extensions(m_a), extensions(m_b), "the extensions a runtime must know");
}

std::string nmsText(const HefNmsShape &nms)
{
    return groupedText(nms.classes) + " classes, up to " + groupedText(nms.boxesPerClass) +
           " boxes each";
}

void Differ::compareQuantisation(const HefQuantisation &a, const HefQuantisation &b,
                                 const std::string &path, const std::string &what)
{
    const auto number = [](float value) { return numberText(static_cast<double>(value)); };
    compare(path + ".scale", number(a.scale), number(b.scale), "the scale of " + what);
    compare(path + ".zero_point", number(a.zeroPoint), number(b.zeroPoint),
            "the zero point of " + what);
    compare(path + ".limits", number(a.limitLow) + " to " + number(a.limitHigh),
            number(b.limitLow) + " to " + number(b.limitHigh), "the range of " + what);
    const auto vectors = [&](const char *key, const std::vector<double> &x,
                             const std::vector<double> &y, const char *noun) {
        if (x == y)
            return;
        std::size_t differing = std::max(x.size(), y.size()) - std::min(x.size(), y.size());
        for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
            differing += x[i] != y[i] ? 1 : 0;
        say(path + key, groupedText(x.size()) + " values", groupedText(y.size()) + " values",
            groupedText(differing) + ' ' + noun + " of " + what);
    };
    vectors(".scales", a.scales, b.scales, "scales per channel");
    vectors(".zero_points", a.zeroPoints, b.zeroPoints, "zero points per channel");
}

void Differ::compareVStream(const HefVStream &a, const HefVStream &b, const std::string &path,
                            const std::string &what)
{
    const auto shape = [](const HefVStream &v) {
        return v.nms ? nmsText(*v.nms)
                     : std::to_string(v.shape.height) + "x" + std::to_string(v.shape.width) + "x" +
                           std::to_string(v.shape.features);
    };
    compare(path + ".name", a.name, b.name, "the name of " + what);
    compare(path + ".shape", shape(a), shape(b), "the shape of " + what);
    compare(path + ".type", std::string(typeText(a.type)), std::string(typeText(b.type)),
            "the element type of " + what);
    compare(path + ".order", std::string(orderText(a.order)), std::string(orderText(b.order)),
            "the layout of " + what);
    compareQuantisation(a.quantisation, b.quantisation, path, what);
}

// By name; what is left over by position, as renamed.
void Differ::compareVStreams(const std::vector<HefVStream> &a, const std::vector<HefVStream> &b,
                             const std::string &path, const std::string &what)
{
    const auto at = [&](const std::string &name) { return path + '[' + printable(name) + ']'; };
    std::vector<const HefVStream *> onlyA;
    std::vector<const HefVStream *> onlyB;
    std::vector<std::string> commonA;
    std::vector<std::string> commonB;
    for (const HefVStream &v : a) {
        const auto other = std::ranges::find(b, v.name, &HefVStream::name);
        if (other == b.end()) {
            onlyA.push_back(&v);
            continue;
        }
        commonA.push_back(v.name);
        compareVStream(v, *other, at(v.name), what + ' ' + printable(v.name));
    }
    for (const HefVStream &v : b) {
        if (std::ranges::find(a, v.name, &HefVStream::name) == a.end())
            onlyB.push_back(&v);
        else
            commonB.push_back(v.name);
    }
    if (onlyA.size() == onlyB.size()) {
        for (std::size_t i = 0; i < onlyA.size(); ++i)
            compareVStream(*onlyA[i], *onlyB[i], at(onlyA[i]->name),
                           what + ' ' + printable(onlyA[i]->name));
    } else {
        for (const HefVStream *v : onlyA)
            say(at(v->name), v->name, {}, "an " + what + " only the first has");
        for (const HefVStream *v : onlyB)
            say(at(v->name), {}, v->name, "an " + what + " only the second has");
    }
    if (commonA != commonB)
        say(path, joined(commonA, printable), joined(commonB, printable),
            "the order of the " + what + "s");
}

void Differ::compareContext(const HefContextView &a, const HefContextView &b,
                            const std::string &path, const std::string &what)
{
    const auto actions = [](const HefContextView &context) {
        return joined(context.actions, [](const auto &entry) {
            return entry.first + ' ' + std::to_string(entry.second);
        });
    };
    compare(path + ".operations", std::to_string(a.operations), std::to_string(b.operations),
            "the number of operations of " + what);
    compare(path + ".actions", actions(a), actions(b), "the actions of " + what);
    compare(path + ".config_bytes", groupedText(a.configBytes), groupedText(b.configBytes),
            "the configuration bytes of " + what);
}

void Differ::compareContexts(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                             const std::string &path)
{
    compare(path + ".contexts", std::to_string(a.contexts.size()),
            std::to_string(b.contexts.size()), "the number of contexts");
    const auto layouts = [](const HefNetworkGroupView &group) {
        return joined(group.layouts, [](std::uint32_t l) { return std::to_string(l); });
    };
    compare(path + ".layouts", layouts(a), layouts(b), "the cluster layouts");
    compareContext(a.preliminary, b.preliminary, path + ".preliminary", "the start-up");
    for (std::size_t i = 0; i < std::min(a.contexts.size(), b.contexts.size()); ++i)
        compareContext(a.contexts[i], b.contexts[i], path + ".contexts[" + std::to_string(i) + "]",
                       "context " + std::to_string(i));
}

void Differ::compareBuffers(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                            const std::string &path)
{
    const auto buffers = [](const HefStream &s) {
        return "stream " + std::to_string(s.index) + ", engine " + std::to_string(s.engine) + ", " +
               groupedText(s.coreBuffersPerFrame) + " x " + bytesText(s.coreBytesPerBuffer) +
               ", FIFO " + groupedText(s.maxFifoBytes) + ", context " + std::to_string(s.context);
    };
    const auto padded = [](const HefStream &s) {
        return std::string(orderText(s.order)) + " " + std::to_string(s.paddedShape.height) + "x" +
               std::to_string(s.paddedShape.width) + "x" + std::to_string(s.paddedShape.features);
    };
    for (const HefStream &s : a.streams) {
        const auto other = std::ranges::find(b.streams, s.name, &HefStream::name);
        if (other == b.streams.end())
            continue; // said as input or output
        const std::string at = path + ".streams[" + printable(s.name) + "]";
        compare(at + ".hardware_shape", padded(s), padded(*other),
                "how stream " + printable(s.name) + " lies on the chip");
        compare(at + ".buffers", buffers(s), buffers(*other),
                "the buffers of stream " + printable(s.name));
        compare(at + ".original_names", joined(s.originalNames, printable),
                joined(other->originalNames, printable),
                "the nodes stream " + printable(s.name) + " stands for");
    }
}

void Differ::compareTransfers(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                              const std::string &path)
{
    const auto texts = [](const HefNetworkGroupView &group) {
        std::multimap<std::string, std::string> all;
        for (const HefTransfer &t : group.transfers) {
            const std::string key = printable(t.name) +
                                    (t.direction == HefDirection::input ? " into " : " out of ") +
                                    std::to_string(t.context);
            all.emplace(key, shapeText(t.type, t.order, t.paddedShape) + ", " +
                                 bytesText(t.frameBytes) + ", with context " +
                                 joined(t.connectedContexts,
                                        [](std::size_t c) { return std::to_string(c); }) +
                                 ", stream " + std::to_string(t.index) + ", " +
                                 groupedText(t.coreBuffersPerFrame) + " x " +
                                 bytesText(t.coreBytesPerBuffer));
        }
        return all;
    };
    const auto inA = texts(a);
    const auto inB = texts(b);
    const auto find = [](const auto &map, const std::string &key) {
        const auto found = map.find(key);
        return found == map.end() ? std::string() : found->second;
    };
    std::set<std::string> keys;
    for (const auto *map : {&inA, &inB}) {
        for (const auto &[key, text] : *map)
            keys.insert(key);
    }
    for (const std::string &key : keys)
        compare(path + ".transfers[" + key + "]", find(inA, key), find(inB, key),
                "the buffer between contexts of " + key);
}

void Differ::compareHostOps(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                            const std::string &path)
{
    compare(path + ".host_ops", joined(a.hostOps, [](const HefHostOp &op) { return op.name; }),
            joined(b.hostOps, [](const HefHostOp &op) { return op.name; }),
            "the steps on the host");
    for (std::size_t i = 0; i < std::min(a.hostOps.size(), b.hostOps.size()); ++i) {
        const HefHostOp &x = a.hostOps[i];
        const HefHostOp &y = b.hostOps[i];
        if (x.name != y.name)
            continue;
        const std::string at = path + ".host_ops[" + std::to_string(i) + "]";
        compare(at + ".inputs", joined(x.inputs, printable), joined(y.inputs, printable),
                "the inputs of " + x.name);
        // "Score threshold: 0.200" by its words before the colon.
        std::map<std::string, std::pair<std::string, std::string>> parameters;
        for (const bool isFirst : {true, false}) {
            for (const std::string &line : (isFirst ? x : y).text) {
                const std::size_t colon = line.find(": ");
                if (colon == std::string::npos)
                    continue;
                auto &values = parameters[line.substr(0, colon)];
                (isFirst ? values.first : values.second) = line.substr(colon + 2);
            }
        }
        for (const auto &[name, values] : parameters)
            compare(at + '.' + name, values.first, values.second, name + " of " + x.name);
    }
}

void Differ::compareGroup(const HefNetworkGroupView &a, const HefNetworkGroupView &b,
                          const std::string &path)
{
    compare(path + ".name", a.name, b.name, "the name of the network group");
    compareContexts(a, b, path);
    compareVStreams(a.inputs, b.inputs, path + ".inputs", "input");
    compareVStreams(a.outputs, b.outputs, path + ".outputs", "output");
    compareHostOps(a, b, path);
    compareBuffers(a, b, path);
    compareTransfers(a, b, path);
    const auto channels = [](const HefNetworkGroupView &group) {
        return joined(group.configChannels, [](const HefConfigChannel &c) {
            return std::to_string(c.index) +
                   (c.engine ? " on engine " + std::to_string(*c.engine) : std::string());
        });
    };
    compare(path + ".config_channels", channels(a), channels(b), "the configuration channels");
    compare(path + ".estimate.fps", numberText(a.framesPerSecond), numberText(b.framesPerSecond),
            "the compiler's estimate of frames per second");
    compare(path + ".estimate.latency_ms", numberText(a.latencySeconds * 1000),
            numberText(b.latencySeconds * 1000), "the compiler's estimate of the latency");
}

// The words each context sends, whatever actions carry them.
void Differ::compareWords()
{
    const auto words = [](const Hef &hef) {
        std::map<std::string, Bytes> all;
        for (const HefProgramPart &part : programPartsOf(hef)) {
            std::string key =
                part.context ? "context " + std::to_string(*part.context) : "the start-up";
            if (part.layout != 0)
                key += " of layout " + std::to_string(part.layout);
            Bytes &bytes = all[key];
            for (const auto &operation : part.operations) {
                for (const auto &action : operation.actions()) {
                    const std::uint32_t kind = action.member();
                    if (kind != proto::ProtoHEFAction::write_data_ccw_number &&
                        kind != proto::ProtoHEFAction::write_data_ccw_ptr_number)
                        continue;
                    const auto read = readAction(hef, action).words;
                    bytes.insert(bytes.end(), read->of.begin(), read->of.end());
                }
            }
        }
        return all;
    };
    const auto inA = words(m_a);
    const auto inB = words(m_b);
    for (const auto &[key, bytes] : inA) {
        const auto other = inB.find(key);
        if (other != inB.end() && other->second != bytes)
            say("words[" + key + "]", hashText(bytes), hashText(other->second),
                "the configuration words of " + key);
    }
}

void Differ::compareBlobs()
{
    const auto blobs = [](const Hef &hef) {
        std::map<std::string, std::string> all;
        for (const HefResource &r : hef.resources())
            all[printable(r.name)] =
                r.isInside ? hashText(hef.container().of({r.offset, r.size})) : "outside the file";
        return all;
    };
    const auto inA = blobs(m_a);
    const auto inB = blobs(m_b);
    std::set<std::string> names;
    for (const auto *map : {&inA, &inB}) {
        for (const auto &[name, text] : *map)
            names.insert(name);
    }
    const auto find = [](const auto &map, const std::string &key) {
        const auto found = map.find(key);
        return found == map.end() ? std::string() : found->second;
    };
    for (const std::string &name : names)
        compare("resources[" + name + "]", find(inA, name), find(inB, name),
                "the blob '" + name + "'");
}

// Whatever nobody has named so far.
void Differ::compareBytes()
{
    const HefFile &a = m_a.container();
    const HefFile &b = m_b.container();
    compare("header.proto_bytes", groupedText(a.proto.size), groupedText(b.proto.size),
            "the size of the message");
    const auto section = [&](const char *path, const HefSection &x, const HefSection &y,
                             const char *meaning) {
        if (!std::ranges::equal(a.of(x), b.of(y)))
            say(path, hashText(a.of(x)), hashText(b.of(y)), meaning);
    };
    section("sections.ccws", a.ccws, b.ccws, "the configuration section");
    section("sections.additional_info", a.additionalInfo, b.additionalInfo,
            "the additional information");
    section("sections.tail", a.tail, b.tail, "the bytes behind the end");
    if (m_diff.isSame() && !std::ranges::equal(a.bytes, b.bytes))
        say("bytes", hashText(a.bytes), hashText(b.bytes),
            "the same content in other bytes: encoding or padding");
}

HefDiff Differ::run()
{
    if (std::ranges::equal(m_a.container().bytes, m_b.container().bytes))
        return {};
    compareHeader();
    const auto &a = m_a.groups();
    const auto &b = m_b.groups();
    compare("network_groups", std::to_string(a.size()), std::to_string(b.size()),
            "the number of network groups");
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        compareGroup(a[i], b[i], "network_groups[" + std::to_string(i) + "]");
    compareWords();
    compareBlobs();
    // Fields no view has: only where the two have the same build.
    if (m_a.arch().isMultiLayout() == m_b.arch().isMultiLayout()) {
        for (HefDifference &each : diffRemainingFields(m_a, m_b, m_diff.differences))
            m_diff.differences.push_back(std::move(each));
    }
    compareBytes();
    return std::move(m_diff);
}

// The part of a file a difference belongs to, for the sentence.
std::string topicOf(const HefDifference &difference)
{
    const std::string &path = difference.path;
    const auto has = [&](const char *text) { return path.find(text) != std::string::npos; };
    if (path == "arch" || path == "header.hw_arch")
        return "chip";
    if (path == "sdk_version")
        return "compiler";
    if (path == "header.timestamp")
        return "time of making";
    if (has(".inputs"))
        return "inputs";
    if (has(".outputs"))
        return "outputs";
    if (has(".host_ops"))
        return "steps on the host";
    if (has(".streams") || has(".transfers"))
        return "buffers";
    if (has(".contexts") || has(".preliminary") || has(".layouts"))
        return "contexts";
    if (path.starts_with("words") || has(".ccws"))
        return "configuration words";
    if (path.starts_with("resources"))
        return "blobs";
    return "details";
}

} // namespace

std::string HefDiff::sentence() const
{
    if (isSame())
        return "The files are the same.";
    std::vector<std::pair<std::string, std::size_t>> topics;
    for (const HefDifference &difference : differences) {
        const std::string topic = topicOf(difference);
        const auto found = std::ranges::find(topics, topic, [](const auto &t) { return t.first; });
        if (found == topics.end())
            topics.emplace_back(topic, 1);
        else
            ++found->second;
    }
    std::string text = "The files differ in ";
    for (std::size_t i = 0; i < topics.size(); ++i) {
        text += i == 0 ? "" : i + 1 == topics.size() ? " and " : ", ";
        text += topics[i].first;
        if (topics[i].second > 1)
            text += " (" + std::to_string(topics[i].second) + ")";
    }
    return text + ".";
}

HefDiff diffHefs(const Hef &a, const Hef &b)
{
    return Differ(a, b).run();
}

std::string hefDiffText(const HefDiff &diff)
{
    std::string text = diff.sentence() + '\n';
    for (const HefDifference &d : diff.differences) {
        text += "  " + d.meaning + ": ";
        text += (d.a.empty() ? "nothing" : printable(d.a)) + " / " +
                (d.b.empty() ? "nothing" : printable(d.b)) + "  [" + d.path + "]\n";
    }
    return text;
}

std::string hefDiffJson(const Hef &a, const Hef &b, const HefDiff &diff)
{
    using Json = nlohmann::ordered_json;
    Json json{{"a", a.name()},
              {"b", b.name()},
              {"same", diff.isSame()},
              {"sentence", diff.sentence()},
              {"differences", Json::array()}};
    for (const HefDifference &d : diff.differences)
        json["differences"].push_back(
            {{"path", d.path}, {"a", d.a}, {"b", d.b}, {"meaning", d.meaning}});
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace hefstudio
