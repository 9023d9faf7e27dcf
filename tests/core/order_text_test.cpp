// What an order names, and how it is written.
#include <gtest/gtest.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using Names = std::vector<std::string>;

TEST(Order, UnknownVerbOrSubject_RefusedWithReason) {
  ScenePlan plan;
  plan.group("a", 1);
  Scene scene(std::move(plan));
  EXPECT_FALSE(scene.order("explode"));
  EXPECT_FALSE(scene.order("retry", "nobody"));
  EXPECT_EQ(scene.refusal(), "there is no group or client `nobody`");
}

/// A group `kiosk1` beside a client `kiosk1`, and one of the group's own.
ScenePlan a_name_for_two() {
  ScenePlan plan;
  plan.group("kiosk", 2).in_flight = 1;
  plan.group("kiosk1", 1);
  return plan;
}

TEST(OrderOnASubject, NameOfAGroupAndAClient_IsRefusedAndSaysWhatToSay) {
  Scene scene(a_name_for_two());
  scene.finish("kiosk1");
  for (const std::string verb : {"retry", "rollback"}) {
    EXPECT_FALSE(scene.order(verb, "kiosk1"));
    EXPECT_EQ(scene.refusal(),
              "`kiosk1` is a client and a group; say `client/kiosk1` or `group/kiosk1`");
  }
  EXPECT_FALSE(scene.happened("rollback_started"));
}

TEST(OrderOnASubject, SaysWhetherAGroupOrAClient_MeansThatAlone) {
  Scene scene(a_name_for_two());
  scene.finish_everything();
  EXPECT_TRUE(scene.order("rollback", "client/kiosk1")) << scene.refusal();
  EXPECT_EQ(scene.open(Step::restore), Names{"kiosk1"});
  Scene other(a_name_for_two());
  other.finish_everything();
  EXPECT_TRUE(other.order("rollback", "group/kiosk1")) << other.refusal();
  EXPECT_EQ(other.open(Step::restore), Names{"kiosk11"});
}

TEST(OrderOnASubject, SkipOfANameForTwo_SkipsWhatItSays) {
  ScenePlan plan = a_name_for_two();
  plan.plan.groups[0].after = {"kiosk1"};
  Scene scene(std::move(plan));
  EXPECT_FALSE(scene.order("skip", "kiosk1"));
  EXPECT_TRUE(scene.order("skip", "client/kiosk1")) << scene.refusal();
  EXPECT_EQ(scene.state("kiosk1"), ClientState::skipped);
  EXPECT_FALSE(scene.order("skip", "client/kiosk"));
  EXPECT_EQ(scene.refusal(), "there is no client `kiosk`");
  EXPECT_FALSE(scene.order("skip", "site/HQ"));
}

TEST(OrderText, AnyOrder_ReadsBack) {
  const Order order{"skip", "pc\x01", "n\"ame", 3, {"ann", "desk", "weil \xc3\xa4"}};
  const auto back = decode_order(encode_order(order));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, order);
  EXPECT_FALSE(decode_order("{"));
  EXPECT_FALSE(decode_order("{}"));
}

/// A field that cannot be read must not pass for one that was left out: that would be an order for
/// the whole rollout, or for every failure there is.
TEST(OrderText, MalformedField_IsRefused) {
  EXPECT_TRUE(decode_order(R"({"verb":"retry"})"));
  for (const std::string text :
       {R"({"verb":"retry","subject":["pc1"]})", R"({"verb":"retry","subject":null})",
        R"({"verb":"abort","name":7})", R"({"verb":"pause","user":{}})",
        R"({"verb":"acknowledge","count":-1})", R"({"verb":"acknowledge","count":4294967296})",
        R"({"verb":"acknowledge","count":1.5})", R"({"verb":"acknowledge","count":"1"})",
        R"({"verb":7})", R"({"verb":"pause","verb":["x"]})"}) {
    const auto order = decode_order(text);
    ASSERT_FALSE(order) << text;
    EXPECT_EQ(order.error().kind, ErrorKind::refused);
  }
}

}  // namespace
}  // namespace sitewide
