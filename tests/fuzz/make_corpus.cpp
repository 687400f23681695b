// Writes the corpus of this folder anew: small files of every form the targets read, made by our
// own writers. Usage: make_corpus FOLDER
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/archive.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/npy.h"
#include "har_world.h"
#include "hef/emulation_hef.h"
#include "hef/hef_metadata.h"
#include "hef/hef_reader.h"
#include "hef_world.h"
#include "rule_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <filesystem>
#include <iostream>

using namespace hefstudio;

namespace {

class Corpus {
public:
    explicit Corpus(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    void put(const char *target, const char *name, std::span<const std::byte> bytes) const
    {
        const auto folder = m_folder / target;
        std::filesystem::create_directories(folder);
        if (auto written = writeFileAtomically(folder / name, bytes); !written)
            std::cerr << "cannot write " << name << "\n";
    }

private:
    std::filesystem::path m_folder;
};

std::span<const std::byte> messageOf(const HefFile &file)
{
    return file.of(file.proto);
}

// The same message under another header version.
Bytes underVersion(const Bytes &original, std::uint32_t version)
{
    const auto file = *parseHefContainer(original, "seed.hef");
    constexpr std::size_t headers[] = {32, 28, 44, 56};
    Bytes bytes(headers[version]);
    for (const auto &section : {file.proto, version == 0 ? HefSection{} : file.ccws}) {
        const auto part = file.of(section);
        bytes.insert(bytes.end(), part.begin(), part.end());
    }
    test::putBigEndian(bytes, 0, hefMagic, 4);
    test::putBigEndian(bytes, 4, version, 4);
    test::putBigEndian(bytes, 8, file.proto.size, 4);
    const auto covered = std::span<const std::byte>(bytes).subspan(headers[version]);
    if (version == 0) {
        std::ranges::copy(md5(covered), bytes.begin() + 16);
    } else if (version == 1) {
        test::putBigEndian(bytes, 12, crc32(covered), 4);
        test::putBigEndian(bytes, 16, file.ccws.size, 8);
    } else {
        test::putBigEndian(bytes, 12, xxh3_64(covered), 8);
        test::putBigEndian(bytes, 20, file.ccws.size, 8);
    }
    return bytes;
}

void putHefs(const Corpus &corpus)
{
    const auto one = *emulationHefBytes(test::singleContext(HefChip::hailo8));
    const auto three = *emulationHefBytes(test::threeContexts(HefChip::hailo8l));
    corpus.put("hef", "single.hef", one);
    corpus.put("hef", "contexts.hef", three);
    corpus.put("hef_message", "single.pb", messageOf(*parseHefContainer(one, "one")));
    corpus.put("hef_message", "contexts.pb", messageOf(*parseHefContainer(three, "three")));
    for (const std::uint32_t version : {0U, 1U, 3U}) {
        const auto name = "version" + std::to_string(version) + ".hef";
        const auto bytes = underVersion(one, version);
        corpus.put("hef", name.c_str(), bytes);
        const auto hef = Hef::fromBytes(bytes, "seed.hef");
        if (const auto sealed = attachMetadata(*hef, {.model = {}, .labels = {{"cup", "lid"}}}))
            corpus.put("metadata", ("sealed_" + name).c_str(), *sealed);
    }
    const auto hef = Hef::fromBytes(three, "seed.hef");
    if (const auto plain = attachMetadata(
            *hef, {.model = {}, .labels = {{"cup"}}, .placement = ZipPlacement::appended}))
        corpus.put("metadata", "appended.hef", *plain);
}

void putDocuments(const Corpus &corpus)
{
    corpus.put("metadata", "version2.json", asBytes(R"({"schema_version": 2, "nms": "class_aware",
 "dataset": {"classes": ["cup", "lid"], "id": "ds-1"}, "model": {"task": "detection"},
 "input": {"shape": [1,32,32,3], "dshape": [{"batch":1},{"height":32},{"width":32},{"num_features":3}]},
 "outputs": [{"type": "boxes", "encoding": "dfl", "normalized": false, "shape": [1,4,16],
   "outputs": [{"name": "n/b", "type": "boxes", "stride": [8,8], "scale_index": 0,
     "shape": [1,4,4,64], "dtype": "uint16",
     "quantization": {"scale": [0.5, 1], "zero_point": [1, 2.0], "axis": 3, "dtype": "uint16"}}]},
  {"type": "scores", "score_format": "per_class", "activation_required": "sigmoid",
   "shape": [1,2,16], "anchors": [[1,2.5]], "own_key": null}], "hailo": {"version": "1"}})"));
    corpus.put("metadata", "version1.json", asBytes(R"({"dataset": {"classes": ["cup"]},
 "outputs": [{"name": "o", "type": "mask_coefficients", "decoder": "yolov8", "decode": true,
 "shape": [1,8], "dshape": {"batch": 1, "num_features": 8}, "quantization": [0.1, 3]}]})"));
}

// gzip around a tar, as older archives have it.
Bytes packed(const Bytes &bytes)
{
    Bytes result;
    archive *writer = archive_write_new();
    archive_write_set_format_raw(writer);
    archive_write_add_filter_gzip(writer);
    archive_write_set_filter_option(writer, "gzip", "timestamp", nullptr);
    archive_write_set_bytes_in_last_block(writer, 1);
    archive_write_open(
        writer, &result, nullptr,
        [](archive *, void *to, const void *data, std::size_t size) -> la_ssize_t {
            const auto *from = static_cast<const std::byte *>(data);
            static_cast<Bytes *>(to)->insert(static_cast<Bytes *>(to)->end(), from, from + size);
            return static_cast<la_ssize_t>(size);
        },
        nullptr);
    archive_entry *entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
    archive_write_close(writer);
    archive_write_free(writer);
    return result;
}

void putArrays(const Corpus &corpus)
{
    const auto floats = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
    const auto bytes = Tensor::of<std::uint8_t>({4}, {1, 2, 3, 4});
    corpus.put("npy", "floats.npy", npyBytes(floats));
    corpus.put("npy", "scalar.npy", npyBytes(Tensor::scalar<std::int64_t>(7)));
    const auto columns =
        std::string_view("\x93NUMPY\x01\x00\x3e\x00{'descr': '>u2', 'fortran_order': True, "
                         "'shape': (2, 2), }     \n\0\1\0\2\0\3\0\4",
                         80);
    corpus.put("npy", "columns.npy", asBytes(columns));
    corpus.put("npy", "two.npz", *npzBytes({{"net/a:0", floats}, {"b", bytes}}));
}

void putArchives(const Corpus &corpus)
{
    // Whole archives are blocks of 10 240 bytes; a packed one is small.
    corpus.put("har", "parsed.har", test::parsedArchive().bytes());
    corpus.put("har", "compiled.har.gz", packed(test::compiledArchive().bytes()));
    corpus.put("har", "quantised.har.gz", packed(test::ruleArchive({}).archive.bytes()));
    corpus.put("har", "network.hn", asBytes(test::vendorNetwork(true)));
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::cerr << "usage: make_corpus FOLDER\n";
        return 2;
    }
    const Corpus corpus(argv[1]);
    putHefs(corpus);
    putDocuments(corpus);
    putArrays(corpus);
    putArchives(corpus);
    return 0;
}
