// What preview expects is what a run does when nothing goes wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// The events of `preview --events --json`.
EventLog expected_events(const std::string& preview) {
  std::string lines;
  std::istringstream all(preview);
  for (std::string line; std::getline(all, line);) {
    const boost::json::object object = boost::json::parse(line).as_object();
    if (object.at("type") == "preview.event")
      lines += boost::json::serialize(object.at("event")) + "\n";
  }
  return EventLog(lines);
}

/// What happened to each subject, in order; observations left out, for how often one looks is up
/// to the world.
std::map<std::string, std::vector<std::string>> by_subject(const EventLog& log) {
  std::map<std::string, std::vector<std::string>> sequences;
  for (const LoggedEvent& event : log.events()) {
    if (event.type == "step_noted") continue;
    const std::string how = event.outcome.empty() ? "" : " " + event.outcome;
    sequences[event.subject].push_back(event.type + " " + event.step + how);
  }
  return sequences;
}

void expect_run_as_previewed(Lab& lab) {
  const auto before = tree_of(lab.root());
  const Finished preview = run_on(lab, {"preview", "--events", "--json", lab.plan()});
  ASSERT_EQ(preview.exit_code, 0) << preview.err;
  EXPECT_THAT(differences(before, tree_of(lab.root())), IsEmpty());
  lab.play();
  const auto expected = by_subject(expected_events(preview.out));
  const Finished run = run_on(lab, {"run", "--yes", lab.plan()});
  ASSERT_EQ(run.exit_code, 0) << run.out << run.err;
  const auto happened = by_subject(log_of(lab));
  EXPECT_GT(expected.size(), 6U);
  EXPECT_EQ(expected, happened);
}

TEST(Forecast, CanaryThenTheWholeSite_TheRunWritesTheSameEvents) {
  const auto lab = small_lab(8, 3);
  const auto text = run_on(*lab, {"preview", "--events", lab->plan()});
  EXPECT_THAT(text.out, HasSubstr("site HQ: force starts"));
  expect_run_as_previewed(*lab);
}

TEST(Forecast, OneClientAtATime_TheRunWritesTheSameEvents) {
  const auto lab = small_lab(4, 2);
  lab->edit_plan("in_flight: 4", "in_flight: 1");
  expect_run_as_previewed(*lab);
}

}  // namespace
}  // namespace sitewide::test
