// Plans that `init` wrote, rolled out on the lab of their article. Programs that the plan leaves to
// its reader are the lab's; only its times are changed, from hours to the lab's seconds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lab.h"
#include "tests/support/lab_check.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

void write_program(const fs::path& file, const std::string& line) {
  write_file(file, "#!/bin/sh\n" + line + "\n");
  fs::permissions(file, fs::perms::owner_all);
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, text.npos) << from;
  text.replace(at, from.size(), to);
}

// Every fifth client of the lab's NT ones is an Alpha; a client that the article has nothing for is
// in no group, and stays out.
void rolls_out(const std::string& article, const std::string& method) {
  Lab lab(
      {"--article", article, "--method", method, "--logon-every", "1.5", "--os", "nt=2,win95=3"});
  const fs::path plan = lab.root() / "mine.yaml";
  const Finished made =
      lab.run({"init", plan, "--hotfix", article, "--method", method, "--site", "HQ=hq/SMS",
               "--logon-server", "S768AA0=s768aa0", "--logon-server", "S768AA1=s768aa1"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const std::string tools = source_dir() + "/examples/lab";
  const std::string here = "\"$(dirname \"$0\")\"";
  write_program(lab.root() / "run-batch", tools + "/plain-batch \"$@\"");
  write_program(lab.root() / "service", tools + "/lab-service " + here + " \"$2\" \"$1\" \"$3\"");
  write_program(lab.root() / "reset-site",
                tools + "/lab-sendcode " + here + " \"$1\" 194 --wait 60");
  std::string text = read_file(plan);
  replace(text, "# replication: {within: 72h, warn_after: 1h}", "replication: {poll: 1s}");
  if (method == "site_wide") replace(text, "before: [{approval: go}]", "before_force: 4s");
  write_file(plan, text + "defaults: {converge: {within: 60s, poll: 1s}}\n");
  lab.play();
  const Finished run = lab.run({"run", "--yes", plan});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  const Finished back = lab.run({"rollback", "latest", "--yes"});
  EXPECT_EQ(back.exit_code, 0) << back.out << back.err;
}

TEST(InitOnALab, Files_RollOut) { rolls_out("Q237690", "upgrade_bat"); }
TEST(InitOnALab, ServicesAndAnEditOfSystemMap_RollOut) { rolls_out("Q193269", "site_wide"); }
TEST(InitOnALab, SiteReset_RollsOut) { rolls_out("Q195944", "upgrade_bat"); }

}  // namespace
}  // namespace sitewide::test
