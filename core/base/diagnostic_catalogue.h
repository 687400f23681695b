// The sentences behind the diagnostic ids: for each id the cause, the next step and who is to
// blame. The texts are English sources for translation; "{name}" stands for an argument.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/diagnostic.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace hefstudio {

struct CatalogueEntry {
    const char *id;
    Blame blame;
    const char *cause;    // one sentence, with {arguments}
    const char *nextStep; // one sentence, with {arguments}; may be empty for notes
};

std::span<const CatalogueEntry> diagnosticCatalogue();

// nullptr for an id that is not in the catalogue (a test keeps that from happening).
const CatalogueEntry *findCatalogueEntry(std::string_view id);

// Maps a source text to the user's language; the identity function when empty.
using Translate = std::function<std::string(const char *source)>;

std::string causeSentence(const Diagnostic &diagnostic, const Translate &translate = {});
std::string nextStepSentence(const Diagnostic &diagnostic, const Translate &translate = {});
// "model.onnx, node 'Conv_3'"; empty when the place is empty.
std::string placeText(const Place &place);
// "error: model.onnx: cause [id]\n  next: step" and indented notes; ends with a newline.
std::string consoleText(const Diagnostic &diagnostic, const Translate &translate = {});

// The exit code of a program stopped by these (the first error decides), see Blame.
int exitCode(const Diagnostics &diagnostics);

} // namespace hefstudio
