// Words that come from elsewhere than a plan, and are shown again: what scripts pass as arguments,
// names of folders, answers that another process left. None of them reaches a terminal as it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

const std::string kHostile = "x\033]0;owned\007\302\2332J\r\nok\177\342\200\256\377";

void expect_harmless(const Finished& finished, const std::string& where) {
  for (const std::string& text : {finished.out, finished.err}) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      ASSERT_TRUE((byte >= 0x20 && byte != 0x7F) || c == '\n') << where << ": byte " << int{byte};
    }
    for (const std::string raw : {"\302\233", "\342\200\256", "\377", "\nok"}) {
      EXPECT_EQ(text.find(raw), std::string::npos) << where << ": " << text;
    }
  }
}

TEST(HostileWords, Arguments_AreShownForWhatTheyAre) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const std::string no_such = (world.root() / kHostile).string();
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {kHostile},
           {"run", "--" + kHostile},
           {"run", "--yes", no_such},
           {"validate", no_such},
           {"validate", "--format", "full", no_such},
           {"run", "--yes", "--only", kHostile, world.plan()},
           {"run", "--yes", "--only", "name=" + kHostile, world.plan()},
           {"preview", "--only", kHostile, world.plan()},
           {"status", kHostile},
           {"why", "latest", kHostile},
           {"log", "latest", kHostile},
           {"skip", "latest", kHostile},
           {"retry", "latest", kHostile},
           {"approve", "latest", kHostile, kHostile},
           {"rollback", "latest", "--yes", "--client", kHostile},
           {"rollback", "latest", "--yes", "--group", kHostile},
           {"report", "latest", "--html", no_such + "/x.html"},
           {"--log-file", no_such + "/log", "status"},
           {"catalogue", kHostile},
           {"--state-dir", no_such, "status"},
           {"--state-dir", no_such + "/y", "run", "--yes", world.plan()}}) {
    for (const bool json : {false, true}) {
      std::vector<std::string> words = command;
      if (json) words.insert(words.begin(), "--json");
      const Finished finished = world.run(words);
      EXPECT_NE(finished.exit_code, 1) << finished.err;
      expect_harmless(finished, testing::PrintToString(words));
    }
  }
}

TEST(HostileWords, FoldersInTheStateDirectory_AreShownForWhatTheyAre) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  std::filesystem::copy(world.state() / "here-1", world.state() / (kHostile + "-2"),
                        std::filesystem::copy_options::recursive);
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"list"}, {"status"}, {"status", "latest"}, {"status", "nothing"}, {"prune"}}) {
    for (const bool json : {false, true}) {
      std::vector<std::string> words = command;
      if (json) words.insert(words.begin(), "--json");
      expect_harmless(world.run(words), testing::PrintToString(words));
    }
  }
}

}  // namespace
}  // namespace sitewide::test
