#include "orchestrator/cli/command_details.h"

#include <algorithm>

namespace sitewide {
namespace {

// Codes of those that drive a rollout, of those that show where one stands, of those that only
// read or write something, and of orders.
constexpr std::string_view kDrives = "0 1 2 4 6 10 11 12 15 16 130";
constexpr std::string_view kStands = "0 1 2 4 10 11 12 13 15 16 130";
constexpr std::string_view kReads = "0 1 2 4 15";
constexpr std::string_view kPrints = "0 1 2 4";

struct Row {
  std::string_view command;
  std::string_view paragraph;
  std::string_view example;
  std::string_view codes;
};

constexpr Row kRows[] = {
    {"run",
     "Reads the plan and its inventory, shows what would happen, asks, makes a rollout of it and "
     "drives that to its end, to a halt, or to an interruption. The rollout keeps the plan it was "
     "made from: what is changed in the file afterwards is for the next one. It runs as long as "
     "this command does; an order from another terminal reaches it at once.",
     "", "0 1 2 3 4 6 10 11 12 15 16 130"},
    {"preview",
     "Looks at the sites, compiles the plan and plays it on a clock of its own: which files would "
     "be written where, groups and waves in whole numbers, what is tolerated in words, which "
     "clients a force reaches, and when what would happen. Clients are not looked at.",
     "  sitewide preview plan.yaml\n"
     "  sitewide preview --exit-code plan.yaml && echo nothing to do",
     "0 1 2 3 4 5"},
    {"validate",
     "Reads plan, inventory and payloads and reports every problem with file, line and column, and "
     "what would do instead. Errors keep a plan from being run, warnings do not. Sources of the "
     "inventory that have to be asked (`ansible`, `command`, `ldap`) are passed over, and what "
     "only "
     "their clients show is judged with --inventory, or --probe, alone. With --probe it also looks "
     "at what a run would need: programs of this machine, each site's root, logon servers, "
     "services "
     "and Maintenance Manager, and some clients of each group, the same ones each time. Each place "
     "and each client has forty seconds; nothing is changed anywhere. It leaves with 4 when "
     "anything is missing, a client of the sample that is off too.",
     "  sitewide validate plan.yaml\n"
     "  sitewide validate --inventory plan.yaml          asks Ansible, programs and directories "
     "too\n"
     "  sitewide validate --probe --probe-clients 20 plan.yaml\n"
     "  sitewide validate --format concise plan.yaml     a line a problem, for editors",
     "0 1 2 3 4"},
    {"schema",
     "The schema knows every key, its type and its default. Editors with a YAML language server "
     "complete and check a plan by it while it is written.",
     "", kPrints},
    {"catalogue",
     "The facts of each article are inside the program: its files with sizes and dates, where they "
     "go, what is done on a site, what is needed before, and where the article is wrong. A plan "
     "that names an article need not repeat them.",
     "", kPrints},
    {"resume",
     "Starts a controller for a rollout that was interrupted, paused or halted. It replays the "
     "journal, looks at everything that was under way and goes on from there; the plan file is not "
     "read again. It says so when it lifts a pause or a halt. A halted rollout with more failures "
     "than its budget tolerates needs to be told what to do about them, else it is refused. With "
     "--unattended, as the systemd unit says, a paused rollout stays paused under its controller "
     "and a halted one is left as it is, with exit code 11.",
     "  sitewide resume                             the newest rollout\n"
     "  sitewide resume q237690-3 --retry-failed --reason \"share is back\"",
     kDrives},
    {"rollback",
     "Restores clients that were triggered, newest trigger first, and undoes a site when nobody "
     "else needs it staged. What somebody else changed since is left alone and needs hands. Orders "
     "that wait for a controller come first; after an `abort` among them, resume before you roll "
     "back.",
     "  sitewide rollback latest --preview\n"
     "  sitewide rollback q237690-3 --group canary --reason \"printing is slow\"",
     kDrives},
    {"prune",
     "Removes directories of rollouts that have ended, with their journals and what they kept of "
     "clients. Those that could still be rolled back stay unless they are asked for.",
     "  sitewide prune --older-than 90d             lists them\n"
     "  sitewide prune --older-than 90d --yes       removes them",
     kReads},
    {"status",
     "Says where a rollout and each of its groups and sites stands, what it waits for, and what to "
     "do next. Its exit code is that of the rollout: 13 while it goes on, for until its end nobody "
     "knows whether everything comes to be on target.",
     "  sitewide status\n  sitewide status q237690-3 --json", kStands},
    {"watch",
     "Shows what `run` shows, from any terminal, until the rollout ends or comes to rest. Leaving "
     "it changes nothing.",
     "  sitewide watch latest", kStands},
    {"list",
     "A line a rollout: its id, when it was created, how many clients, its state. One whose "
     "journal is damaged hides no other: its line says what is wrong.",
     "  sitewide list", kReads},
    {"why",
     "One sentence with its numbers and the next event, for anything that waits: the rollout, a "
     "group, a site or a client.",
     "", kReads},
    {"log",
     "Every event as one line, in order. With a client, its events alone and what its programs "
     "printed.",
     "  sitewide log latest\n  sitewide log latest pc012\n  sitewide log latest --json", kReads},
    {"audit",
     "Checks the chain over all events, that each could follow from those before it, and that each "
     "decision is the one that follows. It ends with 15 when anything was altered.",
     "  sitewide audit q237690-3", kReads},
    {"report",
     "Writes what happened in the forms that are asked for; the page needs neither network nor "
     "server. Nothing of the rollout changes.",
     "", kReads},
    {"pause",
     "Nothing new starts. What runs finishes, and clients that were triggered are still looked at. "
     "`continue` ends the pause; so does a halt, whose rollback waits for nobody.",
     "  sitewide pause latest --reason \"payroll runs tonight\"", kReads},
    {"continue",
     "Ends a pause, or goes on after a halt whose failures were retried or acknowledged. It is an "
     "order to a controller that runs; `resume` starts one.",
     "  sitewide continue latest", kReads},
    {"abort",
     "Ends a rollout for good: what runs finishes, then nothing more is done, or everything it did "
     "is rolled back.",
     "  sitewide abort latest --reason \"wrong build\"\n"
     "  sitewide abort latest --policy rollback",
     kReads},
    {"approve",
     "An approval may come before its gate is reached, and holds for that gate alone. Who gave it "
     "is recorded.",
     "", kReads},
    {"skip",
     "A group that is skipped lets those after it start; a client can be skipped until it was "
     "triggered. Where a group and a client have one name, say `group/NAME` or `client/NAME`, here "
     "and for `retry` and `why`.",
     "  sitewide skip latest pc012 --reason \"scrapped\"", kReads},
    {"retry",
     "Gives failed, restored and late clients all their attempts anew, under the plan that the "
     "rollout was made from.",
     "  sitewide retry latest canary\n  sitewide retry latest pc012 --reason \"disk replaced\"",
     kReads},
    {"acknowledge",
     "Says that these failures are known; the budget counts on above them, and the rollout can go "
     "on. No failure is accepted before it has happened: of each group no more count than it has "
     "beyond its budget. Clients that were put back are not accepted by it: their wave begins anew "
     "and needs proof.",
     "", kReads},
    {"init",
     "Writes a commented plan that says all that its article needs, from flags or, on a terminal, "
     "from a few questions; and, where there is none, an inventory with a client to be replaced "
     "for each kind that the article has files for.",
     "", kPrints},
    {"completion",
     "The script asks the program for every word: commands, options, ids of rollouts, groups, "
     "clients, approvals, articles and plan files. The Debian package installs all three.",
     "", kPrints},
    {"man",
     "The pages are made from what --help says and from the tables that plans are read by. `plan` "
     "is the plan language, `events` what --json prints.",
     "  sitewide man run | man -l -\n  sitewide man plan | man -l -", kPrints},
};

std::vector<int> numbers(std::string_view text) {
  std::vector<int> result;
  int number = 0;
  for (const char c : text) {
    if (c != ' ') number = number * 10 + (c - '0');
    if (c != ' ') continue;
    result.push_back(number);
    number = 0;
  }
  result.push_back(number);
  return result;
}

}  // namespace

CommandDetails details_of(std::string_view command) {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const Row& one) { return one.command == command; });
  if (row == std::end(kRows)) return {};
  return {row->paragraph, row->example, numbers(row->codes)};
}

}  // namespace sitewide
