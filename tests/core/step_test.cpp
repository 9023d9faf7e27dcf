#include "orchestrator/core/step.h"

#include <gtest/gtest.h>

#include <set>

namespace sitewide {
namespace {

/// Every word of a list has a name of its own that leads back to it.
template <class Word>
void expect_round_trip(Word last) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto word = static_cast<Word>(i);
    EXPECT_EQ(word_from<Word>(name_of(word)), word) << name_of(word);
    EXPECT_TRUE(names.insert(name_of(word)).second) << name_of(word);
  }
  EXPECT_FALSE(word_from<Word>(""));
  EXPECT_FALSE(word_from<Word>("no_such_word"));
}

TEST(Word, EveryName_LeadsBackToItsValue) {
  expect_round_trip(Method::command);
  expect_round_trip(Step::check);
  expect_round_trip(OutcomeKind::inconclusive);
  expect_round_trip(ClientState::skipped);
  expect_round_trip(GroupState::skipped);
  expect_round_trip(RolloutState::aborted);
}

TEST(Word, EveryName_IsTheEnumerator) {
  EXPECT_EQ(name_of(Method::upgrade_bat), "upgrade_bat");
  EXPECT_EQ(name_of(Method::command), "command");
  EXPECT_EQ(name_of(Step::stage), "stage");
  EXPECT_EQ(name_of(Step::replicate), "replicate");
  EXPECT_EQ(name_of(Step::force), "force");
  EXPECT_EQ(name_of(Step::regenerate), "regenerate");
  EXPECT_EQ(name_of(Step::unstage), "unstage");
  EXPECT_EQ(name_of(Step::replicate_originals), "replicate_originals");
  EXPECT_EQ(name_of(Step::force_originals), "force_originals");
  EXPECT_EQ(name_of(Step::regenerate_originals), "regenerate_originals");
  EXPECT_EQ(name_of(Step::inspect), "inspect");
  EXPECT_EQ(name_of(Step::back_up), "back_up");
  EXPECT_EQ(name_of(Step::trigger), "trigger");
  EXPECT_EQ(name_of(Step::upgrade), "upgrade");
  EXPECT_EQ(name_of(Step::restart), "restart");
  EXPECT_EQ(name_of(Step::converge), "converge");
  EXPECT_EQ(name_of(Step::configure), "configure");
  EXPECT_EQ(name_of(Step::verify), "verify");
  EXPECT_EQ(name_of(Step::health), "health");
  EXPECT_EQ(name_of(Step::restore), "restore");
  EXPECT_EQ(name_of(Step::converge_originals), "converge_originals");
  EXPECT_EQ(name_of(Step::recheck), "recheck");
  EXPECT_EQ(name_of(Step::check), "check");
  EXPECT_EQ(name_of(OutcomeKind::inconclusive), "inconclusive");
  EXPECT_EQ(name_of(GroupState::checking), "checking");
  EXPECT_EQ(name_of(OutcomeKind::ok), "ok");
  EXPECT_EQ(name_of(OutcomeKind::timed_out), "timed_out");
  EXPECT_EQ(name_of(OutcomeKind::refused), "refused");
  EXPECT_EQ(name_of(ClientState::upgraded), "upgraded");
  EXPECT_EQ(name_of(ClientState::already_current), "already_current");
  EXPECT_EQ(name_of(ClientState::failed), "failed");
  EXPECT_EQ(name_of(ClientState::needs_hands), "needs_hands");
  EXPECT_EQ(name_of(GroupState::awaiting_approval), "awaiting_approval");
  EXPECT_EQ(name_of(GroupState::halted), "halted");
  EXPECT_EQ(name_of(RolloutState::interrupted), "interrupted");
  EXPECT_EQ(name_of(RolloutState::completed_with_failures), "completed_with_failures");
  EXPECT_EQ(name_of(RolloutState::needs_hands), "needs_hands");
}

TEST(Word, ForPeople_HasBlanks) {
  EXPECT_EQ(spoken("already_current"), "already current");
  EXPECT_EQ(spoken("completed_with_failures"), "completed with failures");
}

TEST(Step, Kinds_AreDisjointWhereTheyMustBe) {
  EXPECT_TRUE(is_site_step(Step::regenerate_originals));
  EXPECT_FALSE(is_site_step(Step::inspect));
  EXPECT_TRUE(is_watch(Step::converge));
  EXPECT_TRUE(has_effect(Step::stage));
  EXPECT_TRUE(has_effect(Step::restore));
  EXPECT_FALSE(has_effect(Step::inspect));
  EXPECT_FALSE(has_effect(Step::check));
  EXPECT_FALSE(is_watch(Step::check));
  for (int i = 0; i <= static_cast<int>(Step::check); ++i) {
    const auto step = static_cast<Step>(i);
    EXPECT_FALSE(is_watch(step) && has_effect(step)) << name_of(step);
    EXPECT_FALSE(is_watch(step) && is_trigger(step)) << name_of(step);
  }
}

}  // namespace
}  // namespace sitewide
