// Room-internal: the files of a deployment kit that are the same for every model.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace hefstudio {

struct BundleTemplate {
    std::string_view name;
    std::string_view text;
};
std::span<const BundleTemplate> bundleTemplates();

} // namespace hefstudio
