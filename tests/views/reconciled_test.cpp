// The final reconciliation: every client in one list, with its reason.
#include "orchestrator/views/reconciled.h"

#include <gmock/gmock.h>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

// a1 upgraded and not rechecked, a2 failed, a3 late for good, a4 skipped, a5 upgraded, a6
// withdrawn.
Scene mixed() {
  ScenePlan plan;
  Group& group = plan.group("a", 6);
  group.command.inspect = {"inspect"};
  group.tolerate_failed = {2, false};
  group.tolerate_late = {1, false};
  group.restore_failed = false;
  group.retry_late = hours(1);
  group.give_up_late = hours(3);
  group.attempts = 1;
  group.recheck = hours(24);
  group.before = {Gate{Gate::Kind::soak, minutes(1), "", {}}};
  Scene scene(std::move(plan));
  EXPECT_TRUE(scene.order("skip", "a4"));
  scene.pass(minutes(1));
  for (const char* name : {"a1", "a2", "a5", "a6"}) scene.finish(name);  // inspect
  scene.finish("a3", OutcomeKind::unreachable, "off");
  scene.finish("a2", OutcomeKind::refused, "disk full");
  for (const char* name : {"a1", "a5", "a6"}) scene.finish(name);
  for (int i = 0; i < 3; ++i) {
    scene.pass(hours(1));
    if (!scene.open(Step::inspect).empty()) scene.finish("a3", OutcomeKind::unreachable, "off");
  }
  scene.pass(hours(24));
  scene.finish("a1", OutcomeKind::unreachable, "off");
  scene.finish("a6", OutcomeKind::failed, "other bytes");
  scene.finish("a5");
  EXPECT_TRUE(scene.order("continue"));
  return scene;
}

TEST(Reconciled, AtTheEnd_ListsEachClientOnceWithItsReason) {
  const Scene scene = mixed();
  EXPECT_EQ(scene.rollout().state(), RolloutState::completed_with_failures);
  EXPECT_EQ(reconciliation_text(scene.rollout()),
            "  6 clients, each once: 1 on target, 1 not rechecked, 1 skipped, 1 late for good, 1 "
            "withdrawn, 1 failed\n"
            "    not rechecked: a1: off\n"
            "    skipped: a4: because\n"
            "    late for good: a3: off; given up after 3h\n"
            "    withdrawn: a6: other bytes\n"
            "    failed: a2: disk full\n");
}

TEST(Reconciled, LongList_IsCutAndCounted) {
  ScenePlan plan;
  plan.group("a", 25).after = {"b"};
  plan.group("b", 1);
  Scene scene(std::move(plan));
  EXPECT_EQ(reconciliation_text(scene.rollout()),
            "  26 clients, each once: 1 under way, 25 not begun\n");
  ASSERT_TRUE(scene.order("skip", "a"));
  const std::string text = reconciliation_text(scene.rollout(), 3);
  EXPECT_THAT(text, HasSubstr("26 clients, each once: 25 skipped, 1 under way\n"));
  EXPECT_THAT(text, HasSubstr("skipped: a3: because\n    skipped: 22 more\n"));
  EXPECT_THAT(text, Not(HasSubstr("a4:")));
}

TEST(Reconciled, Json_CountsSumUpToTheClients) {
  const Scene scene = mixed();
  const boost::json::object all = reconciliation_json(scene.rollout());
  std::uint64_t sum = 0, named = 0;
  for (const auto& list : all.at("lists").as_array()) {
    sum += list.at("count").to_number<std::uint64_t>();
    named += list.at("clients").as_array().size();
  }
  EXPECT_EQ(sum, 6U);
  EXPECT_EQ(named, 6U);
  EXPECT_EQ(all.at("lists").at(0),
            (boost::json::object{
                {"list", "on_target"}, {"count", 1}, {"clients", boost::json::array{"a5"}}}));
}

TEST(Reconciled, HostileName_IsEscaped) {
  ScenePlan plan;
  plan.group("\x1b[31m", 1);
  plan.plan.groups[0].name = "a";
  plan.plan.groups[0].select = "name";
  const Scene scene(std::move(plan));
  EXPECT_THAT(reconciliation_text(scene.rollout()), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace sitewide
