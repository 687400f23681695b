// The deployment kit: what is in it, and that its programs are programs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hef/bundle.h"

#include "base/file.h"
#include "hef/hef_metadata.h"
#include "hef/hef_reader.h"
#include "hef_world.h"
#include "result_matchers.h"
#include "shared_folder.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace hefstudio {
namespace {

using testing::HasSubstr;
using testing::Not;
using Direction = HefEdge::Direction;

struct Output {
    std::int64_t height, width, features;
};

// A chip file's message: ours without the program, so that nothing marks it as an emulation.
Hef chipHef(const std::vector<Output> &outputs, const std::vector<std::string> &labels)
{
    EmulationHefContent content = test::singleContext(HefChip::hailo8l);
    content.blobs.clear();
    content.contexts.resize(1);
    content.contexts[0].edges = {
        test::boundary(content.groupName + "/images", Direction::hostToDevice, 64, 64, 3)};
    content.sortedOutputs.clear();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const std::string name = content.groupName + "/conv" + std::to_string(i);
        auto edge = test::boundary(name, Direction::deviceToHost, outputs[i].height,
                                   outputs[i].width, outputs[i].features);
        edge.isVector = outputs[i].height == 1;
        content.contexts[0].edges.push_back(edge);
        content.sortedOutputs.push_back(name);
    }
    const auto bytes = emulationHefBytes(content);
    EXPECT_TRUE(bytes) << failureText(bytes);
    const auto bare = Hef::fromBytes(*bytes, "folder/model.hef");
    const auto with = attachMetadata(*bare, {.model = {}, .labels = labels});
    EXPECT_TRUE(with) << failureText(with);
    return *Hef::fromBytes(*with, "folder/model.hef");
}

const std::vector<Output> detectOutputs{{8, 8, 64}, {8, 8, 2}, {4, 4, 64}, {4, 4, 2}};
const std::vector<Output> segmentOutputs{{16, 16, 32}, {8, 8, 64}, {8, 8, 2}, {8, 8, 32},
                                         {4, 4, 64},   {4, 4, 2},  {4, 4, 32}};
const std::vector<Output> poseOutputs{{8, 8, 64}, {8, 8, 1}, {8, 8, 51},
                                      {4, 4, 64}, {4, 4, 1}, {4, 4, 51}};
const std::vector<Output> classifyOutputs{{1, 1, 2}};
// Labels that a careless writer would break a program with.
const std::vector<std::string> labels{"cup \"large\"", "Schüssel\\n"};

std::string textOf(const std::vector<ArchiveMember> &files, std::string_view name)
{
    for (const ArchiveMember &file : files)
        if (file.name == name)
            return {reinterpret_cast<const char *>(file.bytes.data()), file.bytes.size()};
    ADD_FAILURE() << "no " << name;
    return {};
}

void writeTo(const TemporaryFolder &folder, const std::vector<ArchiveMember> &files)
{
    for (const ArchiveMember &file : files)
        ASSERT_TRUE(writeFileAtomically(folder / file.name, file.bytes));
}

int run(const std::string &command)
{
    return std::system(("( " + command + " ) >/dev/null").c_str());
}

TEST(Bundle, RefusesAnEmulationHef)
{
    const auto hef =
        Hef::fromBytes(*emulationHefBytes(test::singleContext(HefChip::hailo8l)), "x.hef");
    ASSERT_TRUE(hef->hasProgram());
    EXPECT_EQ(failureId(bundleFiles(*hef)), "bundle.emulation-hef");
}

TEST(Bundle, HoldsTheFileItsFactsAndTheWayToRunIt)
{
    const Hef hef = chipHef(detectOutputs, labels);
    const auto files = bundleFiles(hef);
    ASSERT_TRUE(files) << failureText(files);
    EXPECT_EQ(textOf(*files, "model.hef").size(), hef.container().bytes.size());
    EXPECT_EQ(textOf(*files, "labels.txt"), "cup \"large\"\nSchüssel\\n\n");
    EXPECT_THAT(textOf(*files, "edgefirst.json"), HasSubstr("\"schema_version\": 2"));
    const auto readme = textOf(*files, "README.md");
    EXPECT_THAT(readme, HasSubstr("scp "));
    EXPECT_THAT(readme, HasSubstr("hailortcli run model.hef"));
    EXPECT_THAT(readme, HasSubstr("64×64"));
    const auto python = textOf(*files, "model.py");
    EXPECT_THAT(python, HasSubstr("TASK = \"detection\""));
    EXPECT_THAT(python, HasSubstr("{\"stride\": 8.0, \"boxes\": "));
    EXPECT_THAT(python, HasSubstr("SCORE_ACTIVATION = \"sigmoid\""));
    EXPECT_EQ(*bundleFiles(hef), *files);
}

TEST(Bundle, SaysWhereItGuessed)
{
    const auto guessed = bundleFiles(chipHef(detectOutputs, labels));
    EXPECT_THAT(textOf(*guessed, "README.md"), HasSubstr("told by their shapes"));
    const auto plain = bundleFiles(chipHef({{8, 8, 7}}, labels));
    EXPECT_THAT(textOf(*plain, "README.md"), HasSubstr("How the outputs are decoded is not known"));
    EXPECT_THAT(textOf(*plain, "README.md"), Not(HasSubstr("told by their shapes")));
}

TEST(Bundle, PythonCompiles)
{
    if (run("python3 -c 'import py_compile'") != 0)
        GTEST_SKIP() << "python3 is missing";
    for (const auto &outputs : {detectOutputs, segmentOutputs, poseOutputs, classifyOutputs}) {
        const TemporaryFolder folder;
        writeTo(folder, *bundleFiles(chipHef(outputs, labels)));
        EXPECT_EQ(run("cd '" + folder.path().string() +
                      "' && python3 -W error -m py_compile model.py decode.py device.py "
                      "pictures.py infer.py record.py && "
                      "python3 -c 'import model; assert model.LABELS[1] == \"Schüssel\\\\n\"'"),
                  0);
    }
}

// Decodes outputs whose answer is known by hand: equal logits have the mean distance 7.5, so the
// cell (0, 0) of stride 8 has its box around (4, 4), 120 wide and high.
constexpr std::string_view knownAnswers = R"(#include "decode.hpp"
#include <cstdio>
#include <cstdlib>
namespace {
void near(float found, float wanted, int line)
{
    if (std::fabs(found - wanted) > 1e-3F) {
        std::fprintf(stderr, "line %d: %f, not %f\n", line, double(found), double(wanted));
        std::exit(1);
    }
}
decode::Output filled(int height, int width, int features, float value)
{
    decode::Output output{height, width, features, {}};
    output.values.assign(std::size_t(height) * width * features, value);
    return output;
}
}
int main()
{
    decode::Outputs outputs;
    for (const auto &scale : model::scales) {
        const int cells = model::inputHeight / int(scale.stride);
        outputs[scale.boxes] = filled(cells, cells, 64, 0.5F);
        outputs[scale.scores] = filled(cells, cells, int(model::labels.size()), -20);
        if (*scale.landmarks)
            outputs[scale.landmarks] = filled(cells, cells, 51, 0.25F);
        if (*scale.coefficients)
            outputs[scale.coefficients] = filled(cells, cells, 32, 1);
    }
    if (*model::protos)
        outputs[model::protos] = filled(16, 16, 32, 1);
    if (model::task == model::Task::classify) {
        outputs["x"] = {1, 1, 2, {0.25F, 0.75F}};
        const auto classes = decode::classify(outputs);
        return classes.size() == 2 && classes[0].index == 1 ? 0 : 1;
    }
    outputs[model::scales[0].scores].values[0] = 3; // class 0 of cell (0, 0)
    const auto found = decode::detect(outputs);
    if (found.size() != 1 || found[0].classIndex != 0)
        return 1;
    near(found[0].score, 1 / (1 + std::exp(-3.0F)), __LINE__);
    near((found[0].x1 + found[0].x2) / 2, 4, __LINE__);
    near((found[0].y1 + found[0].y2) / 2, 4, __LINE__);
    near(found[0].x2 - found[0].x1, 120, __LINE__);
    near(found[0].y2 - found[0].y1, 120, __LINE__);
    if (model::task == model::Task::pose) {
        near(float(found[0].points.size()), 17, __LINE__);
        near(found[0].points[0].x, 4, __LINE__); // (2 * 0.25 + 0) * 8
    }
    if (model::task == model::Task::segmentation) {
        const auto inside = decode::mask(found[0], outputs[model::protos]);
        near(inside[0], 1, __LINE__);
        near(inside[16 * 16 - 1], 1, __LINE__); // the box ends at 64, the picture's corner
    }
}
)";

TEST(Bundle, CppCompilesAndDecodes)
{
    for (const auto &outputs : {detectOutputs, segmentOutputs, poseOutputs, classifyOutputs}) {
        const TemporaryFolder folder;
        const bool isPose = outputs.size() == poseOutputs.size() && outputs[1].features == 1;
        writeTo(folder, *bundleFiles(chipHef(outputs, isPose ? std::vector<std::string>{"person"}
                                                             : labels)));
        ASSERT_TRUE(writeFileAtomically(folder / "known.cpp", asBytes(knownAnswers)));
        const std::string compile = std::string("cd '") + folder.path().string() + "' && '" +
                                    HEFSTUDIO_CXX_COMPILER "' -std=c++17 -Wall -Wextra -Werror ";
        EXPECT_EQ(run(compile + "known.cpp -o known && ./known"), 0);
        EXPECT_EQ(
            run(compile + "-fsyntax-only -I '" HEFSTUDIO_SOURCE_DIR "/tests/support' main.cpp"), 0);
    }
}

TEST(Bundle, RealFilesHaveKits)
{
    REQUIRE_SHARED_FOLDER(shared);
    for (const char *name : {"fast_depth-hailo8l-v0.hef", "arcface_mobilefacenet-hailo8-v2.hef",
                             "scrfd_2.5g-hailo15h-v3.hef"}) {
        const auto hef = Hef::open(shared / "hefs" / name);
        ASSERT_TRUE(hef) << name;
        const auto files = bundleFiles(*hef);
        ASSERT_TRUE(files) << name << failureText(files);
        EXPECT_THAT(textOf(*files, "README.md"), HasSubstr(name));
    }
}

} // namespace
} // namespace hefstudio
