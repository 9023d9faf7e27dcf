// Every order in every state of a rollout, as the table of orchestrator/README.md has it.
#include "tests/support/order_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/scene.h"

namespace sitewide {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

/// What differs between the situations, beside what is done.
struct Variation {
  Scope on_breach = Scope::none;
  std::uint32_t tolerated = 0;
  bool soaks = false;
  bool restores = false;
};

std::unique_ptr<Scene> begun(const Variation& variation = {}) {
  ScenePlan plan;
  Group& a = plan.group("a", 3);
  a.in_flight = 1;
  a.on_breach = variation.on_breach;
  a.tolerate_failed = {variation.tolerated, false};
  a.restore_failed = variation.restores;
  if (variation.soaks) {
    Gate& soak = a.after_wave.emplace_back();
    soak.kind = Gate::Kind::soak;
    soak.soak = hours(1);
  }
  Group& b = plan.group("b", 2);
  b.after = {"a"};
  Gate& board = b.before.emplace_back();
  board.kind = Gate::Kind::approval;
  board.approval = "board";
  plan.group("c", 1);
  auto scene = std::make_unique<Scene>(std::move(plan));
  scene->finish("c1");
  scene->finish("a1");
  return scene;
}

void upgrade_the_rest_of_a(Scene& scene) {
  scene.finish("a2");
  scene.finish("a3");
}

std::unique_ptr<Scene> halted() {
  auto scene = begun();
  scene->finish("a2", OutcomeKind::refused);
  return scene;
}

std::unique_ptr<Scene> rolling_back() {
  auto scene = begun({Scope::group, 0, false, true});
  scene->finish("a2", OutcomeKind::refused);
  return scene;
}

std::unique_ptr<Scene> completed(const Variation& variation = {}) {
  auto scene = begun(variation);
  EXPECT_TRUE(scene->order("approve", "b", "board"));
  if (variation.tolerated > 0) scene->finish("a2", OutcomeKind::refused);
  if (variation.restores) scene->finish("a2", OutcomeKind::refused);  // its restore
  scene->finish_everything();
  return scene;
}

std::unique_ptr<Scene> ordered(std::unique_ptr<Scene> scene, const std::string& verb,
                               const std::string& policy = "") {
  EXPECT_TRUE(scene->order(verb, "", policy)) << scene->refusal();
  return scene;
}

// The rollout in that situation, and the state that it must be in then.
std::pair<std::unique_ptr<Scene>, RolloutState> brought_into(Situation situation) {
  switch (situation) {
    case Situation::running:
      return {begun(), RolloutState::running};
    case Situation::soaking: {
      auto scene = begun({Scope::none, 0, true, false});
      upgrade_the_rest_of_a(*scene);
      EXPECT_EQ(scene->group("a").state, GroupState::soaking);
      return {std::move(scene), RolloutState::running};
    }
    case Situation::awaiting_approval: {
      auto scene = begun();
      upgrade_the_rest_of_a(*scene);
      EXPECT_EQ(scene->group("b").state, GroupState::awaiting_approval);
      return {std::move(scene), RolloutState::running};
    }
    case Situation::paused:
      return {ordered(begun(), "pause"), RolloutState::paused};
    case Situation::halted:
      return {halted(), RolloutState::halted};
    case Situation::acknowledged:
      return {ordered(halted(), "acknowledge"), RolloutState::halted};
    case Situation::halted_after_rollback: {
      auto scene = rolling_back();
      scene->finish_everything();
      return {std::move(scene), RolloutState::halted};
    }
    case Situation::rolling_back:
      return {rolling_back(), RolloutState::rolling_back};
    case Situation::aborting:
      return {ordered(begun(), "abort"), RolloutState::running};
    case Situation::aborting_with_rollback:
      return {ordered(begun(), "abort", "rollback"), RolloutState::rolling_back};
    case Situation::interrupted:
      break;  // seen from outside only: tests/cli
    case Situation::completed:
      return {completed(), RolloutState::completed};
    case Situation::completed_with_failures:
      return {completed({Scope::none, 1, false, false}), RolloutState::completed_with_failures};
    case Situation::rolled_back: {
      auto scene = ordered(completed(), "rollback");
      scene->finish_everything();
      return {std::move(scene), RolloutState::rolled_back};
    }
    case Situation::needs_hands:
      return {completed({Scope::none, 1, false, true}), RolloutState::needs_hands};
    case Situation::aborted: {
      auto scene = ordered(begun(), "abort");
      scene->finish("a2");
      return {std::move(scene), RolloutState::aborted};
    }
  }
  return {};
}

struct Cell {
  const OrderRow* row;
  Situation situation;
};

std::vector<Cell> all_cells() {
  std::vector<Cell> cells;
  for (const OrderRow& row : kOrderTable) {
    for (std::size_t i = 0; i < kSituations; ++i) {
      const auto situation = static_cast<Situation>(i);
      if (situation != Situation::interrupted) cells.push_back({&row, situation});
    }
  }
  return cells;
}

std::string name_of_cell(const testing::TestParamInfo<Cell>& info) {
  std::string name(info.param.row->name);
  name += "_";
  for (const char c : kSituationNames[static_cast<std::size_t>(info.param.situation)]) {
    if (c == ' ') name += '_';
    if (c != ' ' && c != ',') name += c;
  }
  return name;
}

const Reason& reason_of(std::string_view letter) {
  for (const Reason& reason : kReasons) {
    if (reason.letter == letter) return reason;
  }
  ADD_FAILURE() << "no reason " << letter;
  return kReasons.front();
}

class OrderTable : public testing::TestWithParam<Cell> {};

TEST_P(OrderTable, OrderInState) {
  const auto& [row, situation] = GetParam();
  const std::string_view cell = row->cells[static_cast<std::size_t>(situation)];
  const auto [scene, state] = brought_into(situation);
  ASSERT_EQ(scene->rollout().state(), state) << name_of(scene->rollout().state());
  const Order order = order_of(*row);
  const auto events = scene->answer_to(order);
  if (cell == "yes" || cell == "so") {
    ASSERT_TRUE(events) << events.error().message;
    EXPECT_EQ(events->empty(), cell == "so");
    EXPECT_TRUE(scene->order(order.verb, order.subject, order.name)) << "it can be carried out";
    // Whoever gives it once more does no harm.
    scene->order(order.verb, order.subject, order.name);
    scene->finish_everything();
    return;
  }
  ASSERT_FALSE(events) << "it is carried out";
  EXPECT_EQ(events.error().kind, ErrorKind::refused);
  EXPECT_THAT(events.error().message, HasSubstr(std::string(reason_of(cell).part)));
}

INSTANTIATE_TEST_SUITE_P(Is, OrderTable, testing::ValuesIn(all_cells()), name_of_cell);

std::string words_of(std::string_view cell) {
  if (cell == "yes" || cell == "waits" || cell == "resumes") return std::string(cell);
  return cell == "so" ? "already" : "no (" + std::string(cell) + ")";
}

std::string as_markdown() {
  std::string text = "| state |";
  std::string line = "| --- |";
  for (const OrderRow& row : kOrderTable) {
    text += " `" + std::string(row.words) + "` |";
    line += " --- |";
  }
  text += "\n" + line + "\n";
  for (std::size_t i = 0; i < kSituations; ++i) {
    text += "| " + std::string(kSituationNames[i]) + " |";
    for (const OrderRow& row : kOrderTable) text += " " + words_of(row.cells[i]) + " |";
    text += "\n";
  }
  text += "\n";
  for (const Reason& reason : kReasons)
    text += "- (" + std::string(reason.letter) + ") " + std::string(reason.words) + "\n";
  return text;
}

TEST(OrderTableOfTheReadme, IsWhatTheTestsHold) {
  std::ifstream file(SITEWIDE_SOURCE_DIR "/orchestrator/README.md");
  std::ostringstream readme;
  readme << file.rdbuf();
  EXPECT_THAT(readme.str(), HasSubstr(as_markdown()));
}

}  // namespace
}  // namespace sitewide
