// SPDX-License-Identifier: GPL-3.0-or-later
#include "profile/utilisation_chart.h"

#include "theme/fonts.h"
#include "theme/style_drawing.h"

#include <QLocale>
#include <QPainter>

namespace hefstudio {

UtilisationChart::UtilisationChart(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("utilisationChart"));
    setFont(fontFor(TextRole::small));
    setAccessibleName(tr("Use of the chip by context"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
}

void UtilisationChart::setEstimate(std::shared_ptr<const ModelEstimate> estimate)
{
    m_estimate = std::move(estimate);
    updateGeometry();
    update();
}

QSize UtilisationChart::sizeHint() const
{
    const int contexts = m_estimate ? int(m_estimate->profile.contexts.size()) : 1;
    return {320, contexts * (4 * rowHeight() + 6) + 4};
}

void UtilisationChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Tokens &tokens = tokensOf(palette());
    if (!m_estimate) {
        painter.setPen(tokens.faint);
        painter.drawText(rect(), Qt::AlignCenter, tr("No estimate yet."));
        return;
    }
    const QLocale locale;
    const double clusters = std::max(1, m_estimate->device.clusters);
    const QString names[] = {tr("control"), tr("compute"), tr("weight memory")};
    int label = 0;
    for (const QString &name : names)
        label = std::max(label, fontMetrics().horizontalAdvance(name));
    const int figure = fontMetrics().horizontalAdvance(QStringLiteral("100 %")) + 8;
    int y = 0;
    for (const ContextProfile &context : m_estimate->profile.contexts) {
        painter.setFont(font());
        painter.setPen(tokens.text);
        painter.drawText(QRect(0, y, width(), rowHeight()), Qt::AlignVCenter,
                         tr("Context %1 · %n layer(s)", nullptr, context.layers)
                             .arg(context.id.index()));
        y += rowHeight();
        for (int kind = 0; kind < 3; ++kind) {
            const auto share = [kind](const Utilisation &use) {
                return kind == 0 ? use.control : kind == 1 ? use.compute : use.weightMemory;
            };
            painter.setPen(tokens.dim);
            painter.drawText(QRect(0, y, label, rowHeight()), Qt::AlignVCenter, names[kind]);
            const QRectF bar(label + 10, y + 4, width() - label - 10 - figure, rowHeight() - 8);
            drawRounded(&painter, bar, tokens.raised, QColor(), 3);
            double left = bar.left();
            std::size_t index = 0;
            for (const ClusterShare &cluster : context.clusters) {
                const double wide = bar.width() * share(cluster.utilisation) / clusters;
                // Neighbours differ in tone; which cluster it is stands in the Convert page's grid.
                painter.fillRect(QRectF(left, bar.top(), std::max(0.0, wide - 1), bar.height()),
                                 mixed(tokens.raised, tokens.categories[std::size_t(kind)],
                                       index++ % 2 == 0 ? 1.0 : 0.75));
                left += wide;
            }
            if (context.clusters.empty())
                painter.fillRect(QRectF(bar.left(), bar.top(),
                                        bar.width() * share(context.utilisation), bar.height()),
                                 tokens.categories[std::size_t(kind)]);
            painter.setPen(tokens.text);
            painter.drawText(QRect(width() - figure, y, figure, rowHeight()),
                             Qt::AlignVCenter | Qt::AlignRight,
                             tr("%1 %").arg(locale.toString(100 * share(context.utilisation), 'f', 0)));
            y += rowHeight();
        }
        y += 6;
    }
}

} // namespace hefstudio
