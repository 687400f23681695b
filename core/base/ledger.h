// The requested-versus-effective ledger: each setting as asked, as used, and why. A lowered setting
// without a row is a bug.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace hefstudio {

struct LedgerRow {
    std::string setting; // "preset", "calibration", "precision/conv12"
    std::string asked;
    std::string used;
    std::string why; // empty only when asked equals used

    // Something else was used than what was asked for; a choice left to the program is no such thing.
    bool isLowered() const { return asked != used && asked != automatic; }
    static constexpr const char *automatic = "automatic";
    friend bool operator==(const LedgerRow &, const LedgerRow &) = default;
};

using Ledger = std::vector<LedgerRow>;

} // namespace hefstudio
