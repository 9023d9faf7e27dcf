#include "orchestrator/core/schedule_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;

std::string text() {
  ScenePlan plan;
  plan.group("pc", 3, Method::upgrade_bat).waves = {{1, false}, {100, true}};
  plan.group("kiosk", 2);
  return encode_schedule(Scene(std::move(plan)).schedule());
}

std::string with(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  if (at == std::string::npos) throw std::runtime_error("the schedule has no " + old);
  return text.replace(at, old.size(), now);
}

TEST(ScheduleCodec, Schedule_ReadsBack) {
  const auto read = decode_schedule(text());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode_schedule(*read), text());
}

TEST(ScheduleCodec, GateThatAsks_ReadsBackWithAllItHas) {
  Gate gate;
  gate.kind = Gate::Kind::prometheus;
  gate.inquiry.policy = {7, std::chrono::minutes(2), std::chrono::seconds(3),
                         std::chrono::minutes(4)};
  gate.inquiry.run = {"a", "b"};
  gate.inquiry.pass = {0, 3};
  gate.inquiry.inconclusive = {75};
  gate.inquiry.url = "http://p";
  gate.inquiry.body = "up";
  gate.inquiry.headers = {{"X-Key", {"", "TOKEN", "", "Bearer "}}};
  gate.inquiry.ca_file = "/ca.pem";
  gate.inquiry.query = "up";
  gate.inquiry.at_least = "0.990";
  gate.inquiry.at_most = "1";
  gate.inquiry.empty_fails = true;
  ScenePlan plan;
  plan.group("pc", 1).after_wave = {gate};
  const std::string written = encode_schedule(Scene(std::move(plan)).schedule());
  const auto read = decode_schedule(written);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode_schedule(*read), written);
  const Inquiry& again = read->groups[0].plan.after_wave[0].inquiry;
  EXPECT_EQ(again.policy, gate.inquiry.policy);
  EXPECT_EQ(again.headers, gate.inquiry.headers);
  EXPECT_EQ(again.inconclusive, gate.inquiry.inconclusive);
  EXPECT_EQ(again.at_least, "0.990");
  EXPECT_TRUE(again.empty_fails);
}

/// As the journal has it, references stay references.
TEST(ScheduleCodec, Notifications_ReadBack) {
  ScenePlan plan;
  plan.group("pc", 3, Method::command);
  Schedule schedule = Scene(std::move(plan)).schedule();
  NotifyTarget hook;
  hook.webhook.url.env = "HOOK";
  PlannedHeader header;
  header.name = "Authorization";
  header.value.file = "/etc/token";
  header.value.prefix = "Bearer ";
  hook.webhook.headers.push_back(header);
  hook.on = {Occasion::needs_hands, Occasion::end};
  NotifyTarget mail;
  mail.kind = NotifyTarget::Kind::email;
  mail.email.to = {"anna@example.org"};
  mail.timeout = std::chrono::minutes(1);
  schedule.notify = {hook, mail};
  const auto read = decode_schedule(encode_schedule(schedule));
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->notify.size(), 2U);
  EXPECT_EQ(read->notify[0].webhook.url, hook.webhook.url);
  EXPECT_EQ(read->notify[0].webhook.headers, hook.webhook.headers);
  EXPECT_EQ(read->notify[0].on, hook.on);
  EXPECT_EQ(read->notify[1].email.to, mail.email.to);
  EXPECT_EQ(read->notify[1].timeout, mail.timeout);
  schedule.notify[1].email.to.clear();
  EXPECT_FALSE(decode_schedule(encode_schedule(schedule)));
}

/// What the text names by number must be there: whoever folds events by it looks nowhere else.
TEST(ScheduleCodec, WhatIsNotThere_IsRefused) {
  for (const auto& [old, now] : std::vector<std::pair<std::string, std::string>>{
           {R"("transport":0)", R"("transport":7)"},

           {R"("after":[])", R"("after":[9])"},
           {R"("clients":{"begin":0,"end":3})", R"("clients":{"begin":0,"end":4000000})"},
           {R"("clients":{"begin":0,"end":3})", R"("clients":{"begin":1,"end":3})"},
           {R"("waves":[{"begin":0,"end":1},{"begin":1,"end":3}])",
            R"("waves":[{"begin":0,"end":1},{"begin":1,"end":9}])"},
           {R"("waves":[{"begin":0,"end":1},{"begin":1,"end":3}])",
            R"("waves":[{"begin":0,"end":2},{"begin":1,"end":3}])"},
           {R"({"group":0,"site":0)", R"({"group":70,"site":0)"},
           {R"({"group":0,"site":0)", R"({"group":0,"site":70)"},
           {R"({"group":0,"site":0)", R"({"group":0,"site":4294967295)"},
           {R"({"group":0,"site":0,"adopted_by":4294967295)",
            R"({"group":0,"site":0,"adopted_by":70)"},
           {R"({"group":0,"site":0,"adopted_by":4294967295)",
            R"({"group":0,"site":0,"adopted_by":0)"},
           {"pc1\t\t0", "pc1\t\t7"},
           {"pc1\t\t0", "pc1\t\t1"},
           {"pc1\t\t0", "pc1\t\t0x"},
           {"pc1\t\t0", std::string(70'000, 'p') + "\t\t0"},
           {R"("backoff":30000)", R"("backoff":9223372036854775807)"}}) {
    const auto read = decode_schedule(with(text(), old, now));
    ASSERT_FALSE(read) << old << " -> " << now;
    EXPECT_EQ(read.error().kind, ErrorKind::journal);
    EXPECT_THAT(read.error().message, HasSubstr("the schedule cannot be read"));
  }
}

TEST(ScheduleCodec, GroupWithoutSteps_IsRefused) {
  ScenePlan plan;
  plan.group("pc", 1);
  const std::string written = encode_schedule(Scene(std::move(plan)).schedule());
  const auto read = decode_schedule(with(written, R"("upgrade":["upgrade"])", R"("upgrade":[])"));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("group `pc` has no steps"));
}

TEST(ScheduleCodec, ColumnWithoutAName_IsRefused) {
  EXPECT_FALSE(decode_schedule(with(text(), "\tsite\tring", "\t\tring")));
}

TEST(ScheduleCodec, ColumnNamedTwice_IsOneColumn) {
  const auto read = decode_schedule(with(text(), "\tsite\tring", "\tsite\tsite"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->clients.columns().size(), 1U);
}

}  // namespace
}  // namespace sitewide
