// SPDX-License-Identifier: GPL-3.0-or-later
#include "heads/annotations.h"

#include "base/file.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

namespace hefstudio {
namespace {

class AnnotationFiles : public testing::Test {
protected:
    void write(const std::string &name, const std::string &text)
    {
        ASSERT_TRUE(writeFileAtomically(folder.path() / name, asBytes(text)));
    }
    TemporaryFolder folder;
};

TEST_F(AnnotationFiles, YoloTextIsInSharesOfThePicture)
{
    write("street.txt", "2 0.5 0.5 0.5 0.2\n\n");
    const auto annotations = Annotations::open(folder.path(), {});
    ASSERT_TRUE(annotations);
    const auto boxes = annotations->boxesOf("pictures/street.jpg", {200, 100});
    ASSERT_TRUE(boxes);
    ASSERT_EQ(boxes->size(), 1U);
    EXPECT_EQ(boxes->front().classIndex, 2);
    EXPECT_NEAR(boxes->front().box.x1, 50, 1e-9);
    EXPECT_NEAR(boxes->front().box.y2, 60, 1e-9);
    EXPECT_FALSE(annotations->boxesOf("other.jpg", {1, 1}));
}

TEST_F(AnnotationFiles, CocoCategoriesCountByNameOrByNumber)
{
    write("coco.json", R"({"images":[{"id":7,"file_name":"a.jpg"}],
        "annotations":[{"image_id":7,"category_id":18,"bbox":[1,2,3,4],"iscrowd":1}],
        "categories":[{"id":1,"name":"person"},{"id":18,"name":"dog"}]})");
    const auto byNumber = Annotations::open(folder.path() / "coco.json", {});
    ASSERT_TRUE(byNumber);
    const auto boxes = byNumber->boxesOf("a.jpg", {10, 10});
    ASSERT_TRUE(boxes);
    EXPECT_EQ(boxes->at(0).classIndex, 1);
    EXPECT_TRUE(boxes->at(0).isIgnored);
    EXPECT_EQ(boxes->at(0).box, (Box{1, 2, 4, 6}));
    const std::vector<std::string> labels{"dog", "cat", "person"};
    const auto byName = Annotations::open(folder.path() / "coco.json", labels);
    ASSERT_TRUE(byName);
    EXPECT_EQ(byName->boxesOf("a.jpg", {10, 10})->at(0).classIndex, 0);
}

TEST_F(AnnotationFiles, WhatIsNoLabelFileIsRefused)
{
    write("bad.txt", "person 0.5 0.5 0.5 0.2\n");
    EXPECT_EQ(Annotations::open(folder.path(), {}).error()[0].id, "heads.labels-malformed");
    write("bad.json", R"({"images":3})");
    EXPECT_EQ(Annotations::open(folder.path() / "bad.json", {}).error()[0].id,
              "heads.labels-malformed");
    write("worse.json", "{");
    EXPECT_EQ(Annotations::open(folder.path() / "worse.json", {}).error()[0].id, "json.malformed");
}

} // namespace
} // namespace hefstudio
