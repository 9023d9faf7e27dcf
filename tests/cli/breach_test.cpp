// More failures than a group's budget allows: nothing further starts, and what was changed is put
// back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::Not;

/// Steps that put back.
const std::set<std::string> kUndo{"restore",
                                  "unstage",
                                  "replicate_originals",
                                  "force_originals",
                                  "regenerate_originals",
                                  "converge_originals"};
std::set<std::string> steps_started_from(const EventLog& log, std::size_t from) {
  std::set<std::string> steps;
  for (std::size_t i = from; i < log.events().size(); ++i) {
    if (log.events()[i].type == "step_started") steps.insert(log.events()[i].step);
  }
  return steps;
}

void expect_only_undo_after_the_breach(const EventLog& log) {
  ASSERT_TRUE(log.has("breached"));
  EXPECT_THAT(steps_started_from(log, log.find("breached")), IsSubsetOf(kUndo));
  EXPECT_FALSE(log.find("wave_started", "", "", log.find("breached")) < log.events().size());
}

void expect_sound(const Lab& lab) {
  EXPECT_THAT(left_temporaries(lab), IsEmpty());
  EXPECT_THAT(survivors(lab), IsEmpty());
  const Finished audit = lab.run({"audit", "latest"});
  EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
}

TEST(Breach, InTheCanary_EveryTriggeredClientAndTheSiteAreAsBefore) {
  const auto lab = lab_with_bad_canary();
  const Before before(*lab);
  const auto map_time = modified_seconds(lab->root() / "hq/SMS/System.map");
  lab->play();
  const Finished run = run_on(*lab, {"run", "--yes", lab->plan()});
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  const EventLog log = log_of(*lab);
  expect_only_undo_after_the_breach(log);
  for (const LoggedEvent& event : log.events()) {
    if (event.type != "step_started" || event.step != "trigger") continue;
    EXPECT_EQ(log.client_states().at(event.subject), "restored");
  }
  EXPECT_GE(log.count("step_started", "", "trigger"), 2U);
  EXPECT_FALSE(log.has("step_started", "site/HQ", "force"));
  EXPECT_THAT(before.stays_changed(), IsEmpty());
  EXPECT_EQ(modified_seconds(lab->root() / "hq/SMS/System.map"), map_time);
  expect_sound(*lab);
}

TEST(Breach, InTheCanaryByABrickedClient_OthersAreRestoredAndItNeedsHands) {
  const auto lab = small_lab(6, 3);
  lab->edit_plan("    lost_after: 8s\n", "    lost_after: 3s\n    rollback: {within: 5s}\n");
  lab->set("pc002", "brick");
  const Before before(*lab);
  lab->play();
  const Finished run = run_on(*lab, {"run", "--yes", lab->plan()});
  EXPECT_EQ(run.exit_code, 16) << run.out << run.err;
  const EventLog log = log_of(*lab);
  expect_only_undo_after_the_breach(log);
  const auto states = log.client_states();
  EXPECT_EQ(states.at("client/pc001"), "restored");
  EXPECT_EQ(states.at("client/pc002"), "needs_hands");
  EXPECT_THAT(before.stays_changed("clients/pc001/"), IsEmpty());
  EXPECT_THAT(before.stays_changed("clients/pc004/"), IsEmpty());
  EXPECT_FALSE(log.has("step_started", "site/HQ", "force"));
  expect_sound(*lab);
}

// The site is not undone: that would take the hotfix away from the canary's clients.
TEST(Breach, InASiteWideGroupAfterAGoodCanary_OnlyThatGroupGoesBack) {
  const auto lab = small_lab(7, 2);
  lab->edit_plan("converge: {within: 30s, poll: 1s}\n    lost_after: 8s",
                 "converge: {within: 7s, poll: 1s}\n    lost_after: 4s");
  lab->set("pc003", "missing_file");
  lab->set("pc004", "missing_file");
  const Before before(*lab);
  const std::string map = read_file(lab->root() / "hq/SMS/System.map");
  lab->play();
  const Finished run = run_on(*lab, {"run", "--yes", lab->plan()});
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  const EventLog log = log_of(*lab);
  expect_only_undo_after_the_breach(log);
  for (const auto& [client, state] : log.client_states()) {
    const bool canary = client == "client/pc001" || client == "client/pc002";
    EXPECT_EQ(state, canary ? "upgraded" : "restored") << client;
    const std::string folder = "clients/" + client.substr(client.find('/') + 1) + "/";
    if (canary) {
      EXPECT_THAT(before.changed(folder), Not(IsEmpty())) << client;
    } else {
      EXPECT_THAT(before.stays_changed(folder), IsEmpty()) << client;
    }
  }
  EXPECT_FALSE(log.has("step_started", "site/HQ", "unstage"));
  EXPECT_EQ(before.changed("hq/SMS/Site.srv").size(), 3U) << "the three files stay staged";
  EXPECT_EQ(read_file(lab->root() / "hq/SMS/System.map"), map);
  expect_sound(*lab);
}

TEST(Breach, InASiteWideGroupByBrickedClients_ReachableOnesAreRestored) {
  const auto lab = small_lab(8, 2);
  lab->set("pc003", "brick");
  lab->set("pc005", "brick");
  lab->edit_plan("    lost_after: 8s\n    retry_late: 3s\n    give_up_late: 15s\n    tolerate",
                 "    lost_after: 3s\n    retry_late: 3s\n    give_up_late: 15s\n    tolerate");
  lab->edit_plan("rollback: {within: 8s}", "rollback: {within: 4s}");
  const Before before(*lab);
  lab->play();
  const Finished run = run_on(*lab, {"run", "--yes", lab->plan()});
  EXPECT_EQ(run.exit_code, 16) << run.out << run.err;
  const EventLog log = log_of(*lab);
  expect_only_undo_after_the_breach(log);
  int bricked = 0;
  for (const auto& [client, state] : log.client_states()) {
    if (state == "needs_hands") ++bricked;
    if (state == "restored") {
      EXPECT_THAT(before.stays_changed("clients/" + client.substr(client.find('/') + 1) + "/"),
                  IsEmpty());
    }
  }
  EXPECT_EQ(bricked, 2);
  EXPECT_EQ(log.client_states().at("client/pc001"), "upgraded");
  EXPECT_EQ(log.client_states().at("client/pc002"), "upgraded");
  EXPECT_FALSE(log.has("step_started", "site/HQ", "unstage"));
  expect_sound(*lab);
}

constexpr const char* kEverybodyByForce = R"(groups:
  - name: everyone
    select: site=HQ
    method: site_wide
    reaches: site
    before_force: 4s
    converge: {within: 6s, poll: 1s}
    rollback: {within: 20s}
)";

TEST(Breach, OfAPlanThatForcedAlone_TheSiteIsUndoneAsAWholeAndClientsFollow) {
  const auto lab = small_lab(6, 2);
  set_groups(*lab, kEverybodyByForce);
  lab->set("pc003", "missing_file");
  const Before before(*lab);
  const fs::path map = lab->root() / "hq/SMS/System.map";
  const auto map_time = modified_seconds(map);
  lab->play();
  Program program(lab->argv({"run", "--yes", "--json", lab->plan()}));
  ASSERT_TRUE(program.wait_for("\"type\":\"breached\"")) << program.out();
  const auto forced_time = modified_seconds(map);
  EXPECT_GE(forced_time, map_time + 2);
  lab->clear("pc003");  // the file can be had again: the client follows like the others
  const Finished run = program.finish();
  EXPECT_EQ(run.exit_code, 11) << run.out << run.err;
  const EventLog log = log_of(*lab);
  expect_only_undo_after_the_breach(log);
  for (const char* step :
       {"unstage", "replicate_originals", "force_originals", "regenerate_originals"}) {
    EXPECT_EQ(log.count("step_started", "site/HQ", step), 1U) << step;
  }
  EXPECT_FALSE(log.has("step_started", "", "restore"));
  EXPECT_EQ(log.client_states().size(), 6U);
  for (const auto& [client, state] : log.client_states()) EXPECT_EQ(state, "restored") << client;
  EXPECT_THAT(before.stays_changed(), IsEmpty());
  EXPECT_GE(modified_seconds(map), forced_time + 2);
  expect_sound(*lab);
}

}  // namespace
}  // namespace sitewide::test
