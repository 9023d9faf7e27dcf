#include "orchestrator/journal/rollout_directory.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;
using RolloutDirectories = Scratch;

Timestamp at(std::int64_t seconds) { return Timestamp{std::chrono::seconds(seconds)}; }

TEST(StatePath, Option_WinsOverEnvironment) {
  EXPECT_EQ(*state_path("/o/", {"/s", "/x", "/h"}), "/o");
  EXPECT_EQ(*state_path("", {"/s", "/x", "/h"}), "/s");
  EXPECT_EQ(*state_path("", {"", "/x", "/h"}), "/x/sitewide");
  EXPECT_EQ(*state_path("", {"", "relative", "/h"}), "/h/.local/state/sitewide");
  EXPECT_EQ(*state_path("", {"", "", "/h"}), "/h/.local/state/sitewide");
  EXPECT_TRUE(state_path("here", {})->is_absolute());
  EXPECT_EQ(state_path("", {}).error().kind, ErrorKind::usage);
}

TEST_F(RolloutDirectories, New_IsNumberedAndPrivate) {
  const mode_t before = ::umask(0);
  const auto state = StateDirectory::create(file("deep") / "state");
  ASSERT_TRUE(state) << state.error().message;
  const auto first = state->create_rollout("q237690", at(10));
  const auto second = state->create_rollout("q237690", at(20));
  const auto other = state->create_rollout("q237690-x", at(5));
  ::umask(before);
  EXPECT_EQ(first->id(), "q237690-1");
  EXPECT_EQ(second->id(), "q237690-2");
  EXPECT_EQ(other->id(), "q237690-x-1");
  for (const auto& path :
       {state->path(), first->path(), first->backups(), first->payload(), first->orders()}) {
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0) << path;
    EXPECT_EQ(status.st_mode & 07777, 0700U) << path;
  }
}

TEST_F(RolloutDirectories, ManyAtOnce_GetNumbersOfTheirOwn) {
  const auto state = StateDirectory::create(file("state"));
  ASSERT_TRUE(state);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { EXPECT_TRUE(state->create_rollout("q", at(1))); });
    }
  }
  EXPECT_EQ(state->rollouts()->size(), 8U);
  EXPECT_EQ(state->rollouts()->back().id(), "q-8");
}

TEST_F(RolloutDirectories, Unfinished_IsNoRolloutButItsNumberIsTaken) {
  const auto state = StateDirectory::create(file("state"));
  ASSERT_TRUE(state);
  std::filesystem::create_directory(file("state") / "q-4");
  EXPECT_TRUE(state->rollouts()->empty());
  EXPECT_EQ(state->create_rollout("q", at(1))->id(), "q-5");
}

TEST_F(RolloutDirectories, NoDirectory_HasNoRollouts) {
  const StateDirectory state(file("none"));
  EXPECT_TRUE(state.rollouts()->empty());
  EXPECT_EQ(state.find("latest").error().kind, ErrorKind::refused);
  EXPECT_FALSE(std::filesystem::exists(file("none")));
}

TEST_F(RolloutDirectories, Find_TakesIdPrefixAndLatest) {
  const auto state = StateDirectory::create(file("state"));
  ASSERT_TRUE(state);
  for (int i = 1; i <= 10; ++i) ASSERT_TRUE(state->create_rollout("q237690", at(i)));
  ASSERT_TRUE(state->create_rollout("office", at(0)));
  EXPECT_EQ(state->find("q237690-1")->id(), "q237690-1");
  EXPECT_EQ(state->find("off")->id(), "office-1");
  EXPECT_EQ(state->find("latest")->id(), "q237690-10");
}

TEST_F(RolloutDirectories, FindNothingOrSeveral_IsRefusedWithCandidates) {
  const auto state = StateDirectory::create(file("state"));
  ASSERT_TRUE(state);
  ASSERT_TRUE(state->create_rollout("q237690", at(1)));
  ASSERT_TRUE(state->create_rollout("q237690", at(2)));
  const auto several = state->find("q23");
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().kind, ErrorKind::refused);
  EXPECT_THAT(several.error().message, HasSubstr("q237690-1, q237690-2"));
  const auto none = state->find("q237609-2");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::refused);
  EXPECT_THAT(none.error().message, HasSubstr("did you mean `q237690-2`?"));
  EXPECT_EQ(state->find("../state/q237690-1").error().kind, ErrorKind::refused);
  EXPECT_EQ(state->find("").error().kind, ErrorKind::refused);
}

TEST_F(RolloutDirectories, NameThatIsAPath_IsRefused) {
  const auto state = StateDirectory::create(file("state"));
  ASSERT_TRUE(state);
  for (const std::string_view name : {"", "..", "../x", "a/b", ".hidden", "a\nb"}) {
    EXPECT_FALSE(state->create_rollout(name, at(1))) << name;
  }
}

TEST_F(RolloutDirectories, WritableByEverybody_IsRefused) {
  std::filesystem::create_directory(file("open"));
  ::chmod(file("open").c_str(), 0777);
  const auto state = StateDirectory::create(file("open"));
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().kind, ErrorKind::journal);
  EXPECT_THAT(state.error().message, HasSubstr("can be written by everybody"));
}

TEST_F(RolloutDirectories, FileInTheWay_IsRefused) {
  spill(file("state"), "x");
  EXPECT_EQ(StateDirectory::create(file("state")).error().kind, ErrorKind::journal);
}

}  // namespace
}  // namespace sitewide
