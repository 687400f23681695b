// Everything a tired user can get wrong: a diagnostic with id, place and remedy, the right exit
// code, and no partial file. SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/file.h"
#include "onnx_builder.h"
#include "temporary_folder.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

using namespace hefstudio;
using testing::HasSubstr;

namespace {

class BadInput : public testing::Test {
protected:
    // Converts and expects this failure; the output folder must stay empty.
    void expectFailure(const std::vector<std::string> &arguments, int exitCode,
                       const std::string &id, const std::string &place)
    {
        const auto result = hefc(arguments);
        EXPECT_EQ(result.exitCode, exitCode) << result.err;
        EXPECT_THAT(result.err, HasSubstr("[" + id + "]"));
        EXPECT_THAT(result.err, HasSubstr(place));
        EXPECT_THAT(result.err, HasSubstr("next: "));
        EXPECT_TRUE(std::filesystem::is_empty(m_out)) << result.err;
    }
    void expectModelFailure(const std::string &model, int exitCode, const std::string &id)
    {
        expectFailure({"convert", model, "--calib", pictures(), "-o", m_out / "x.hef"}, exitCode,
                      id, model);
        // check and run meet the same file and must not crash either.
        EXPECT_NE(hefc({"check", model}).exitCode, 0);
        EXPECT_NE(hefc({"run", model, "--input", "x.npy", "-o", m_folder / "run"}).exitCode, 0);
    }
    void expectCalibrationFailure(const std::string &calibration, int exitCode,
                                  const std::string &id, const std::string &place)
    {
        expectFailure({"convert", model(), "--calib", calibration, "-o", m_out / "x.hef"}, exitCode,
                      id, place);
    }
    static std::string pictures() { return (sampleFolder() / "pictures").string(); }
    static std::string model() { return (sampleFolder() / "detector.onnx").string(); }

    void SetUp() override { std::filesystem::create_directory(m_out); }

    TemporaryFolder m_folder;
    std::filesystem::path m_out = m_folder / "out";
};

void write(const std::filesystem::path &file, const std::string &text)
{
    std::ofstream(file, std::ios::binary) << text;
}

} // namespace

TEST_F(BadInput, MissingModel)
{
    expectModelFailure(m_folder / "absent.onnx", 3, "file.not-found");
}

TEST_F(BadInput, EmptyModel)
{
    write(m_folder / "empty.onnx", "");
    expectModelFailure(m_folder / "empty.onnx", 3, "file.empty");
}

TEST_F(BadInput, TextCalledOnnx)
{
    write(m_folder / "text.onnx", "hello, this is a letter\n");
    expectModelFailure(m_folder / "text.onnx", 3, "onnx.text-file");
}

TEST_F(BadInput, TruncatedModel)
{
    const auto whole = *readTextFile(model());
    for (const auto share : {10, 50, 90, 99}) {
        write(m_folder / "cut.onnx", whole.substr(0, whole.size() * share / 100));
        expectModelFailure(m_folder / "cut.onnx", 3, "onnx.truncated");
    }
}

TEST_F(BadInput, DynamicShapeNamesTheInputAndTheWayOut)
{
    OnnxBuilder model(13);
    model.input("images", {-1, 3, -1, -1})
        .floats("w", {4, 3, 1, 1})
        .node("Conv", {"images", "w"}, {"y"})
        .output("y");
    const auto bytes = model.bytes();
    write(m_folder / "open.onnx", {reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    expectModelFailure(m_folder / "open.onnx", 3, "onnx.dynamic-shape");
    const auto fixed =
        hefc({"convert", m_folder / "open.onnx", "--calib", pictures(), "-o", m_folder / "x.hef",
              "--normalize", "0/255", "--input-shape", "images=1,3,32,32"});
    EXPECT_EQ(fixed.exitCode, 0) << fixed.err;
}

TEST_F(BadInput, AFolderInsteadOfAModel)
{
    expectModelFailure(m_folder.path(), 3, "file.is-directory");
}

TEST_F(BadInput, EmptyCalibrationFolder)
{
    std::filesystem::create_directory(m_folder / "none");
    expectCalibrationFailure(m_folder / "none", 3, "calib.empty", m_folder / "none");
}

TEST_F(BadInput, CalibrationFolderThatIsNotThere)
{
    expectCalibrationFailure(m_folder / "none", 3, "file.not-found", m_folder / "none");
}

TEST_F(BadInput, CalibrationFolderOfText)
{
    std::filesystem::create_directory(m_folder / "texts");
    write(m_folder / "texts/a.txt", "no picture");
    expectCalibrationFailure(m_folder / "texts", 3, "calib.empty", m_folder / "texts");
}

TEST_F(BadInput, BrokenPictureStopsUnlessToldToSkip)
{
    std::filesystem::copy(pictures(), m_folder / "calib");
    write(m_folder / "calib/broken.jpg", "this is text");
    expectCalibrationFailure(m_folder / "calib", 3, "calib.broken-picture", "broken.jpg");
    const auto skipped = hefc({"convert", model(), "--calib", m_folder / "calib", "-o",
                               m_folder / "x.hef", "--on-bad-image", "skip"});
    EXPECT_EQ(skipped.exitCode, 0) << skipped.err;
    EXPECT_THAT(skipped.err, HasSubstr("calib.skipped-picture"));
}

TEST_F(BadInput, ATextAmongThePicturesIsNamedAndLeftOut)
{
    std::filesystem::copy(pictures(), m_folder / "calib");
    write(m_folder / "calib/notes.txt", "hello");
    const auto result =
        hefc({"convert", model(), "--calib", m_folder / "calib", "-o", m_folder / "x.hef"});
    EXPECT_EQ(result.exitCode, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("calib.not-a-picture"));
    EXPECT_THAT(result.err, HasSubstr("notes.txt"));
}

TEST_F(BadInput, NoCalibrationAtAll)
{
    expectFailure({"convert", model(), "-o", m_out / "x.hef"}, 2, "pipeline.no-calibration",
                  "--calib");
}

TEST_F(BadInput, UnwritableOutput)
{
    expectFailure({"convert", model(), "--calib", pictures(), "-o", m_folder / "no/such/x.hef"}, 4,
                  "file.not-writable", m_folder / "no/such/x.hef");
    expectFailure({"convert", model(), "--calib", pictures(), "-o", m_folder.path()}, 4,
                  "file.not-writable", m_folder.path());
}

TEST_F(BadInput, FullDisk)
{
    const auto tiny = m_folder / "tiny";
    std::filesystem::create_directory(tiny);
    if (::mount("tmpfs", tiny.c_str(), "tmpfs", 0, "size=64k") != 0)
        GTEST_SKIP() << "a tiny file system cannot be mounted here";
    const auto result = hefc({"convert", model(), "--calib", pictures(), "-o", tiny / "x.hef"});
    const bool isClean = std::filesystem::is_empty(tiny);
    ::umount(tiny.c_str());
    EXPECT_EQ(result.exitCode, 4) << result.err;
    EXPECT_THAT(result.err, HasSubstr("[file.disk-full]"));
    EXPECT_TRUE(isClean);
}

TEST_F(BadInput, UnknownChipAndTheBackEndThatIsNotThere)
{
    expectFailure(
        {"convert", model(), "--calib", pictures(), "-o", m_out / "x.hef", "--arch", "hailo9"}, 2,
        "device.unknown", "hailo9");
    expectFailure(
        {"convert", model(), "--calib", pictures(), "-o", m_out / "x.hef", "--backend", "vendor"},
        2, "vendor.no-toolchain", "vendor compiler");
}

TEST_F(BadInput, UnknownEndNode)
{
    expectFailure({"convert", model(), "--calib", pictures(), "-o", m_out / "x.hef", "--end-nodes",
                   "nothing"},
                  2, "graph.unknown-node", "nothing");
}

TEST_F(BadInput, BrokenHefFilesAreNamed)
{
    write(m_folder / "text.hef", "this is no HEF at all, just a text that goes on a little");
    for (const auto &verb : {"inspect", "profile"}) {
        const auto result = hefc({verb, m_folder / "text.hef"});
        EXPECT_EQ(result.exitCode, 3) << verb << result.err;
        EXPECT_THAT(result.err, HasSubstr("hef."));
    }
    EXPECT_EQ(hefc({"run", m_folder / "text.hef", "--input", "x.npy", "-o", m_out}).exitCode, 3);
}
