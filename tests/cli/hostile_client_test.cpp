// Clients that answer with what should harm whoever listens: a gigabyte, bytes that are no text,
// and sequences that terminals, browsers and readers of logs obey. The real program, local
// transport.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/journal/journal_reader.h"
#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Overwriting by CR, the title and the clipboard of a terminal, cursor and colour, 8-bit CSI,
/// writing from right to left, bytes that are no UTF-8, mark-up.
const std::string kHostile =
    "99 failed\rOK\033]0;owned\007\033]52;c;b3duZWQ=\007\033[2J\033[31m\233\061m\302\2332J\b\013"
    "\342\200\256txt.\342\201\246exe\377\376<script>alert(1)</script>";

/// What must not reach anybody: raw control characters (but for line ends and tabs), raw C1 and
/// bidirectional characters, and bytes that are no UTF-8.
void expect_harmless(const std::string& text, const std::string& where) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    ASSERT_TRUE(byte >= 0x20 || c == '\n' || c == '\t') << where << ": byte " << int{byte};
    ASSERT_NE(byte, 0x7F) << where;
    ASSERT_LT(byte, 0xF5) << where;
  }
  for (const std::string raw : {"\302\233", "\342\200\256", "\342\201\246"}) {
    EXPECT_THAT(text, Not(HasSubstr(raw))) << where;
  }
}

/// Each client's program prints the bytes of a file, and then `last`.
std::string printing(const CommandWorld& world, const std::string& last) {
  return "[sh, -c, 'cat \"$0\"; " + last + "', \"" + (world.root() / "bytes").string() + "\"]";
}

/// Gives the plan another upgrade; the world's own knows no path of the world.
void set_upgrade(const CommandWorld& world, const std::string& upgrade) {
  std::string plan = read_file(world.plan());
  const std::size_t begin = plan.find("upgrade: ");
  plan.replace(begin, plan.find('\n', begin) - begin, "upgrade: " + upgrade);
  write_file(world.plan(), plan);
}

std::vector<Output> outputs_of(const CommandWorld& world) {
  std::vector<Output> outputs;
  auto journal = JournalReader::open(world.journal()).value();
  std::vector<std::int64_t> ends;
  EXPECT_TRUE(journal.verify_chain([&](const Record& record) -> Result<> {
    if (record.kind == "step_finished") ends.push_back(record.seq);
    return {};
  }));
  for (const std::int64_t seq : ends) {
    auto output = journal.output(seq).value();
    if (output) outputs.push_back(std::move(*output));
  }
  return outputs;
}

std::uintmax_t bytes_below(const std::filesystem::path& folder) {
  std::uintmax_t bytes = 0;
  for (const auto& [path, text] : tree_of(folder)) bytes += text.size();
  return bytes;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr const char* kMemory = "";
#else
constexpr const char* kMemory = "ulimit -v 1000000; ";  // kilobytes
#endif

/// One client of six prints a gigabyte; within a gigabyte of address space for the program.
void run_with_a_gigabyte(const CommandWorld& world) {
  std::vector<std::string> argv{"sh", "-c", kMemory + std::string("exec \"$@\""), "limited"};
  for (std::string& word : world.argv({"run", "--yes", world.plan()})) argv.push_back(word);
  const Finished run = Program(std::move(argv)).finish(std::chrono::seconds(280));
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  std::uint64_t longest = 0;
  for (const Output& output : outputs_of(world)) {
    EXPECT_LE(output.head.size(), 8U << 10);
    EXPECT_LE(output.tail.size(), 56U << 10);
    longest = std::max(longest, output.total_bytes);
    EXPECT_TRUE(output.total_bytes < 1000 || output.tail.ends_with("\nthe end\n"));
  }
  EXPECT_EQ(longest, 1073741824U + 9) << "what the program really wrote";
  EXPECT_LT(bytes_below(world.state()), 2U << 20);
}

constexpr const char* kGigabyte =
    "[sh, -c, 'if test $0 = pc03; then head -c 1073741824 /dev/zero; echo; echo the end; fi', "
    "\"{client.name}\"]";

TEST(HostileClient, AGigabyteOfOutput_IsDrainedCountedAndNotKept) {
  run_with_a_gigabyte(CommandWorld(kGigabyte));
}

TEST(HostileClient, AGigabyteByAnotherProgram_IsDrainedCountedAndNotKept) {
  const CommandWorld world(kGigabyte);
  std::string plan = read_file(world.plan());
  const std::size_t begin = plan.find("{type: local");
  plan.replace(begin, plan.find('\n', begin) - begin, "{type: exec, run: [env, \"{argv}\"]}");
  write_file(world.plan(), plan);
  run_with_a_gigabyte(world);
}

TEST(HostileClient, OneEndlessLine_IsCutWhereItIsShown) {
  const CommandWorld world("[sh, -c, 'head -c 3000000 /dev/zero | tr \"\\0\" x; exit 7']");
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 16);
  EXPECT_THAT(run.out, HasSubstr("exit 7: xxxx"));
  EXPECT_LT(run.out.size() + run.err.size(), 16U << 10);
}

/// Every way out of the program, with the hostile bytes as the last line of a program that fails.
TEST(HostileClient, SequencesThatTerminalsObey_AreInertOnEverySink) {
  const CommandWorld world;
  write_file(world.root() / "bytes", kHostile);
  set_upgrade(world, printing(world, "exit 3"));
  const std::string log_file = (world.root() / "log").string();
  const Finished run = world.run({"-v", "--log-file", log_file, "run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 16) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("exit 3: ")) << "what it printed last is shown";
  EXPECT_THAT(run.out, HasSubstr("\\x1b")) << "and shown for what it is";
  expect_harmless(run.out, "run, standard output");
  expect_harmless(run.err, "run, standard error");
  expect_harmless(read_file(log_file), "the log file");
  const std::string page = (world.root() / "report.html").string();
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"status"},
                                             {"status", "latest"},
                                             {"log", "latest"},
                                             {"log", "latest", "pc01"},
                                             {"why", "latest"},
                                             {"why", "latest", "pc01"},
                                             {"list"},
                                             {"watch", "latest"},
                                             {"audit", "latest"},
                                             {"report", "latest", "--html", page}}) {
    for (const bool json : {false, true}) {
      std::vector<std::string> words = command;
      if (json) words.insert(words.begin(), "--json");
      const Finished shown = world.run(words);
      expect_harmless(shown.out, testing::PrintToString(words));
      expect_harmless(shown.err, testing::PrintToString(words));
    }
  }
  const std::string html = read_file(page);
  expect_harmless(html, "the report");
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
}

/// The bytes themselves are kept as they came, for whoever looks into the journal.
TEST(HostileClient, BinaryOutput_IsKeptAsItCameAndEndsWell) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>(i * 7 % 256);
  const CommandWorld world;
  write_file(world.root() / "bytes", bytes);
  set_upgrade(world, printing(world, "true"));
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  const auto outputs = outputs_of(world);
  ASSERT_EQ(outputs.size(), 6U);
  for (const Output& output : outputs) {
    EXPECT_EQ(output.head, bytes);
    EXPECT_EQ(output.total_bytes, bytes.size());
  }
}

/// What a client claims in words is no success: the exit code and the plan's own check are.
TEST(HostileClient, ClaimsOfSuccess_AreNotBelieved) {
  const CommandWorld world("[sh, -c, 'echo UPGRADE OK; echo finished 0; exit 1']");
  EXPECT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 16);
}

TEST(HostileClient, NamesThatAShellWouldObey_ArriveVerbatimOrAreRefused) {
  for (const std::string name : {"x; touch pwned", "$(touch pwned)", "`touch pwned`", "-rf", "a b",
                                 "a\tb", "../pwned", "a|b", "a&b", "a>b"}) {
    SCOPED_TRACE(name);
    const CommandWorld world;
    write_file(world.root() / "clients.csv", "name\n\"" + name + "\"\n");
    std::string plan = read_file(world.plan());
    plan.replace(plan.find("hosts: [\"pc[01-06]\"]"), 20, "file: clients.csv");
    write_file(world.plan(), plan);
    EXPECT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 3);
    EXPECT_TRUE(world.untouched());
  }
  // Labels hold any text of one line: each is one element of argv, and no shell sees it.
  const CommandWorld world(
      "[sh, -c, 'printf %s \"$0\" >\"$1/got\"', \"{client.note}\", "
      "\"{client.root}\"]");
  const std::string note = "x; touch pwned $(touch pwned) `touch pwned` {client.name} \\ ' % ^ &";
  write_file(world.root() / "clients.csv", "name,note\npc01,\"" + note + "\"\n");
  std::string plan = read_file(world.plan());
  plan.replace(plan.find("hosts: [\"pc[01-06]\"]"), 20, "file: clients.csv");
  write_file(world.plan(), plan);
  const Finished run = world.run({"run", "--yes", world.plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(read_file(world.client(1) / "got"), note) << "replaced once, and not looked at again";
  for (const auto& [path, bytes] : tree_of(world.root()))
    EXPECT_THAT(path, Not(HasSubstr("pwned")));
}

}  // namespace
}  // namespace sitewide::test
