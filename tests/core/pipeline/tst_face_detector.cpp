// A real trained network from end to end: converted with photographs, its HEF must find the faces
// that the float network finds. Runs where the shared models are; skips elsewhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/conversion.h"
#include "pipeline/emulated_hef.h"

#include "base/diagnostic_json.h"
#include "base/file.h"
#include "base/thread_pool.h"
#include "result_matchers.h"
#include "shared_folder.h"
#include "temporary_folder.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <iostream>

using namespace hefstudio;

namespace {

struct Face {
    float score = 0;
    std::array<float, 4> box{}; // x1, y1, x2, y2 in pixels of the photograph
};

float overlap(const Face &a, const Face &b)
{
    const float width = std::min(a.box[2], b.box[2]) - std::max(a.box[0], b.box[0]);
    const float height = std::min(a.box[3], b.box[3]) - std::max(a.box[1], b.box[1]);
    if (width <= 0 || height <= 0)
        return 0;
    const auto area = [](const Face &f) { return (f.box[2] - f.box[0]) * (f.box[3] - f.box[1]); };
    return width * height / (area(a) + area(b) - width * height);
}

// The model's own post-processing: threshold, then suppression at IoU 0.3 (models/README.md).
std::vector<Face> decode(const Tensor &scores, const Tensor &boxes, const Image &photo,
                         float threshold)
{
    std::vector<Face> candidates;
    const auto s = scores.as<float>();
    const auto b = boxes.as<float>();
    for (std::size_t i = 0; i < s.size() / 2; ++i) {
        if (s[2 * i + 1] < threshold)
            continue;
        const auto w = static_cast<float>(photo.width);
        const auto h = static_cast<float>(photo.height);
        candidates.push_back(
            {s[2 * i + 1], {b[4 * i] * w, b[4 * i + 1] * h, b[4 * i + 2] * w, b[4 * i + 3] * h}});
    }
    std::ranges::stable_sort(candidates, std::greater<>{}, &Face::score);
    std::vector<Face> kept;
    for (const auto &face : candidates)
        if (std::ranges::none_of(kept, [&](const Face &k) { return overlap(k, face) > 0.3F; }))
            kept.push_back(face);
    return kept;
}

std::map<std::string, std::vector<Face>> referenceFaces(const std::filesystem::path &shared)
{
    const auto json =
        parseJson(*readTextFile(shared / "models/reference-detections.json"), "reference");
    std::map<std::string, std::vector<Face>> faces;
    for (const auto &[file, list] : json->at("version-RFB-320.onnx").at("images").items())
        for (const auto &face : list)
            faces[file].push_back({face[1].get<float>(), face[2].get<std::array<float, 4>>()});
    return faces;
}

// How many of `wanted` have a partner in `found`; each partner serves once.
int matched(const std::vector<Face> &wanted, const std::vector<Face> &found)
{
    std::vector<bool> used(found.size(), false);
    int count = 0;
    for (const auto &face : wanted)
        for (std::size_t i = 0; i < found.size(); ++i)
            if (!used[i] && overlap(face, found[i]) >= 0.5F) {
                used[i] = true;
                ++count;
                break;
            }
    return count;
}

} // namespace

TEST(FaceDetector, ItsHefFindsTheFacesTheFloatNetworkFinds)
{
    REQUIRE_SHARED_FOLDER(shared);
    const TemporaryFolder folder;
    ConversionSettings settings;
    settings.model = shared / "models/version-RFB-320.onnx";
    settings.output = folder / "faces.hef";
    settings.calibration = shared / "images";
    settings.normalization = Normalization{{127}, {128}};
    settings.color = ColorOrder::rgb;
    settings.resize = ResizePolicy::stretch;
    const auto converted = convert(settings, {}, {});
    ASSERT_TRUE(converted) << failureText(converted);
    const auto hef = EmulatedHef::open(settings.output);
    ASSERT_TRUE(hef) << failureText(hef);
    ASSERT_TRUE(hef->hasHostRemainder());

    const auto reference = referenceFaces(shared);
    int wanted = 0, found = 0, extra = 0;
    for (const auto &[file, all] : reference) {
        const auto photo = loadImage(shared / "images" / file);
        ASSERT_TRUE(photo) << failureText(photo);
        const auto input = preprocess(*photo, hef->record()->inputs[0].preprocess);
        ASSERT_TRUE(input) << failureText(input);
        const auto stored = hef->run(std::span(&input->pixels, 1));
        ASSERT_TRUE(stored) << failureText(stored);
        const auto outputs = hef->runHost(hef->toReal(*stored));
        ASSERT_TRUE(outputs) << failureText(outputs);
        const auto output = [&](const std::string &name) {
            return std::ranges::find(*outputs, name, &std::pair<std::string, Tensor>::first)
                ->second;
        };
        const auto ours = decode(output("scores"), output("boxes"), *photo, 0.7F);
        const int both = matched(all, ours);
        wanted += static_cast<int>(all.size());
        found += both;
        extra += static_cast<int>(ours.size()) - both;
    }
    std::cout << "faces: " << found << " of " << wanted << " found, " << extra << " extra\n";
    ASSERT_GT(wanted, 0);
    EXPECT_GE(found, 0.95 * wanted);
    EXPECT_LE(extra, 0.05 * wanted);
}
