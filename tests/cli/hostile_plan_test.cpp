// Plans made to do harm, given to the real program: each is refused with its own message, in little
// processor time and memory, and nothing is touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/command_world.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kMiB = 1 << 20;
constexpr const char* kHead =
    "version: 1\nname: here\ninventory: [{hosts: [pc1]}]\n"
    "transports: {here: {type: local, root: \"c/{client.name}\"}}\n";
constexpr const char* kGroup =
    "groups: [{name: all, select: name, method: command, command: {upgrade: [x]}}]\n";

/// `unit` with each `#` replaced by a number, as often as fits into a plan.
std::string filled(const std::string& before, const std::string& unit,
                   const std::string& after = "") {
  std::string text = before;
  for (int number = 0;; ++number) {
    std::string next = unit;
    for (std::size_t at = next.find('#'); at != std::string::npos; at = next.find('#'))
      next.replace(at, 1, std::to_string(number));
    if (text.size() + next.size() + after.size() > kMiB) return text + after;
    text += next;
  }
}

std::string repeated(const std::string& unit, std::size_t times) {
  std::string text;
  text.reserve(unit.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += unit;
  return text;
}

class HostilePlan : public testing::Test {
 protected:
  /// What `validate` says of the bytes. Within 20 s of processor time and 600 MB of memory: more,
  /// and the program is ended or cannot allocate. The sanitizers' own needs are not limited.
  Finished validate(const std::string& bytes) {
    write_file(world_.plan(), bytes);
    std::vector<std::string> argv{"sh", "-c", kLimits + "exec \"$@\"", "limited"};
    for (std::string& word : world_.argv({"validate", "--format", "concise", world_.plan()}))
      argv.push_back(std::move(word));
    return Program(std::move(argv)).finish(std::chrono::seconds(250));
  }
  void expect_refused(const std::string& bytes, const std::string& why) {
    const Finished finished = validate(bytes);
    EXPECT_EQ(finished.exit_code, 3) << finished.err.substr(0, 500);
    EXPECT_THAT(finished.err, HasSubstr(why));
    EXPECT_LT(finished.err.size(), 64U << 10) << "what is said is short";
    EXPECT_EQ(finished.out, "");
    EXPECT_FALSE(std::filesystem::exists(world_.state()));
    EXPECT_TRUE(world_.untouched());
  }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  const std::string kLimits = "ulimit -t 200; ";
#else
  const std::string kLimits = "ulimit -t 20; ulimit -v 600000; ";
#endif
  CommandWorld world_;
};

TEST_F(HostilePlan, OneComma_IsNoPlan) {
  expect_refused(",", "does not belong to what stands before it");
  expect_refused(",%", "does not belong to what stands before it");
}

TEST_F(HostilePlan, AliasInItsOwnAnchor_IsRefused) {
  expect_refused("&a [*a]", "anchors are not allowed");
  expect_refused("x: &a {y: *a}\n", "aliases are not allowed");
}

TEST_F(HostilePlan, AliasBomb_IsRefused) {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char level = 'b'; level <= 'i'; ++level) {
    const std::string alias = std::string("*") + static_cast<char>(level - 1);
    bomb += std::string(1, level) + ": &" + level + " [" + alias;
    for (int i = 1; i < 9; ++i) bomb += ", " + alias;
    bomb += "]\n";
  }
  expect_refused(bomb, "aliases are not allowed");
}

TEST_F(HostilePlan, GroupsThatAreNone_AreNoEmptyList) {
  for (const std::string inventory : {"inventory:\n", "inventory: a b c\n", "inventory: []\n"}) {
    expect_refused("version: 1\nname: here\n" + inventory + kGroup, "plan.yaml:3:");
  }
  const std::string plan = kHead;
  for (const std::string groups : {"groups:\n", "groups: a b c\n", "groups: []\n"}) {
    expect_refused(plan + groups, "plan.yaml:5:");
  }
  expect_refused("version: 1\nname: here\ninventory: [{hosts: }]\n", ":3:14: error: ");
}

TEST_F(HostilePlan, MergeKeyAndSecondDocument_AreRefused) {
  expect_refused(std::string(kHead) + "defaults: {<<: {attempts: 2}}\n" + kGroup, "merge keys");
  expect_refused(std::string(kHead) + kGroup + "---\nversion: 1\n", "a second document");
}

TEST_F(HostilePlan, DeepNesting_EndsAtItsLimit) {
  expect_refused(std::string(1'000'000, '['), "nested more than 32 deep");
  expect_refused(std::string(1'000'000, '{'), "a key must be a plain word");
  expect_refused(repeated("- ", 500'000), "nested more than 32 deep");
  expect_refused(repeated("? ", 500'000), "a key must be a plain word");
  expect_refused(repeated("[", 2'000'000), "larger than 1048576 bytes");
}

TEST_F(HostilePlan, HugeScalarOrKey_IsRefused) {
  const std::string huge(1'000'000, 'x');
  expect_refused(std::string(kHead) + kGroup + "description: 'it'\n" + huge + ": 1\n",
                 "plan.yaml:7:");
  expect_refused("version: 1\nname: " + huge + "\n", "expected a name");
  expect_refused(std::string(kHead) + "groups: [{name: a, select: \"" + huge + "\"}]\n",
                 "expected a label selector");
}

TEST_F(HostilePlan, BytesThatAreNoText_AreRefused) {
  const std::string plan = std::string(kHead) + kGroup;
  expect_refused(plan + "description: \xff\xfe\n", "is not UTF-8");
  expect_refused(plan + std::string("description: a\0b\n", 17), "`\\x00` is not allowed");
  expect_refused(plan + "description: \x1b]52;c;cGF5\x07\n", "`\\x1b` is not allowed");
  expect_refused(plan + "description: \xe2\x80\xae\n", "`\\u202e` is not allowed");
  expect_refused(plan + "description: \xc2\x9b 2J\n", "`\\u009b` is not allowed");
  expect_refused(std::string(kMiB, '\xff'), "is not UTF-8");
  expect_refused(std::string(kMiB, '\0'), "`\\x00` is not allowed");
}

TEST_F(HostilePlan, ControlCharactersInNames_AreRefusedAndShownHarmless) {
  for (const std::string text : {"\"a\\eb\"", "\"a\\nb\"", "\"a\\0b\"", "\"a\\u202eb\"",
                                 "\"a\\x9bb\"", "'a b'", "'../a'", "'a/b'", "'-oProxyCommand=x'"}) {
    SCOPED_TRACE(text);
    expect_refused("version: 1\nname: " + text + "\n", ":2:7: error: ");
    const std::string inventory = "inventory: [{hosts: [" + text + "]}]\n";
    expect_refused("version: 1\nname: here\n" + inventory +
                       "transports: {here: {type: local, root: c}}\n" + kGroup,
                   ":3:");
    const Finished finished = validate("version: 1\nname: " + text + "\n");
    EXPECT_THAT(finished.err, Not(HasSubstr("\x1b")));
    EXPECT_THAT(finished.err, Not(HasSubstr("\xe2\x80\xae")));
  }
}

TEST_F(HostilePlan, PathsThatLeadAway_AreRefusedAsTargets) {
  for (const std::string path :
       {"../../etc/x", "C:/..", "//evil/share", "/etc/passwd", "CON", "x/nul.txt", "a:stream",
        "a./b", "a /b", "..", "a/../b", "CLOCK$", "a*b", "\\\\evil\\share"}) {
    SCOPED_TRACE(path);
    for (const std::string key : {"on_site", "on_logon_server", "on_client"}) {
      expect_refused(std::string(kHead) +
                         "hotfix: {id: Q1, files: [{name: A.exe, platform: x86, source: a, " + key +
                         ": '" + path + "'}]}\n" + kGroup,
                     "a relative path with `/` whose parts are Windows file names");
    }
  }
  expect_refused(std::string(kHead) +
                     "hotfix: {id: Q1, files: [{name: '../A.exe', platform: x86, source: a}]}\n" +
                     kGroup,
                 "a Windows file name");
  expect_refused(std::string(kHead) +
                     "hotfix: {id: Q1, files: [{name: A.exe, platform: x86, source: a}, "
                     "{name: a.EXE, platform: x86, source: b}]}\n" +
                     kGroup,
                 "two files for the same target");
}

/// Each of these once took minutes, or all the memory there was.
TEST_F(HostilePlan, AMiBOfEach_TakesLittle) {
  const std::string head = kHead;
  expect_refused(filled(std::string("version: 1\nname: here\n") + kGroup +
                            "transports: {here: {type: local, root: c}}\ninventory:\n - hosts:\n",
                        "    - \"p#-[1-1000000]\"\n"),
                 "more than 1,000,000 names");
  expect_refused(filled(std::string("version: 1\nname: here\n") + kGroup +
                            "transports: {here: {type: local, root: c}}\ninventory:\n - hosts:\n",
                        "    - \"[1-1000000]" + std::string(4000, 'x') + "\"\n"),
                 "is not a client's name");
  expect_refused(filled(head + "hotfix:\n id: Q1\n files:\n",
                        "  - {name: A#.exe, platform: x86, source: a#}\n", kGroup),
                 "cannot read the payload");
  expect_refused(filled(head + "groups:\n - {name: a, select: name, method: command, command: "
                               "{upgrade: [x]}, windows: [",
                        "{start: \"22:00\", for: 7h, zone: Europa/Barlin#},", "]}\n"),
                 "unknown time zone");
  expect_refused(filled("version: 1\nname: here\ninventory: [{hosts: [pc1]}]\n" +
                            std::string(kGroup) + "transports:\n",
                        " t#: {type: local, root: c}\n"),
                 "has no `transport`");
  const std::string group = " - {name: g#, select: name, method: command, command: {upgrade: [x]}";
  expect_refused(filled(head + "groups:\n", group + ", transport: t#}\n"), "unknown transport");
  expect_refused(filled(head + "groups:\n", group + ", after: [h#]}\n"), "more than 1,000 groups");
  expect_refused(filled(head + kGroup, "k#: 1\n"), "more than 200,000 values");
  expect_refused(filled(head, "version: 1\n"), "duplicate key `version`");
  expect_refused(filled(head + "groups:\n - {name: a, select: name, method: command, command: "
                               "{upgrade: [",
                        "\"{no}\",", "x]}}\n"),
                 "unknown placeholder");
}

TEST_F(HostilePlan, SixteenThousandClientsInThePlanItself_AreAccepted) {
  const std::string begin = std::string("version: 1\nname: here\n") + kGroup +
                            "transports: {here: {type: local, root: \"c/{client.name}\"}}\n"
                            "inventory:\n - hosts:\n";
  const Finished finished = validate(begin + [] {
    std::string hosts;
    for (int i = 0; i < 16'500; ++i)
      hosts += "    - client" + std::to_string(i) + ".corp.example\n";
    return hosts;
  }());
  EXPECT_EQ(finished.exit_code, 0) << finished.err.substr(0, 500);
}

}  // namespace
}  // namespace sitewide::test
