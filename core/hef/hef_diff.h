// What differs between two HEFs, in the terms of people who compile networks: chip, compiler,
// contexts, streams, quantisation, host steps, buffers, bytes. Two files are the same when all
// their bytes are; every other pair has at least one difference.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace hefstudio {

class Hef;

struct HefDifference {
    std::string path; // stable, "network_groups[0].outputs[yolo/conv70].scale"
    std::string a;    // empty where the first file has nothing there
    std::string b;
    std::string meaning; // a sentence
};

struct HefDiff {
    std::vector<HefDifference> differences;

    bool isSame() const { return differences.empty(); }
    // All of it in one sentence: "Differs in chip, contexts and 3 outputs."
    std::string sentence() const;
};

HefDiff diffHefs(const Hef &a, const Hef &b);

std::string hefDiffText(const HefDiff &diff);
// resources/schemas/diff.schema.json; ends with a newline.
std::string hefDiffJson(const Hef &a, const Hef &b, const HefDiff &diff);

} // namespace hefstudio
