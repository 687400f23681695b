// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/diagnostic_catalogue.h"
#include "base/diagnostic_json.h"

#include "result_matchers.h"

#include <gtest/gtest.h>
#include <set>

using namespace hefstudio;

TEST(Catalogue, IdsAreUniqueAndSentencesWhole)
{
    std::set<std::string> seen;
    for (const auto &entry : diagnosticCatalogue()) {
        EXPECT_TRUE(seen.insert(entry.id).second) << entry.id << " stands twice";
        const std::string cause = entry.cause;
        EXPECT_TRUE(cause.ends_with('.') || cause.ends_with('?')) << entry.id;
        const std::string next = entry.nextStep;
        EXPECT_TRUE(next.empty() || next.ends_with('.')) << entry.id;
    }
}

TEST(Diagnostic, BecomesASentenceAtTheEdge)
{
    const auto diagnostic = Diagnostic("file.too-large", Place{.file = "a.onnx", .offset = 7})
                                .with("bytes", std::int64_t(9))
                                .with("limit", std::int64_t(8))
                                .withFix({"set-option", {{"limit", "9"}}});
    EXPECT_EQ(consoleText(diagnostic),
              "error: a.onnx, byte 7: The file has 9 bytes, more than the 8 this reader takes. "
              "[file.too-large]\n"
              "  next: Check that it is the file you meant.\n"
              "  fix: set-option limit=9\n");
    const auto shout = [](const char *source) { return "<" + std::string(source) + ">"; };
    EXPECT_EQ(causeSentence(diagnostic, shout),
              "<The file has 9 bytes, more than the 8 this reader takes.>");
}

TEST(Diagnostic, ExitCodeSaysWhoIsToBlame)
{
    EXPECT_EQ(exitCode({}), 0);
    EXPECT_EQ(exitCode({Diagnostic("file.not-found")}), 3);
    EXPECT_EQ(exitCode({Diagnostic("file.disk-full")}), 4);
    EXPECT_EQ(exitCode({Diagnostic("cancelled")}), 130);
    EXPECT_EQ(exitCode({Diagnostic("graph.invalid")}), 1);
    EXPECT_EQ(exitCode({Diagnostic("file.not-found").as(Severity::warning),
                        Diagnostic("file.disk-full")}),
              4);
}

TEST(Diagnostic, SurvivesJson)
{
    const auto diagnostic =
        Diagnostic("graph.invalid",
                   Place{.file = "m.onnx", .offset = 3, .node = "n", .layer = "l", .keyPath = "k"})
            .with("where", std::string("x"))
            .with("count", std::int64_t(3))
            .withFix({"cut-before", {{"node", "n"}}})
            .withNote(Diagnostic("cancelled"));
    const auto back = diagnosticFromJson(toJson(diagnostic));
    EXPECT_EQ(back.id, diagnostic.id);
    EXPECT_EQ(back.place, diagnostic.place);
    EXPECT_EQ(back.arguments, diagnostic.arguments);
    EXPECT_EQ(back.fixes, diagnostic.fixes);
    ASSERT_EQ(back.notes.size(), 1U);
    EXPECT_EQ(back.notes[0].severity, Severity::note);
}

TEST(Json, RefusesBrokenAndBottomlessText)
{
    EXPECT_EQ(failureId(parseJson("{\"a\":", "x")), "json.malformed");
    EXPECT_EQ(failureId(parseJson(std::string(100000, '['), "x")), "json.malformed");
    EXPECT_TRUE(parseJson("{\"a\": \"[[[[\"}", "x"));
}
