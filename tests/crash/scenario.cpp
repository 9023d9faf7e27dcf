#include "tests/crash/scenario.h"

#include <cstdlib>

#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

std::string batch_program() {
  return source_dir() + (under_wine() ? "/examples/lab/wine-batch" : "/tests/crash/quick-batch");
}

// Looks come often, deadlines late: nothing may depend on how busy the machine is.
std::string lab_plan(const std::string& groups) {
  return R"(version: 1
name: crash
hotfix:
  id: Q237690
  catalogue: Q237690
  files:
    - {name: Pcmwin32.exe, platform: x86, source: hotfix/x86/Pcmwin32.exe}
    - {name: Pcmwin16.exe, platform: x86, source: hotfix/x86/Pcmwin16.exe, os: [dos, win16, win95]}
sites:
  HQ:
    root: hq/SMS
    logon_servers: {S768AA0: s768aa0, S768AA1: s768aa1}
    replication: {poll: LOOKS_EVERY, within: 3m, warn_after: 2m}
inventory:
  - file: clients.csv
transports:
  lab:
    type: local
    root: "clients/{client.name}"
    batch: [)" +
         batch_program() +
         R"(, "{client.root}", "{logon_server.share}", "{batch}"]
defaults:
  transport: lab
  backoff: 10ms
  converge: {within: 3m, poll: LOOKS_EVERY}
  rollback: {within: 3m}
groups:
)" + groups;
}

constexpr const char* kCanary = R"(  - name: canary
    select: ring=canary
    method: upgrade_bat
    restart: {run: [touch, "{client.root}/../../state/restart/{client.name}"]}
    waves: [1, rest]
    after_wave: [{soak: 10ms}]
)";

constexpr const char* kHeadOffice = R"(  - name: head-office
    after: [canary]
    select: ring notin (canary)
    method: site_wide
    reaches: site
)";

// Whoever comes too late for its health check on a busy machine is taken back like the one that is
// not well, so the end is the same.
constexpr const char* kEveryone = R"(  - name: everyone
    select: site=HQ
    method: site_wide
    reaches: site
    health: {command: [test, "{client.name}", "!=", pc003], within: 200ms, poll: 100ms}
)";

constexpr const char* kCommands = R"(version: 1
name: crash
inventory:
  - hosts: ["pc[01-03]"]
transports:
  here: {type: local, root: "clients/{client.name}"}
groups:
)";

std::string command_group(const std::string& head, const std::string& upgrade) {
  return head + R"(    method: command
    strict: false
    backoff: 10ms
    command:
      inspect: [test, -e, "{client.root}/done"]
      upgrade: )" +
         upgrade + R"(
      verify: [test, -e, "{client.root}/done"]
      restore: [sh, -c, 'echo restored >>$0/log; rm -f $0/done', "{client.root}"]
)";
}

constexpr const char* kUpgrade =
    R"([sh, -c, 'echo upgraded >>$0/log; touch $0/done', "{client.root}"])";

}  // namespace

bool under_wine() { return std::getenv("SITEWIDE_CRASH_WINE") != nullptr; }

const CrashScenario& good_rollout() {
  static const CrashScenario scenario{
      "good rollout", lab_plan(std::string(kCanary) + kHeadOffice), 0, {}, {}};
  return scenario;
}

const CrashScenario& bad_canary() {
  static const CrashScenario scenario{
      "bad canary", lab_plan(std::string(kCanary) + kHeadOffice), 11, {{"pc002", "fail"}}, {}};
  return scenario;
}

const CrashScenario& taken_back() {
  static const CrashScenario scenario{"taken back", lab_plan(kEveryone), 11, {}, {}};
  return scenario;
}

const CrashScenario& commands() {
  static const CrashScenario scenario{
      "commands",
      kCommands + command_group("  - name: all\n    select: name\n", kUpgrade),
      0,
      {},
      {"pc01", "pc02", "pc03"}};
  return scenario;
}

const CrashScenario& commands_undone() {
  static const CrashScenario scenario{
      "commands undone",
      kCommands + command_group("  - name: good\n    select: name in (pc01, pc02)\n", kUpgrade) +
          command_group("  - name: bad\n    select: name = pc03\n    after: [good]\n"
                        "    on_breach: {rollback: rollout}\n",
                        "[\"false\"]"),
      11,
      {},
      {"pc01", "pc02", "pc03"}};
  return scenario;
}

}  // namespace sitewide::test
