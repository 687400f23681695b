// What a path given to the window is, by its first bytes where they tell and by its name else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace hefstudio {

enum class FileKind { network, hef, recipe, samples, folder };
FileKind kindOf(const QString &path);

// Networks, HEFs and recipes that lie directly in a folder without pictures, a few at most; a
// folder of pictures has none.
QStringList filesToOpen(const QString &folder);

} // namespace hefstudio
