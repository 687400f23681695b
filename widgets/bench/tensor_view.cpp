// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/tensor_view.h"

#include "bench/bench_model.h"
#include "bench/tensor_maps.h"
#include "common/text_label.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QVBoxLayout>

namespace hefstudio {

TensorView::TensorView(QWidget *parent)
    : QWidget(parent),
      m_name(new QComboBox),
      m_channel(new QSpinBox),
      m_facts(new TextLabel({}, TextRole::small, Tone::dim)),
      m_maps(new TensorMaps)
{
    m_name->setObjectName(QStringLiteral("benchOutput"));
    m_name->setAccessibleName(tr("Output to look at"));
    m_name->view()->setAccessibleName(tr("Output to look at"));
    m_name->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_name->setMinimumContentsLength(12);
    m_channel->setObjectName(QStringLiteral("benchChannel"));
    m_channel->setAccessibleName(tr("Channel to look at"));
    m_channel->setPrefix(tr("channel "));
    m_facts->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_name, 1);
    row->addWidget(m_channel);
    column->addLayout(row);
    column->addWidget(m_maps, 1);
    column->addWidget(m_facts);
    connect(m_name, &QComboBox::currentIndexChanged, this, &TensorView::showOutput);
    connect(m_channel, &QSpinBox::valueChanged, this, &TensorView::showOutput);
    connect(m_maps, &TensorMaps::pointed, this, [this](const QString &values) {
        if (values.isEmpty())
            showOutput();
        else
            m_facts->setText(values);
    });
}

void TensorView::setOutputs(std::vector<BenchOutput> outputs)
{
    const QString before = m_name->currentText();
    m_outputs = std::move(outputs);
    const QSignalBlocker quiet(m_name);
    m_name->clear();
    for (const BenchOutput &output : m_outputs)
        m_name->addItem(QString::fromStdString(output.name));
    m_name->setCurrentIndex(std::max(0, m_name->findText(before)));
    showOutput();
}

void TensorView::showOutput()
{
    const int at = m_name->currentIndex();
    const bool isThere = at >= 0 && std::size_t(at) < m_outputs.size() &&
                         m_outputs[std::size_t(at)].floatValues.byteCount() > 0;
    m_channel->setEnabled(isThere);
    if (!isThere) {
        m_maps->setChannel(0, 0, {}, {});
        m_facts->setText({});
        return;
    }
    const BenchOutput &output = m_outputs[std::size_t(at)];
    const Shape &shape = output.floatValues.shape();
    // Maps have channels; everything else is one row of values, or rows of the last axis.
    const bool isMap = shape.rank() == 4;
    const std::int64_t columns = shape.rank() == 0 ? 1 : shape.back();
    const std::int64_t rows =
        isMap ? shape[2] : std::max<std::int64_t>(1, shape.elementCount() / std::max<std::int64_t>(1, columns));
    const int channels = isMap ? int(shape[1]) : 1;
    {
        const QSignalBlocker quiet(m_channel);
        m_channel->setRange(0, channels - 1);
    }
    m_channel->setVisible(channels > 1);
    const auto size = static_cast<std::size_t>(rows * columns);
    const std::size_t from = std::size_t(m_channel->value()) * size;
    m_maps->setChannel(int(rows), int(columns),
                       output.floatValues.as<float>().subspan(from, size),
                       output.hefValues.as<float>().subspan(from, size));
    m_facts->setText(tr("%1 over the whole output; largest difference %2")
                         .arg(snrText(output.signal.snrDb()))
                         .arg(QLocale().toString(output.signal.worst().error(), 'g', 4)));
}

} // namespace hefstudio
