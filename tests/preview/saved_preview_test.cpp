// Saved previews: written and read again, and what a reader refuses.
#include "orchestrator/preview/saved_preview.h"

#include <gmock/gmock.h>

#include "orchestrator/core/compile.h"
#include "orchestrator/core/schedule_codec.h"
#include "tests/support/scene.h"

namespace sitewide {
namespace {

using testing::HasSubstr;

SavedPreview sample() {
  ScenePlan plan;
  plan.group("canary", 2);
  SavedPreview preview;
  preview.program = "0.1.0";
  preview.at = *parse_timestamp("2026-11-23T20:00:00Z");
  preview.only = "ring=canary";
  preview.plan = "version: 1\n";
  preview.schedule = std::move(compile(plan.plan, std::move(plan.clients), {}).schedule);
  preview.schedule.plan_digest = sha256(preview.plan);
  preview.schedule.digest = sha256(encode_schedule(preview.schedule));
  preview.inventory = sha256("inventory");
  for (const PlannedFile& file : preview.schedule.hotfix.files)
    preview.artifacts.push_back({file.source, file.digest});
  preview.files = {{"site HQ", "X86.bin/a.exe", "", true, sha256("a"), 1, preview.at},
                   {"site HQ", "X86.bin/b.exe", "no answer", false, {}, 0, {}}};
  preview.clients = std::vector<SavedClient>(preview.schedule.clients.size());
  preview.clients->front() = {ClientStanding::unreachable, "off"};
  return preview;
}

// The same text with other content, and a digest that fits it: what somebody writes on purpose.
std::string forged(const std::string& text, const std::string& from, const std::string& to) {
  const std::string middle = "\",\"content\":";
  std::string content = text.substr(text.find(middle) + middle.size());
  content.resize(content.size() - 2);
  const std::size_t at = content.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  content.replace(at, from.size(), to);
  return "{\"sitewide_preview\":1,\"sha256\":\"" + sha256(content).hex() + middle + content + "}\n";
}

std::string refusal_of(const std::string& text) {
  const auto read = decode_saved_preview(text);
  if (read) return "it was read";
  EXPECT_EQ(read.error().kind, ErrorKind::invalid);
  return read.error().message;
}

TEST(SavedPreview, Written_IsReadAsItWas) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  EXPECT_TRUE(is_saved_preview(text));
  const auto read = decode_saved_preview(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->digest, preview.digest);
  EXPECT_EQ(read->schedule.digest, preview.schedule.digest);
  EXPECT_EQ(read->files, preview.files);
  EXPECT_EQ(read->clients, preview.clients);
  EXPECT_EQ(read->only, preview.only);
  EXPECT_EQ(read->at, preview.at);
}

TEST(SavedPreview, OneBitTurned_IsRefusedWhereverItIs) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  for (std::size_t i = 0; i < text.size(); i += 7) {
    std::string turned = text;
    turned[i] = static_cast<char>(turned[i] ^ 1);
    EXPECT_FALSE(decode_saved_preview(turned)) << i;
  }
}

TEST(SavedPreview, CutShort_IsRefused) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  for (const std::size_t size : {std::size_t{0}, std::size_t{20}, std::size_t{90}, std::size_t{110},
                                 text.size() / 2, text.size() - 1}) {
    EXPECT_FALSE(decode_saved_preview(text.substr(0, size))) << size;
  }
}

TEST(SavedPreview, FormatOfALaterVersion_IsSaidToBeThat) {
  EXPECT_THAT(refusal_of("{\"sitewide_preview\":2,\"x\":1}\n"), HasSubstr("does not know"));
}

TEST(SavedPreview, UnknownMember_IsRefusedThoughTheDigestFits) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  EXPECT_THAT(refusal_of(forged(text, "\"only\"", "\"also\":1,\"only\"")),
              HasSubstr("holds something unknown"));
}

TEST(SavedPreview, PlanOfAnotherSchedule_IsRefusedThoughTheDigestFits) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  EXPECT_THAT(refusal_of(forged(text, "version: 1", "version: 2")),
              HasSubstr("not the one that its schedule was made of"));
}

TEST(SavedPreview, FewerClientsSeenThanTheScheduleHas_IsRefusedThoughTheDigestFits) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  EXPECT_THAT(refusal_of(forged(text, "\"standing\":\"", "\"standing\":\"0")),
              HasSubstr("as many clients"));
}

TEST(SavedPreview, DeeplyNestedContent_IsRefused) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_THAT(refusal_of(forged(text, "\"only\":\"ring=canary\"", "\"only\":" + deep)),
              HasSubstr("not JSON"));
}

TEST(SavedPreview, ControlCharactersInWhatIsWrong_AreNotShownAsTheyAre) {
  SavedPreview preview = sample();
  const std::string text = encode_saved_preview(preview);
  const std::string message =
      refusal_of(forged(text, "\"place\":\"site HQ\"", "\"place\":\"site HQ\",\"\\u001b[2J\":1"));
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
}

TEST(SavedPreview, APlan_IsNone) {
  EXPECT_FALSE(is_saved_preview("version: 1\nname: here\n"));
  EXPECT_FALSE(is_saved_preview("{version: 1, name: here}\n"));
}

}  // namespace
}  // namespace sitewide
