// The deployment kit of a chip HEF: the file, its labels and metadata, and programs in Python and
// C++ that run it on a device and decode what it gives. Made from the metadata; for a HEF without
// any, from what the HEF itself tells. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/archive.h"
#include "hef/model_metadata.h"

namespace hefstudio {

class Hef;

// The files of the kit by name, the same bytes for the same HEF. Diagnostics: bundle.emulation-hef
// (it never runs on a chip), bundle.no-network, those of hef_metadata.h for a damaged ZIP.
Result<std::vector<ArchiveMember>> bundleFiles(const Hef &hef);

// The kit without the file itself: what decodes the outputs, of any HEF. Of an emulation HEF it is
// what will decode the chip's, whose outputs have the same description. Diagnostics: as above, but
// for bundle.emulation-hef.
Result<std::vector<ArchiveMember>> decodeFiles(const Hef &hef);

} // namespace hefstudio
