// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/folding.h"

#include <QHash>
#include <QStringList>

#include <algorithm>
#include <queue>

namespace hefstudio {

namespace {

constexpr std::uint32_t none = ~std::uint32_t(0);

using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

Edges edgesBetween(const Graph &graph, std::size_t layerCount,
                   const std::vector<std::uint32_t> &nodeOf)
{
    Edges edges;
    for (const TensorInfo &tensor : graph.tensors) {
        if (tensor.isConstant() || !tensor.producer.isValid() ||
            tensor.producer.index() >= layerCount)
            continue;
        for (const LayerId consumer : tensor.consumers)
            if (consumer.index() < layerCount &&
                nodeOf[tensor.producer.index()] != nodeOf[consumer.index()])
                edges.emplace_back(nodeOf[tensor.producer.index()], nodeOf[consumer.index()]);
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

// Components that all scoped layers share tell nothing: "/model" in "/model/model.0/conv".
qsizetype sharedDepth(const std::vector<QStringList> &scopes)
{
    qsizetype depth = 0;
    while (true) {
        QHash<QString, int> counts;
        int total = 0;
        for (const QStringList &each : scopes)
            if (each.size() > depth) {
                ++counts[each[depth]];
                ++total;
            }
        if (total == 0 || counts.size() != 1 || total * 10 < int(scopes.size()) * 9)
            return depth;
        ++depth;
    }
}

QString signatureOf(const Graph &graph, const std::vector<std::uint32_t> &layers)
{
    QString signature;
    for (const std::uint32_t index : layers) {
        const Layer &layer = graph.layers[index];
        const std::string_view kind = layer.kind();
        signature += QString::fromUtf8(kind.data(), qsizetype(kind.size()));
        for (const std::int64_t dim : graph.outputOf(layer).shape)
            signature += QLatin1Char(',') + QString::number(dim);
        signature += QLatin1Char(';');
    }
    return signature;
}

struct Draft {
    QString key, title, parent;
    std::vector<std::uint32_t> layers;
    int repeats = 1;
};

std::vector<Draft> draftGroups(const std::vector<QStringList> &scopes, const FoldOptions &options)
{
    const qsizetype depth =
        sharedDepth(scopes) + (options.level == FoldLevel::blocks ? 2 : 1);
    std::vector<Draft> drafts;
    QHash<QString, std::size_t> byKey;
    for (std::uint32_t layer = 0; layer < scopes.size(); ++layer) {
        const QStringList path = scopes[layer].mid(0, depth);
        const QString key = path.join(QLatin1Char('/'));
        if (path.isEmpty() || options.expanded.contains(key)) {
            drafts.push_back({{}, {}, {}, {layer}});
            continue;
        }
        const auto found = byKey.constFind(key);
        if (found != byKey.constEnd()) {
            drafts[*found].layers.push_back(layer);
            continue;
        }
        byKey.insert(key, drafts.size());
        drafts.push_back({key, path.last(), path.mid(0, path.size() - 1).join(QLatin1Char('/')),
                          {layer}});
    }
    return drafts;
}

// Blocks of one parent that do the same and follow one another become one: "m.0", "m.1", "m.2" →
// "m × 3".
std::vector<Draft> mergeRepeats(const Graph &graph, std::vector<Draft> drafts,
                                const FoldOptions &options)
{
    std::vector<Draft> merged;
    QString lastSignature;
    for (Draft &draft : drafts) {
        const QString signature =
            draft.layers.size() > 1 ? signatureOf(graph, draft.layers) : QString();
        if (!merged.empty() && !signature.isEmpty() && signature == lastSignature &&
            merged.back().parent == draft.parent) {
            Draft &first = merged.back();
            const QString key = first.key.section(QStringLiteral(" ×"), 0, 0) +
                                QStringLiteral(" ×");
            if (!options.expanded.contains(key)) {
                if (first.repeats == 1)
                    first.title = first.title.section(QLatin1Char('.'), 0, -2).isEmpty()
                                      ? first.title
                                      : first.title.section(QLatin1Char('.'), 0, -2);
                ++first.repeats;
                first.key = key;
                first.layers.insert(first.layers.end(), draft.layers.begin(), draft.layers.end());
                continue;
            }
        }
        lastSignature = signature;
        merged.push_back(std::move(draft));
    }
    for (Draft &draft : merged)
        if (draft.repeats > 1) {
            draft.title += QStringLiteral(" × %1").arg(draft.repeats);
            std::sort(draft.layers.begin(), draft.layers.end());
        }
    return merged;
}

// Strongly connected components, by node; Tarjan's algorithm without recursion.
std::vector<std::uint32_t> components(std::uint32_t nodes, const Edges &edges)
{
    std::vector<std::uint32_t> first(nodes + 1, 0);
    for (const auto &[from, to] : edges)
        ++first[from + 1];
    for (std::uint32_t n = 0; n < nodes; ++n)
        first[n + 1] += first[n]; // edges are sorted: those of n are first[n] … first[n + 1]
    std::vector<std::uint32_t> index(nodes, none), low(nodes, 0), component(nodes, none), stack;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> calls; // node, next edge
    std::vector<bool> isOnStack(nodes, false);
    std::uint32_t counter = 0, count = 0;
    for (std::uint32_t root = 0; root < nodes; ++root) {
        if (index[root] != none)
            continue;
        calls.emplace_back(root, first[root]);
        while (!calls.empty()) {
            const std::uint32_t node = calls.back().first;
            if (calls.back().second == first[node]) {
                index[node] = low[node] = counter++;
                stack.push_back(node);
                isOnStack[node] = true;
            }
            if (calls.back().second < first[node + 1]) {
                const std::uint32_t to = edges[calls.back().second++].second;
                if (index[to] == none)
                    calls.emplace_back(to, first[to]);
                else if (isOnStack[to])
                    low[node] = std::min(low[node], index[to]);
                // A node without edges left must not be entered twice.
                continue;
            }
            calls.pop_back();
            if (!calls.empty())
                low[calls.back().first] = std::min(low[calls.back().first], low[node]);
            if (low[node] != index[node])
                continue;
            std::uint32_t member = none;
            do {
                member = stack.back();
                stack.pop_back();
                isOnStack[member] = false;
                component[member] = count;
            } while (member != node);
            ++count;
        }
    }
    return component;
}

void number(const std::vector<Draft> &drafts, std::vector<std::uint32_t> &nodeOf)
{
    for (std::uint32_t n = 0; n < drafts.size(); ++n)
        for (const std::uint32_t layer : drafts[n].layers)
            nodeOf[layer] = n;
}

// Takes groups apart until what is left has no cycle.
bool breakCycles(const Graph &graph, std::size_t layerCount, std::vector<Draft> &drafts,
                 std::vector<std::uint32_t> &nodeOf, const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        number(drafts, nodeOf);
        const std::vector<std::uint32_t> component =
            components(std::uint32_t(drafts.size()), edgesBetween(graph, layerCount, nodeOf));
        std::vector<std::uint32_t> sizes(drafts.size(), 0);
        for (const std::uint32_t each : component)
            ++sizes[each];
        std::vector<Draft> kept;
        bool isChanged = false;
        for (std::size_t n = 0; n < drafts.size(); ++n) {
            if (sizes[component[n]] == 1 || drafts[n].layers.size() == 1) {
                kept.push_back(std::move(drafts[n]));
                continue;
            }
            isChanged = true;
            for (const std::uint32_t layer : drafts[n].layers)
                kept.push_back({{}, {}, {}, {layer}});
        }
        drafts = std::move(kept);
        if (!isChanged)
            return true;
    }
    return false;
}

} // namespace

QStringList scopesOf(const Layer &layer)
{
    const std::string &name = layer.origin.empty() ? layer.name : layer.origin.front();
    QStringList parts =
        QString::fromStdString(name).split(QLatin1Char('/'), Qt::SkipEmptyParts);
    if (!parts.isEmpty())
        parts.removeLast();
    return parts;
}

Folding foldGraph(const Graph &graph, std::size_t layerCount, const FoldOptions &options,
                  const std::stop_token &stop)
{
    Folding folding;
    folding.nodeOf.resize(layerCount);
    if (options.level == FoldLevel::layers) {
        folding.nodes.reserve(layerCount);
        for (std::uint32_t layer = 0; layer < layerCount; ++layer) {
            folding.nodeOf[layer] = layer;
            folding.nodes.push_back({{}, {}, {layer}});
        }
        return folding;
    }
    std::vector<QStringList> scopes;
    scopes.reserve(layerCount);
    for (std::size_t layer = 0; layer < layerCount; ++layer) {
        const Layer &each = graph.layers[layer];
        scopes.push_back(each.is<Input>() ? QStringList() : scopesOf(each));
    }
    std::vector<Draft> drafts = draftGroups(scopes, options);
    if (options.level == FoldLevel::blocks)
        drafts = mergeRepeats(graph, std::move(drafts), options);
    if (!breakCycles(graph, layerCount, drafts, folding.nodeOf, stop))
        return {};

    // Topological order, the earliest layer first where there is a choice.
    number(drafts, folding.nodeOf);
    const Edges edges = edgesBetween(graph, layerCount, folding.nodeOf);
    std::vector<std::uint32_t> waiting(drafts.size(), 0), first(drafts.size() + 1, 0);
    for (const auto &[from, to] : edges) {
        ++waiting[to];
        ++first[from + 1];
    }
    for (std::size_t n = 0; n < drafts.size(); ++n)
        first[n + 1] += first[n];
    using Ready = std::pair<std::uint32_t, std::uint32_t>; // first layer, draft
    std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
    for (std::uint32_t n = 0; n < drafts.size(); ++n)
        if (waiting[n] == 0)
            ready.emplace(drafts[n].layers.front(), n);
    while (!ready.empty()) {
        const std::uint32_t n = ready.top().second;
        ready.pop();
        for (std::uint32_t e = first[n]; e < first[n + 1]; ++e)
            if (--waiting[edges[e].second] == 0)
                ready.emplace(drafts[edges[e].second].layers.front(), edges[e].second);
        Draft &draft = drafts[n];
        const bool isOne = draft.layers.size() == 1;
        for (const std::uint32_t layer : draft.layers)
            folding.nodeOf[layer] = std::uint32_t(folding.nodes.size());
        folding.nodes.push_back({isOne ? QString() : draft.key, isOne ? QString() : draft.title,
                                 std::move(draft.layers)});
    }
    return folding;
}

} // namespace hefstudio
