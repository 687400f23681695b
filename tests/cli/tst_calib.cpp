// SPDX-License-Identifier: GPL-3.0-or-later
#include "hefc_process.h"

#include "base/file.h"
#include "base/npy.h"
#include "temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace hefstudio;
using testing::Contains;
using testing::HasSubstr;
using Json = nlohmann::json;

namespace {

std::string pictures()
{
    return (sampleFolder() / "pictures").string();
}

std::vector<std::string> idsIn(const std::string &text)
{
    std::vector<std::string> ids;
    const Json json = Json::parse(text);
    for (const Json &finding : json.at("findings"))
        ids.push_back(finding.at("id"));
    return ids;
}

class CalibVerb : public testing::Test {
protected:
    void SetUp() override
    {
        if (sampleFolder().empty())
            GTEST_SKIP() << "the sample is not in the tree";
    }
    std::string path(const std::string &name) const { return (folder / name).string(); }
    TemporaryFolder folder;
};

} // namespace

TEST_F(CalibVerb, CheckSaysNoWithOne)
{
    const auto few = hefc({"calib", "check", pictures()});
    EXPECT_EQ(few.exitCode, 1) << few.err;
    EXPECT_THAT(few.out, HasSubstr("calib.too-few"));
    const auto json = hefc({"calib", "check", pictures(), "--json"});
    EXPECT_EQ(json.exitCode, 1);
    const Json answer = Json::parse(json.out);
    EXPECT_EQ(answer.at("samples"), 28);
    EXPECT_EQ(answer.at("fine"), false);
    EXPECT_EQ(answer.at("allows").at("calibration"), false);
    EXPECT_TRUE(answer.at("statistics").contains("brightness"));
    EXPECT_THAT(idsIn(json.out), Contains("calib.too-few"));
}

TEST_F(CalibVerb, WrongArgumentsAndFiles)
{
    EXPECT_EQ(hefc({"calib"}).exitCode, 2);
    EXPECT_EQ(hefc({"calib", "check"}).exitCode, 2);
    EXPECT_EQ(hefc({"calib", "build", pictures()}).exitCode, 2);
    EXPECT_EQ(hefc({"calib", "build", pictures(), "-o", path("a.jpg")}).exitCode, 2);
    EXPECT_EQ(hefc({"calib", "build", pictures(), "-o", path("a.npy")}).exitCode, 2); // no size
    EXPECT_EQ(hefc({"calib", "build", pictures(), "-o", path("a.npy"), "--size", "6x"}).exitCode,
              2);
    EXPECT_EQ(hefc({"calib", "check", pictures(), "--normalize", "1"}).exitCode, 2);
    EXPECT_EQ(hefc({"calib", "check", path("absent")}).exitCode, 3);
    const auto classes = hefc({"calib", "build", pictures(), "-o", path("c.json"), "--strategy",
                               "per-class", "--count", "4"});
    EXPECT_EQ(classes.exitCode, 3);
    EXPECT_THAT(classes.err, HasSubstr("calib.no-labels"));
}

TEST_F(CalibVerb, BuildsAListThatConvertTakes)
{
    const auto built = hefc({"calib", "build", pictures(), "-o", path("set.json"), "--count", "6",
                             "--strategy", "diverse", "--seed", "3", "--json"});
    ASSERT_EQ(built.exitCode, 0) << built.err;
    const Json answer = Json::parse(built.out);
    EXPECT_EQ(answer.at("samples"), 6);
    EXPECT_EQ(answer.at("left_out"), 22);
    const auto again = hefc({"calib", "build", pictures(), "-o", path("again.json"), "--count",
                             "6", "--strategy", "diverse", "--seed", "3"});
    ASSERT_EQ(again.exitCode, 0) << again.err;
    EXPECT_EQ(*readTextFile(folder / "set.json"), *readTextFile(folder / "again.json"));
    const auto converted =
        hefc({"convert", (sampleFolder() / "detector.onnx").string(), "--calib", path("set.json"),
              "-o", path("out.hef"), "--report", path("report.json"), "--progress", "none"});
    EXPECT_EQ(converted.exitCode, 0) << converted.err;
    EXPECT_TRUE(std::filesystem::exists(folder / "out.hef"));
}

TEST_F(CalibVerb, LeavesOutWhatTheDoctorNames)
{
    std::filesystem::copy(pictures(), folder / "set");
    std::filesystem::copy(folder / "set/shapes-01.jpg", folder / "set/zz-copy.jpg");
    ASSERT_TRUE(writeFileAtomically(folder / "set/broken.jpg", asBytes("no picture")));
    const auto build = [&](std::vector<std::string> more) {
        std::vector<std::string> all{"calib", "build",         path("set"), "-o",
                                     path("l.json"), "--json", "--leave-out"};
        all.insert(all.end(), more.begin(), more.end());
        const auto result = hefc(all);
        EXPECT_EQ(result.exitCode, 0) << result.err;
        return Json::parse(result.out).at("samples").get<int>();
    };
    EXPECT_EQ(build({"duplicates"}), 29);
    EXPECT_EQ(build({"duplicates,broken-pictures"}), 28);
    EXPECT_EQ(build({"duplicates,broken-pictures", "--remove", "shapes-02.jpg", "--keep",
                     "zz-copy.jpg"}),
              28);
}

TEST_F(CalibVerb, RepairsAnArrayInOneGo)
{
    const auto model = (sampleFolder() / "detector.onnx").string();
    ASSERT_EQ(hefc({"calib", "build", pictures(), "-o", path("right.npy"), "--model", model})
                  .exitCode,
              0);
    const auto right = readNpy(folder / "right.npy");
    ASSERT_TRUE(right);
    const auto &shape = right->shape();
    Tensor wrong(ElementType::uint8, Shape{shape[0], shape[3], shape[1], shape[2]});
    const auto plane = static_cast<std::size_t>(shape[1] * shape[2]);
    for (std::size_t n = 0; n < static_cast<std::size_t>(shape[0]); ++n)
        for (std::size_t pixel = 0; pixel < plane; ++pixel)
            for (std::size_t c = 0; c < 3; ++c)
                wrong.as<std::uint8_t>()[(n * 3 + c) * plane + pixel] =
                    right->as<std::uint8_t>()[(n * plane + pixel) * 3 + c];
    ASSERT_TRUE(writeNpy(folder / "wrong.npy", wrong));
    const auto check = hefc({"calib", "check", path("wrong.npy"), "--model", model, "--json"});
    EXPECT_EQ(check.exitCode, 1);
    EXPECT_THAT(idsIn(check.out), Contains("calib.layout-nchw"));
    const auto fixed = hefc({"calib", "build", path("wrong.npy"), "--fix", "--model", model, "-o",
                             path("fixed.npy")});
    ASSERT_EQ(fixed.exitCode, 0) << fixed.err;
    EXPECT_THAT(fixed.out, HasSubstr("transpose-samples"));
    EXPECT_EQ(*readNpy(folder / "fixed.npy"), *right);
    const auto none = hefc({"calib", "build", path("fixed.npy"), "--fix", "--model", model, "-o",
                            path("again.npy")});
    EXPECT_EQ(none.exitCode, 0) << none.err;
    EXPECT_THAT(none.out, HasSubstr("needs no repair"));
    EXPECT_FALSE(std::filesystem::exists(folder / "again.npy"));
}
