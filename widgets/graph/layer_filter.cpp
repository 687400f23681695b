// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/layer_filter.h"

#include "graph/layer_list_model.h"

namespace hefstudio {

namespace {

// "80x80" is what people type for 80×80.
QString normalised(QString text)
{
    text = text.toLower();
    for (qsizetype i = 1; i + 1 < text.size(); ++i)
        if (text[i] == QLatin1Char('x') && text[i - 1].isDigit() && text[i + 1].isDigit())
            text[i] = QChar(0xd7);
    return text;
}

} // namespace

void LayerFilter::setQuery(const QString &query)
{
    static const std::pair<QLatin1String, Field> prefixes[] = {
        {QLatin1String("op:"), Field::op},
        {QLatin1String("name:"), Field::name},
        {QLatin1String("shape:"), Field::shape},
    };
    m_words.clear();
    for (const QString &part : query.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        Word word{Field::any, part};
        for (const auto &[prefix, field] : prefixes)
            if (part.startsWith(prefix, Qt::CaseInsensitive))
                word = {field, part.mid(prefix.size())};
        word.text = normalised(word.text);
        m_words.push_back(std::move(word));
    }
    invalidateFilter();
}

bool LayerFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_words.empty())
        return true;
    const QModelIndex index = sourceModel()->index(row, LayerListModel::TitleColumn, parent);
    const QString op = index.data(Qt::DisplayRole).toString();
    const QString name = index.data(LayerListModel::NameRole).toString();
    const QString shape =
        index.siblingAtColumn(LayerListModel::ShapeColumn).data(Qt::DisplayRole).toString();
    for (const Word &word : m_words) {
        const bool isThere =
            ((word.field == Field::any || word.field == Field::op) &&
             op.toLower().contains(word.text)) ||
            ((word.field == Field::any || word.field == Field::name) &&
             name.contains(word.text, Qt::CaseInsensitive)) ||
            ((word.field == Field::any || word.field == Field::shape) && shape.contains(word.text));
        if (!isThere)
            return false;
    }
    return true;
}

} // namespace hefstudio
