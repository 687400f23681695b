// Einsum: operands are joined two by two; each pair is one batched matrix product between
// transpositions and reshapes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "onnx/import_context.h"

#include <algorithm>
#include <string>

namespace hefstudio::onnx_import {

namespace {

// A value and the letter of each of its dimensions. Dimensions under "..." get the letters '0' to
// '9', counted from the right.
struct Term {
    Value value;
    std::string letters;
};

bool has(const std::string &letters, char letter)
{
    return letters.find(letter) != std::string::npos;
}

class Einsum {
public:
    explicit Einsum(NodeImport &node) : m_node(node) {}

    void run()
    {
        readEquation();
        for (Term &term : m_terms)
            removeDiagonals(term);
        Term result = m_terms.front();
        for (std::size_t i = 1; i < m_terms.size(); ++i) {
            std::string later = m_output;
            for (std::size_t k = i + 1; k < m_terms.size(); ++k)
                later += m_terms[k].letters;
            result = product(result, m_terms[i], later);
        }
        result = summedOut(std::move(result), m_output);
        if (result.letters.size() != m_output.size())
            m_node.refuseConstant("the output has a dimension no operand has");
        const Value turned = inOrder(result, m_output);
        m_node.output(0, Elementwise{}, {turned});
    }

private:
    static std::string lettersOf(const NodeImport &node, std::string_view text, std::size_t rank,
                                 bool isOutput, std::size_t widest)
    {
        const std::size_t dots = text.find("...");
        std::string before(text.substr(0, dots)), after;
        if (dots != std::string_view::npos)
            after = text.substr(dots + 3);
        std::size_t hidden = 0;
        if (dots != std::string_view::npos)
            hidden = isOutput ? widest : rank - std::min(rank, before.size() + after.size());
        for (const char letter : before + after)
            if (!std::isalpha(static_cast<unsigned char>(letter)))
                node.refuseConstant("the equation has the character " + std::string(1, letter));
        if (hidden > 10)
            node.refuseForm("more than ten dimensions under the dots");
        std::string middle;
        for (std::size_t i = 0; i < hidden; ++i)
            middle += static_cast<char>('0' + hidden - 1 - i);
        return before + middle + after;
    }

    void readEquation()
    {
        std::string equation = m_node.stringAttribute("equation", "");
        std::erase(equation, ' ');
        const std::size_t arrow = equation.find("->");
        const std::string inputs = equation.substr(0, arrow);
        std::vector<std::string> parts;
        for (std::size_t begin = 0; begin <= inputs.size();) {
            const std::size_t comma = std::min(inputs.find(',', begin), inputs.size());
            parts.push_back(inputs.substr(begin, comma - begin));
            begin = comma + 1;
        }
        if (parts.size() != m_node.inputCount())
            m_node.refuseConstant("the equation has " + std::to_string(parts.size()) + " operands");
        std::size_t widest = 0;
        for (std::size_t slot = 0; slot < parts.size(); ++slot) {
            Term term{m_node.input(slot), {}};
            const std::size_t rank = term.value.shape.rank();
            term.letters = lettersOf(m_node, parts[slot], rank, false, 0);
            if (term.letters.size() != rank)
                m_node.refuseConstant("operand " + std::to_string(slot + 1) + " has " +
                                      std::to_string(rank) + " dimensions");
            std::size_t hidden = 0;
            for (const char letter : term.letters)
                hidden += letter >= '0' && letter <= '9';
            widest = std::max(widest, hidden);
            m_terms.push_back(std::move(term));
        }
        if (arrow != std::string::npos) {
            m_output = lettersOf(m_node, std::string_view(equation).substr(arrow + 2), 0, true,
                                 widest);
            return;
        }
        // Without an arrow: the dots, then every letter that occurs once, in alphabetical order.
        std::string all;
        for (const Term &term : m_terms)
            all += term.letters;
        std::string once;
        for (const char letter : all)
            if (letter > '9' && std::ranges::count(all, letter) == 1)
                once += letter;
        std::ranges::sort(once);
        for (std::size_t i = widest; i-- > 0;)
            m_output += static_cast<char>('0' + i);
        m_output += once;
    }

    // A letter that stands twice in one operand takes its diagonal.
    void removeDiagonals(Term &term)
    {
        for (std::size_t i = 0; i < term.letters.size(); ++i) {
            const std::size_t k = term.letters.find(term.letters[i], i + 1);
            if (k == std::string::npos)
                continue;
            const std::int64_t size = term.value.shape[i];
            if (term.value.shape[k] != size)
                m_node.refuseConstant("a letter stands for two sizes");
            // Both to the end, one long dimension, every (size + 1)st element of it.
            Dims permutation, dims;
            std::string letters;
            for (std::size_t axis = 0; axis < term.letters.size(); ++axis) {
                if (axis == i || axis == k)
                    continue;
                permutation.push_back(static_cast<std::int64_t>(axis));
                dims.push_back(term.value.shape[axis]);
                letters += term.letters[axis];
            }
            permutation.push_back(static_cast<std::int64_t>(i));
            permutation.push_back(static_cast<std::int64_t>(k));
            const auto last = static_cast<std::int64_t>(dims.size());
            dims.push_back(size * size);
            const Value flat = m_node.reshaped(m_node.transposed(term.value, permutation), dims);
            m_node.spend(size);
            std::vector<std::int64_t> places;
            for (std::int64_t place = 0; place < size; ++place)
                places.push_back(place * (size + 1));
            const Value list = m_node.made(
                Tensor::of<std::int64_t>(Shape{size}, std::span<const std::int64_t>(places)),
                "diagonal");
            term.letters = letters + term.letters[i];
            term.value = m_node.emit(Gather{last}, {flat, list});
            i = static_cast<std::size_t>(-1); // from the start again
        }
    }

    // Without the dimensions that nothing later asks for.
    Term summedOut(Term term, const std::string &wanted)
    {
        Dims axes;
        std::string letters;
        for (std::size_t i = 0; i < term.letters.size(); ++i) {
            if (has(wanted, term.letters[i]))
                letters += term.letters[i];
            else
                axes.push_back(static_cast<std::int64_t>(i));
        }
        if (axes.empty())
            return term;
        return {m_node.emit(Reduce{Reduction::sum, axes, false}, {term.value}), letters};
    }

    Value inOrder(const Term &term, const std::string &order)
    {
        Dims permutation;
        for (const char letter : order) {
            const std::size_t at = term.letters.find(letter);
            if (at == std::string::npos)
                m_node.refuseConstant("the output has a dimension no operand has");
            permutation.push_back(static_cast<std::int64_t>(at));
        }
        if (std::ranges::is_sorted(permutation))
            return term.value;
        return m_node.transposed(term.value, permutation);
    }

    std::int64_t sizeOf(const Term &term, char letter) const
    {
        return term.value.shape[term.letters.find(letter)];
    }

    // The dimensions of `order` merged into groups: [batch…, rows, columns].
    Value grouped(const Term &term, const std::string &batch, const std::string &rows,
                  const std::string &columns)
    {
        Dims dims;
        for (const char letter : batch)
            dims.push_back(sizeOf(term, letter));
        for (const std::string *part : {&rows, &columns}) {
            std::int64_t size = 1;
            for (const char letter : *part)
                size *= sizeOf(term, letter);
            dims.push_back(size);
        }
        return m_node.reshaped(inOrder(term, batch + rows + columns), dims);
    }

    Term product(Term a, Term b, const std::string &later)
    {
        a = summedOut(std::move(a), later + b.letters);
        b = summedOut(std::move(b), later + a.letters);
        std::string batch, contracted, ofA, ofB;
        for (const char letter : a.letters) {
            if (!has(b.letters, letter))
                ofA += letter;
            else if (has(later, letter))
                batch += letter;
            else
                contracted += letter;
            if (has(b.letters, letter) && sizeOf(a, letter) != sizeOf(b, letter))
                broadcast(a, b, letter, has(later, letter));
        }
        for (const char letter : b.letters)
            if (!has(a.letters, letter))
                ofB += letter;
        const Value left = grouped(a, batch, ofA, contracted);
        const Value right = grouped(b, batch, contracted, ofB);
        Dims dims;
        for (const char letter : batch)
            dims.push_back(std::max(sizeOf(a, letter), sizeOf(b, letter)));
        for (const char letter : ofA)
            dims.push_back(sizeOf(a, letter));
        for (const char letter : ofB)
            dims.push_back(sizeOf(b, letter));
        const Value joined = matrixProduct(m_node, left, right);
        return {m_node.reshaped(joined, dims), batch + ofA + ofB};
    }

    // A dimension of 1 meets a longer one (under the dots). Batch dimensions broadcast by
    // themselves.
    void broadcast(Term &a, Term &b, char letter, bool isBatch)
    {
        const std::int64_t size = std::max(sizeOf(a, letter), sizeOf(b, letter));
        for (Term *term : {&a, &b}) {
            if (sizeOf(*term, letter) == size)
                continue;
            if (sizeOf(*term, letter) != 1)
                m_node.refuseConstant("a letter stands for two sizes");
            if (isBatch)
                continue;
            Dims dims = term->value.shape.dims();
            dims[term->letters.find(letter)] = size;
            term->value = m_node.emit(Broadcast{dims}, {term->value});
        }
    }

    NodeImport &m_node;
    std::vector<Term> m_terms;
    std::string m_output;
};

void einsum(NodeImport &node)
{
    Einsum(node).run();
}

constexpr ImporterRow rows[] = {{"Einsum", einsum}};

} // namespace

std::span<const ImporterRow> einsumImporters()
{
    return rows;
}

} // namespace hefstudio::onnx_import
