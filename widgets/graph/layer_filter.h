// What a search in the layer list asks for: words that must all occur, each anywhere or only in the
// operator ("op:conv"), the name ("name:head") or the output shape ("shape:80x80").
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>

#include <vector>

namespace hefstudio {

class LayerFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setQuery(const QString &query);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    enum class Field { any, op, name, shape };
    struct Word {
        Field field;
        QString text;
    };
    std::vector<Word> m_words;
};

} // namespace hefstudio
