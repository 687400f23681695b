// A detector of three grids as exporters write it, tiny: box distances as distributions (DFL),
// class scores, anchors and strides behind. One network in all the forms its users bring it in.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "onnx_builder.h"

#include <map>
#include <string>
#include <vector>

struct DetectorExport {
    enum class Selection { none, topK, nonMaximumSuppression };
    Selection selection = Selection::none;
    bool isDynamic = false;   // the input's shape is open, the size stands in the metadata
    bool isSimplified = true; // else Identity nodes and shapes worked out in the graph
    bool isRenamed = false;   // no name says anything
    std::int64_t batch = 1;
    bool hasMetadata = false;
};

class DetectorWorld {
public:
    explicit DetectorWorld(DetectorExport form) : m_form(form) {}

    static constexpr std::int64_t bins = 4;
    static constexpr std::int64_t classes = 3;
    static constexpr std::int64_t cells = 84; // 8·8 + 4·4 + 2·2

    OnnxBuilder model()
    {
        if (m_form.isDynamic)
            m_model.input("images", {-1, 3, -1, -1});
        else
            m_model.input("images", {m_form.batch, 3, 64, 64});
        m_model.floats("stem.w", {8, 3, 4, 4});
        std::string x = node("Conv", "stem", {"images", "stem.w"}, {{"strides", {4, 4}}});
        std::vector<std::string> flat;
        for (const std::string at : {"0", "1", "2"}) {
            x = node("MaxPool", "pool." + at, {x}, {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}});
            m_model.floats("box.w" + at, {4 * bins, 8, 1, 1});
            m_model.floats("cls.w" + at, {classes, 8, 1, 1});
            const std::string box = node("Conv", "box." + at, {x, "box.w" + at});
            const std::string score = node("Conv", "cls." + at, {x, "cls.w" + at});
            const std::string joined = node("Concat", "joined." + at, {box, score}, {{"axis", 1}});
            flat.push_back(reshaped("flat." + at, joined, {m_form.batch, 4 * bins + classes, -1}));
        }
        const std::string all = node("Concat", "all", flat, {{"axis", 2}});
        decode(all);
        if (m_form.hasMetadata || m_form.isDynamic)
            m_model.metadata("task", "detect")
                .metadata("names", "{0: 'cup', 1: 'lid', 2: 'box'}")
                .metadata("stride", "32")
                .metadata("imgsz", "[64, 64]");
        return std::move(m_model);
    }

    // The nodes at whose outputs the chip's part ends, in output order.
    std::vector<std::string> endNodes() const
    {
        std::vector<std::string> names;
        for (const std::string at : {"0", "1", "2"}) {
            names.push_back(m_names.at("box." + at));
            names.push_back(m_names.at("cls." + at));
        }
        return names;
    }

private:
    std::string nameOf(const std::string &name)
    {
        if (!m_names.contains(name))
            m_names[name] = m_form.isRenamed ? "n" + std::to_string(m_names.size()) : name;
        return m_names[name];
    }

    std::string node(const std::string &op, const std::string &name,
                     const std::vector<std::string> &inputs,
                     const std::vector<OnnxBuilderAttribute> &attributes = {})
    {
        const std::string unique = nameOf(name);
        m_model.node(op, inputs, {unique + "_out"}, attributes).named(unique);
        if (m_form.isSimplified)
            return unique + "_out";
        m_model.node("Identity", {unique + "_out"}, {unique + "_same"}).named(unique + "_id");
        return unique + "_same";
    }

    // Unsimplified, the shape is what Shape, Gather and Concat make of it.
    std::string reshaped(const std::string &name, const std::string &x,
                         const std::vector<std::int64_t> &shape)
    {
        const std::string unique = nameOf(name);
        if (m_form.isSimplified && !m_form.isDynamic) {
            m_model.ints(unique + ".shape", shape);
            return node("Reshape", name, {x, unique + ".shape"});
        }
        m_model.ints(unique + ".zero", {0})
            .ints(unique + ".rest", {shape.begin() + 1, shape.end()});
        const std::string whole = node("Shape", name + ".whole", {x});
        const std::string batch =
            node("Gather", name + ".batch", {whole, unique + ".zero"}, {{"axis", 0}});
        const std::string target =
            node("Concat", name + ".target", {batch, unique + ".rest"}, {{"axis", 0}});
        return node("Reshape", name, {x, target});
    }

    void decode(const std::string &all)
    {
        const std::int64_t n = m_form.batch;
        m_model.ints("parts", {4 * bins, classes});
        m_model.node("Split", {all, "parts"}, {"dist", "logits"}, {{"axis", 1}})
            .named(nameOf("split"));
        m_model.ints("bins", {n, 4, bins, cells});
        std::string box = node("Reshape", "dfl.bins", {"dist", "bins"});
        box = node("Transpose", "dfl.turn", {box}, {{"perm", {0, 2, 1, 3}}});
        box = node("Softmax", "dfl.softmax", {box}, {{"axis", 1}});
        m_model.floats("dfl.steps", {1, bins, 1, 1}, {0, 1, 2, 3});
        box = node("Conv", "dfl.conv", {box, "dfl.steps"});
        m_model.ints("sides", {n, 4, cells});
        box = node("Reshape", "dfl.sides", {box, "sides"});
        m_model.ints("halves", {2, 2});
        m_model.node("Split", {box, "halves"}, {"lt", "rb"}, {{"axis", 1}})
            .named(nameOf("sides.split"));
        m_model.floats("anchors", {1, 2, cells}).floats("strides", {1, cells});
        const std::string first = node("Sub", "x1y1", {"anchors", "lt"});
        const std::string second = node("Add", "x2y2", {"anchors", "rb"});
        box = node("Concat", "corners", {first, second}, {{"axis", 1}});
        box = node("Mul", "pixels", {box, "strides"});
        const std::string scores = node("Sigmoid", "scores", {"logits"});
        if (m_form.selection == DetectorExport::Selection::none) {
            m_model.node("Concat", {box, scores}, {"output0"}, {{"axis", 1}})
                .named(nameOf("output"));
            m_model.output("output0");
        } else if (m_form.selection == DetectorExport::Selection::topK) {
            selectByTopK(box, scores);
        } else {
            selectBySuppression(box, scores);
        }
    }

    // [1, 10, 6]: the ten cells with the best score.
    void selectByTopK(const std::string &box, const std::string &scores)
    {
        const std::string boxRows =
            node("Transpose", "rows.box", {box}, {{"perm", {0, 2, 1}}}); // [1, 84, 4]
        const std::string scoreRows =
            node("Transpose", "rows.cls", {scores}, {{"perm", {0, 2, 1}}});
        const std::string best =
            node("ReduceMax", "best", {scoreRows}, {{"axes", {-1}}, {"keepdims", 0}});
        m_model.ints("k", {10});
        m_model.node("TopK", {best, "k"}, {"top", "index"}, {{"axis", -1}}).named(nameOf("topk"));
        m_model.ints("last", {-1}).ints("four", {1, 1, 4});
        const std::string column = node("Unsqueeze", "column", {"index", "last"});
        const std::string wide = node("Tile", "wide", {column, "four"});
        const std::string chosen = node("GatherElements", "chosen", {boxRows, wide}, {{"axis", 1}});
        const std::string score = node("Unsqueeze", "score", {"top", "last"});
        const std::string label =
            node("ArgMax", "label", {scoreRows}, {{"axis", -1}, {"keepdims", 1}});
        m_model.ints("labels.k", {10});
        const std::string labels = node("GatherElements", "labels", {label, column}, {{"axis", 1}});
        const std::string number = node("Cast", "number", {labels}, {{"to", 1}});
        m_model.node("Concat", {chosen, score, number}, {"output0"}, {{"axis", -1}})
            .named(nameOf("output"));
        m_model.output("output0", {1, 10, 6});
    }

    void selectBySuppression(const std::string &box, const std::string &scores)
    {
        const std::string boxRows = node("Transpose", "rows.box", {box}, {{"perm", {0, 2, 1}}});
        m_model.ints("most", {10}).floats("overlap", {1}, {0.5F}).floats("least", {1}, {0.1F});
        m_model
            .node("NonMaxSuppression", {boxRows, scores, "most", "overlap", "least"}, {"output0"})
            .named(nameOf("nms"));
        m_model.output("output0", {-1, 3});
    }

    DetectorExport m_form;
    OnnxBuilder m_model{13};
    std::map<std::string, std::string> m_names;
};
