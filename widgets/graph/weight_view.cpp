// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/weight_view.h"

#include "theme/fonts.h"
#include "theme/tokens.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace hefstudio {

namespace {

constexpr int bins = 64;
constexpr int mostCells = 64;
constexpr int histogramHeight = 72;

// The largest constant float operand with at least two axes.
const Tensor *weightsOf(const Graph &graph, const Layer &layer)
{
    const Tensor *found = nullptr;
    for (const TensorId id : layer.inputs) {
        if (!id.isValid() || !graph.tensor(id).isConstant())
            continue;
        const Tensor *constant = graph.tensor(id).constant.get();
        if (constant->type() == ElementType::float32 && constant->shape().rank() >= 2 &&
            (!found || constant->shape().elementCount() > found->shape().elementCount()))
            found = constant;
    }
    return found;
}

void takeMagnitudes(const Tensor &weights, std::span<const float> values, WeightFigures &figures)
{
    const std::int64_t outputs = weights.shape()[0];
    const std::int64_t inputs = weights.shape()[1];
    if (outputs <= 0 || inputs <= 0)
        return;
    const std::int64_t taps = std::int64_t(values.size()) / (outputs * inputs);
    figures.rows = int(std::min<std::int64_t>(outputs, mostCells));
    figures.columns = int(std::min<std::int64_t>(inputs, mostCells));
    const std::size_t cells = std::size_t(figures.rows) * std::size_t(figures.columns);
    std::vector<double> sums(cells, 0), counts(cells, 0);
    for (std::int64_t o = 0; o < outputs; ++o)
        for (std::int64_t i = 0; i < inputs; ++i) {
            const std::size_t cell =
                std::size_t(o * figures.rows / outputs) * std::size_t(figures.columns) +
                std::size_t(i * figures.columns / inputs);
            const float *tap = values.data() + (o * inputs + i) * taps;
            for (std::int64_t t = 0; t < taps; ++t)
                sums[cell] += std::abs(double(tap[t]));
            counts[cell] += double(taps);
        }
    double most = 0;
    for (std::size_t cell = 0; cell < cells; ++cell)
        most = std::max(most, counts[cell] > 0 ? sums[cell] / counts[cell] : 0.0);
    for (std::size_t cell = 0; cell < cells; ++cell)
        figures.magnitudes.push_back(
            most > 0 && counts[cell] > 0 ? float(sums[cell] / counts[cell] / most) : 0.0F);
}

} // namespace

std::optional<WeightFigures> weightFigures(const Graph &graph, const Layer &layer)
{
    const Tensor *weights = weightsOf(graph, layer);
    if (!weights)
        return std::nullopt;
    const std::span<const float> values = weights->as<float>();
    WeightFigures figures;
    std::size_t zeros = 0, finite = 0;
    for (const float value : values) {
        if (!std::isfinite(value))
            continue;
        figures.lowest = finite == 0 ? value : std::min(figures.lowest, value);
        figures.highest = finite == 0 ? value : std::max(figures.highest, value);
        zeros += value == 0.0F ? 1 : 0;
        ++finite;
    }
    if (finite == 0)
        return std::nullopt;
    figures.zeroShare = double(zeros) / double(finite);
    figures.histogram.assign(bins, 0);
    const double range = double(figures.highest) - double(figures.lowest);
    for (const float value : values)
        if (std::isfinite(value)) {
            const double at = range > 0 ? (double(value) - double(figures.lowest)) / range : 0;
            ++figures.histogram[std::size_t(std::min(bins - 1, int(at * bins)))];
        }
    takeMagnitudes(*weights, values, figures);
    return figures;
}

WeightView::WeightView(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("weightView"));
    setFont(fontFor(TextRole::small));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    hide();
}

void WeightView::setFigures(std::optional<WeightFigures> figures)
{
    m_figures = std::move(figures);
    setVisible(m_figures.has_value());
    if (m_figures) {
        const QLocale locale;
        setAccessibleName(tr("Weights"));
        setAccessibleDescription(
            tr("from %1 to %2, %3 % exactly zero")
                .arg(locale.toString(double(m_figures->lowest), 'g', 3),
                     locale.toString(double(m_figures->highest), 'g', 3),
                     locale.toString(100 * m_figures->zeroShare, 'f', 1)));
        setToolTip(accessibleDescription());
    }
    updateGeometry();
    update();
}

QSize WeightView::sizeHint() const
{
    if (!m_figures)
        return {200, 0};
    const int text = fontMetrics().height();
    const int heat = m_figures->rows > 1 && m_figures->columns > 1
                         ? std::max(48, m_figures->rows * 2) + 2 * text + 12
                         : 0;
    return {200, histogramHeight + text + 8 + heat};
}

void WeightView::paintHistogram(QPainter &painter, const QRectF &area) const
{
    const Tokens &tokens = tokensOf(palette());
    const int most = *std::max_element(m_figures->histogram.begin(), m_figures->histogram.end());
    const double step = area.width() / bins;
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.accent);
    for (int bin = 0; bin < bins; ++bin) {
        const int count = m_figures->histogram[std::size_t(bin)];
        // Square root: the tails are what calibration is about.
        const double tall =
            most > 0 ? std::sqrt(double(count) / most) * area.height() : 0;
        painter.drawRect(QRectF(area.left() + bin * step, area.bottom() - tall,
                                std::max(1.0, step - 1), tall));
    }
    painter.setPen(tokens.line);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const double range = double(m_figures->highest) - double(m_figures->lowest);
    if (range > 0 && m_figures->lowest < 0 && m_figures->highest > 0) {
        const double zero = area.left() - double(m_figures->lowest) / range * area.width();
        painter.setPen(QPen(tokens.warn, 1, Qt::DashLine));
        painter.drawLine(QPointF(zero, area.top()), QPointF(zero, area.bottom()));
    }
}

void WeightView::paintHeat(QPainter &painter, const QRectF &area) const
{
    const Tokens &tokens = tokensOf(palette());
    QImage image(m_figures->columns, m_figures->rows, QImage::Format_RGB32);
    for (int row = 0; row < m_figures->rows; ++row)
        for (int column = 0; column < m_figures->columns; ++column)
            image.setPixelColor(
                column, row,
                mixed(tokens.raised, tokens.accent,
                      double(m_figures->magnitudes[std::size_t(row) *
                                                       std::size_t(m_figures->columns) +
                                                   std::size_t(column)])));
    painter.drawImage(area, image);
    painter.setPen(tokens.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area);
}

void WeightView::paintEvent(QPaintEvent *)
{
    if (!m_figures)
        return;
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    const QLocale locale;
    const int text = fontMetrics().height();
    const QRectF plot(0.5, 0, width() - 1, histogramHeight);
    paintHistogram(painter, plot);
    const QRectF foot(0, histogramHeight + 3, width(), text);
    painter.setPen(tokens.dim);
    painter.drawText(foot, Qt::AlignLeft, locale.toString(double(m_figures->lowest), 'g', 3));
    painter.drawText(foot, Qt::AlignRight, locale.toString(double(m_figures->highest), 'g', 3));
    if (m_figures->rows < 2 || m_figures->columns < 2)
        return;
    const double top = foot.bottom() + 8;
    painter.drawText(QRectF(0, top, width(), text), Qt::AlignLeft,
                     tr("mean magnitude, output × input channel"));
    paintHeat(painter, QRectF(0.5, top + text + 3, width() - 1, height() - top - text - 4));
}

} // namespace hefstudio
