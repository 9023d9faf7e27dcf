#include <gtest/gtest.h>

#include "adapters/ssh/config_check.h"
#include "tests/adapters/temporary_folder.h"

namespace sitewide::ssh {
namespace {

TEST(MatchExec, LinesThatRunAProgram) {
  for (const char* line :
       {"Match exec \"test -f /x\"", "  match\thost pc1,pc2 EXEC true", "Match !exec false",
        "Match=exec true", "Match originalhost \"a b\" user sms exec \"x y\"", "match final exec x",
        "Match all exec true"})
    EXPECT_TRUE(is_match_exec(line)) << line;
}

TEST(MatchExec, LinesThatDoNot) {
  for (const char* line :
       {"", "# Match exec true", "Match host exec", "Match user \"exec\" host pc1", "Match all",
        "Host exec", "MatchExec exec", "ProxyCommand match exec", "Match host \"pc1 exec true\""})
    EXPECT_FALSE(is_match_exec(line)) << line;
}

TEST(MatchExec, IncludedFiles_AreLookedAt) {
  const test::TemporaryFolder folder;
  const std::string root = folder.path().string();
  folder.put("config", "Host pc1\n  Include " + root + "/none \"" + root + "/more/*.conf\"\n");
  EXPECT_FALSE(find_match_exec(root + "/config"));
  folder.put("more/1.conf", "User sms\n");
  folder.put("more/2.conf", "User sms\nMatch exec true\n");
  EXPECT_EQ(find_match_exec(root + "/config"), root + "/more/2.conf line 2");
}

TEST(MatchExec, FileThatIncludesItself_HasAnEnd) {
  const test::TemporaryFolder folder;
  const std::string config = (folder.path() / "config").string();
  folder.put("config", "Include " + config + "\n");
  EXPECT_FALSE(find_match_exec(config));
}

}  // namespace
}  // namespace sitewide::ssh
