// Completion by the shells themselves: lines with tabs in them are typed on a terminal, made by
// script(1), and what the shell made of them is seen on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

bool is_installed(const std::string& program) {
  return Program({"sh", "-c", "command -v " + program}).finish().exit_code == 0;
}

// Two rollouts that wait for approvals, and a folder to be in.
class WithShell : public testing::Test {
 protected:
  WithShell()
      : world_("[\"true\"]",
               "    before: [{approval: go}]\n    waves: [1, rest]\n"
               "    after_wave: [{approval: board}]\n") {
    for (int i = 0; i < 2; ++i) {
      Program run(world_.argv({"run", "--yes", world_.plan()}));
      EXPECT_TRUE(run.wait_for("controller 1 starts", std::chrono::seconds(30)));
      run.signal(SIGINT);
      run.finish();
    }
  }

  void keep(const std::string& file, const std::string& bytes) const {
    write_file(world_.root() / file, bytes);
  }
  std::string script(const std::string& shell) const {
    return world_.run({"completion", shell}).out;
  }
  // What stands on the terminal in the end.
  std::string typed(const std::string& shell, const std::string& lines) const {
    const fs::path folder = fs::path(program_path()).parent_path();
    const std::string line = "cd '" + world_.root().string() + "' && PATH='" + folder.string() +
                             "':$PATH && export PATH && printf '" + lines +
                             "exit\\n' | script -qec '" + shell + "' /dev/null";
    return Program({"sh", "-c", line}, {{"SITEWIDE_STATE_DIR", world_.state().string()},
                                        {"ZDOTDIR", world_.root().string()},
                                        {"TERM", "dumb"}})
        .finish(std::chrono::seconds(60))
        .out;
  }

  CommandWorld world_;
};

const std::string kLines =
    "sitewide validate pl\\t\\n"
    "sitewide approve latest all/2 \\t--help >/dev/null\\n"
    "sitewide --color=al\\t list\\n"
    "sitewide why here-1 al\\t\\n";

void expect_completed(const std::string& screen) {
  EXPECT_THAT(screen, HasSubstr("plan.yaml: valid; 6 clients"));
  EXPECT_THAT(screen, HasSubstr("all/2 board"));
  EXPECT_THAT(screen, HasSubstr("--color=always"));
  EXPECT_THAT(screen, HasSubstr("why here-1 all"));
}

TEST_F(WithShell, Bash_CompletesWhatIsTyped) {
  if (!is_installed("script")) GTEST_SKIP() << "script is not installed";
  keep("rc", "PS1='$ '\n" + script("bash"));
  expect_completed(typed("bash --noprofile --rcfile rc -i", kLines));
}

TEST_F(WithShell, Zsh_CompletesWhatIsTyped) {
  if (!is_installed("script") || !is_installed("zsh")) GTEST_SKIP() << "not installed";
  fs::create_directory(world_.root() / "functions");
  keep("functions/_sitewide", script("zsh"));
  keep(".zshrc",
       "PS1='$ '\nfpath=($PWD/functions $fpath)\nautoload -Uz compinit\ncompinit -u -D\n");
  expect_completed(typed("zsh -d -i", kLines));
}

TEST_F(WithShell, Fish_OffersTheSame) {
  if (!is_installed("fish")) GTEST_SKIP() << "fish is not installed";
  keep("script.fish", script("fish"));
  const fs::path folder = fs::path(program_path()).parent_path();
  const auto offers = [&](const std::string& line) {
    return Program({"fish", "--no-config", "-c",
                    "cd " + world_.root().string() + "; set PATH " + folder.string() +
                        " $PATH; source script.fish; complete -C '" + line + "'"},
                   {{"SITEWIDE_STATE_DIR", world_.state().string()}})
        .finish()
        .out;
  };
  EXPECT_EQ(offers("sitewide approve latest all/2 "), "board\tapproval\n");
  EXPECT_THAT(offers("sitewide approve latest "),
              HasSubstr("all\tbefore the group\nall/1\tafter wave 1\nall/2\t"));
  EXPECT_THAT(offers("sitewide validate pl"), HasSubstr("plan.yaml"));
  EXPECT_EQ(offers("sitewide --color=al"), "--color=always\n");
  EXPECT_THAT(offers("sitewide status "), testing::StartsWith("here-"));
}

}  // namespace
}  // namespace sitewide::test
