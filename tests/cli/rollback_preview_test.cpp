// `rollback --preview`: what goes back where, before it does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/base/digest.h"
#include "tests/cli/command_world.h"
#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(RollbackPreview, OfALab_NamesSiteFilesOldAndNewTheForceAndSettings) {
  const auto lab = small_lab();
  lab->edit_plan("\nsites:\n",
                 "  client_steps: [{set_ini: {section: Local, key: SmsrunStartupDelay, value: "
                 "5000}}]\n\nsites:\n");
  const auto staged = lab->root() / "hq/SMS/Site.srv/Maincfg.box/Client.src/X86.bin/Pcmwin32.exe";
  const std::string old = sha256(read_file(staged)).brief(8);
  lab->play();
  ASSERT_EQ(run_on(*lab, {"run", "--yes", lab->plan()}).exit_code, 0);
  const std::string now = sha256(read_file(staged)).brief(8);
  ASSERT_NE(now, old);
  const auto journal = read_file(lab->state() / "q237690-1" / "journal.db");
  const Finished preview = lab->run({"rollback", "latest", "--preview"});
  EXPECT_EQ(preview.exit_code, 0) << preview.err;
  EXPECT_THAT(preview.out,
              AllOf(HasSubstr("6 clients take the old files by themselves once the site is forced"),
                    HasSubstr("~ HQ  Site.srv/Maincfg.box/Client.src/X86.bin/Pcmwin32.exe\n      " +
                              now + " "),
                    HasSubstr(" -> " + old + " "), HasSubstr("then the site is forced"),
                    HasSubstr("settings of the clients, as 6 records of 6 clients say\n  Sms.ini "
                              "[Local] SmsrunStartupDelay=5000\n      removed again on 6 clients"),
                    Not(HasSubstr("needs hands"))));
  EXPECT_THAT(lab->run({"--json", "rollback", "latest", "--preview"}).out,
              AllOf(HasSubstr("\"site\":\"HQ\",\"undone\":true,\"forced\":true"),
                    HasSubstr("\"by_site\":[\"pc"), HasSubstr("\"stuck\":[]")));
  EXPECT_EQ(read_file(lab->state() / "q237690-1" / "journal.db"), journal);
  write_file(staged, "somebody else's");
  EXPECT_THAT(lab->run({"rollback", "latest", "--preview"}).out,
              HasSubstr("needs hands: changed by someone else"));
}

TEST(RollbackPreview, GroupWithoutRestore_IsNamedAsNotToBePutBack) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const Finished preview = world.run({"rollback", "latest", "--preview"});
  EXPECT_EQ(preview.exit_code, 4) << preview.out;
  EXPECT_THAT(preview.err, HasSubstr("its plan gives no `restore`"));
}

}  // namespace
}  // namespace sitewide::test
