#include "orchestrator/cli/complete.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "orchestrator/cli/completion_scripts.h"
#include "orchestrator/cli/options.h"
#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide {
namespace {

using test::CommandWorld;
using test::Finished;
using test::Program;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

KnownNames some_names() {
  KnownNames names;
  names.rollouts = [] { return std::vector<Candidate>{{"q237690-2", ""}, {"q237690-1", ""}}; };
  names.articles = [] { return std::vector<Candidate>{{"Q237690", "a hotfix"}}; };
  names.groups = [](const std::string& id) { return std::vector<std::string>{"group-of-" + id}; };
  names.clients = [](const std::string& id) { return std::vector<std::string>{"client-of-" + id}; };
  names.gates = [](const std::string& id) {
    return std::vector<Candidate>{{"canary/1", "of " + id}};
  };
  names.approvals = [](const std::string& id, const std::string& gate) {
    return std::vector<std::string>{"board-of-" + id + "-" + gate};
  };
  return names;
}

Completion completed(const std::vector<std::string>& words) {
  return complete(read_manual(), words, some_names());
}
std::vector<std::string> words_after(const std::vector<std::string>& words) {
  std::vector<std::string> result;
  for (const Candidate& one : completed(words).candidates) result.push_back(one.word);
  return result;
}

TEST(Complete, NothingYet_OffersEveryCommandButHiddenOnes) {
  const auto words = words_after({""});
  EXPECT_THAT(words, IsSupersetOf({"run", "preview", "resume", "completion", "init"}));
  EXPECT_THAT(words, Contains("man"));
  EXPECT_THAT(words, Not(Contains("__complete")));
}

TEST(Complete, BeginningOfACommand_OffersThoseThatBeginSo) {
  EXPECT_THAT(words_after({"--json", "ro"}), ElementsAre("rollback"));
}

TEST(Complete, Options_AreTheCommandsAndEveryCommands) {
  const auto words = words_after({"resume", "--"});
  EXPECT_THAT(words, IsSupersetOf({"--retry-failed", "--reason", "--state-dir", "--json"}));
  EXPECT_THAT(words, Not(Contains("--html")));
  EXPECT_EQ(std::count(words.begin(), words.end(), "--help"), 1);
  EXPECT_THAT(words_after({"resume", "--json", "--js"}), IsEmpty()) << "it stands already";
}

TEST(Complete, ClosedList_OffersItsWords) {
  EXPECT_THAT(words_after({"--color", ""}), ElementsAre("auto", "always", "never"));
  EXPECT_THAT(words_after({"completion", "z"}), ElementsAre("zsh"));
}

TEST(Complete, ValueAfterEqualsSign_IsCompletedAsOneWordAndAsBashSplitsIt) {
  EXPECT_THAT(words_after({"--color=al"}), ElementsAre("--color=always"));
  EXPECT_THAT(words_after({"--color", "=", "al"}), ElementsAre("always"));
  EXPECT_THAT(words_after({"--color", "="}), ElementsAre("auto", "always", "never"));
}

TEST(Complete, Places_AskForWhatBelongsThere) {
  EXPECT_EQ(completed({"run", ""}).files, Completion::Files::plans);
  EXPECT_EQ(completed({"report", "x", "--html", ""}).files, Completion::Files::files);
  EXPECT_EQ(completed({"--state-dir", ""}).files, Completion::Files::folders);
  EXPECT_EQ(completed({"status", ""}).files, Completion::Files::none);
  EXPECT_THAT(words_after({"status", "q"}), ElementsAre("q237690-2", "q237690-1"));
  EXPECT_THAT(words_after({"catalogue", ""}), ElementsAre("Q237690"));
  EXPECT_THAT(words_after({"man", "p"}), ElementsAre("preview", "prune", "pause", "plan"));
  EXPECT_THAT(words_after({"log", "a-1", ""}), ElementsAre("client-of-a-1"));
  EXPECT_THAT(words_after({"acknowledge", "a-1", ""}), ElementsAre("group-of-a-1"));
  EXPECT_THAT(words_after({"approve", "a-1", ""}), ElementsAre("canary/1"));
  EXPECT_THAT(words_after({"approve", "a-1", "canary/1", ""}),
              ElementsAre("board-of-a-1-canary/1"));
  EXPECT_THAT(words_after({"rollback", "a-1", "--client", ""}), ElementsAre("client-of-a-1"));
  EXPECT_THAT(words_after({"why", "a-1", "pc", ""}), IsEmpty()) << "no third word";
}

TEST(Complete, NameThatWouldBreakALine_IsLeftOut) {
  Completion completion;
  completion.candidates = {{"a\nb", ""}, {"good", "two\twords"}};
  completion.files = Completion::Files::plans;
  EXPECT_EQ(completion_lines(completion), "good\ttwo\\twords\n:plans\n");
}

// What bash itself offers for a line, one a line.
std::string bash_offers(const CommandWorld& world, const std::string& words) {
  const std::string script = "eval \"$(\"$1\" completion bash)\"; cd \"$2\"; COMP_WORDS=(\"$1\" " +
                             words +
                             "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sitewide; printf '%s\\n' "
                             "\"${COMPREPLY[@]}\"";
  const Finished finished =
      Program({"bash", "-c", script, "bash", test::program_path(), world.root().string()},
              {{"SITEWIDE_STATE_DIR", world.state().string()}})
          .finish();
  EXPECT_EQ(finished.err, "");
  return finished.out;
}

TEST(Completion, Bash_OffersCommandsIdsClientsAndPlans) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  test::write_file(world.root() / "notes.txt", "");
  EXPECT_EQ(bash_offers(world, "val"), "validate\n");
  EXPECT_EQ(bash_offers(world, "status ''"), "here-1\nlatest\n");
  EXPECT_EQ(bash_offers(world, "log latest pc0"), "pc01\npc02\npc03\npc04\npc05\npc06\n");
  EXPECT_EQ(bash_offers(world, "acknowledge here-1 ''"), "all\n");
  EXPECT_EQ(bash_offers(world, "--color = al"), "always\n");
  EXPECT_THAT(bash_offers(world, "run ''"),
              testing::AnyOf("state\nclients\nplan.yaml\n", "clients\nstate\nplan.yaml\n"));
  EXPECT_EQ(bash_offers(world, "--state-dir /nowhere status ''"), "\n");
}

TEST(Completion, JournalThatCannotBeRead_IsStillAnIdAndNoNoise) {
  const CommandWorld world;
  std::filesystem::create_directories(world.state() / "broken-1");
  test::write_file(world.state() / "broken-1" / "journal.db", "no journal");
  EXPECT_THAT(bash_offers(world, "log broken-1 ''"), "\n");
}

// Each script by the shell it is for: does it parse?
TEST(Completion, Scripts_AreAcceptedByTheirShells) {
  int checked = 0;
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script(completion_script(shell));
    ASSERT_THAT(script, HasSubstr("__complete")) << shell;
    if (Program({"sh", "-c", std::string("command -v ") + shell}).finish().exit_code != 0) continue;
    const CommandWorld world;
    test::write_file(world.root() / "script", script);
    const Finished parsed = Program({shell, "-n", (world.root() / "script").string()}).finish();
    EXPECT_EQ(parsed.exit_code, 0) << parsed.err;
    ++checked;
  }
  EXPECT_GE(checked, 1) << "bash is always there";
}

}  // namespace
}  // namespace sitewide
