#include "orchestrator/cli/man_formats.h"

#include "orchestrator/cli/roff.h"
#include "orchestrator/core/event_codec.h"
#include "plans/reference.h"

namespace sitewide {
namespace {

using roff::bold;

std::string paragraph(std::string_view words) { return ".PP\n" + roff::marked(words) + "\n"; }

std::string key_entry(const ReferenceKey& key) {
  std::string text = roff::marked(key.value);
  if (!key.fallback.empty())
    text += key.fallback.front() == '`' ? "; default " + roff::marked(key.fallback)
                                        : "; " + roff::text(key.fallback);
  return roff::entry(bold(key.name), text + ".\n.br\n" + roff::marked(key.meaning));
}

constexpr const char* kExample =
    "version: 1\n"
    "name: q237690\n"
    "hotfix: {id: Q237690, catalogue: Q237690, payload: hotfix}\n"
    "sites:\n"
    "  HQ: {root: hq/SMS, logon_servers: {LOGON1: logon1}}\n"
    "inventory:\n"
    "  - file: clients.csv\n"
    "transports:\n"
    "  shop:\n"
    "    type: local\n"
    "    root: \"clients/{client.name}\"\n"
    "    batch: [./run-batch, \"{client.root}\", \"{logon_server.share}\", \"{batch}\"]\n"
    "groups:\n"
    "  - name: everybody\n"
    "    select: name\n"
    "    method: upgrade_bat\n"
    "    waves: [1, 10%, rest]\n"
    "    tolerate: {failed: 0, late: 5%}";

constexpr const char* kStream =
    "{\"v\":1,\"type\":\"stream\",\"schema\":\"1.0\",\"sitewide\":\"0.1.0\",\"rollout\":\"q237690-"
    "3\"}\n"
    "{\"v\":1,\"seq\":5,\"ts\":\"2026-11-23T14:00:00Z\",\"type\":\"step_started\",\"level\":"
    "\"info\",\n"
    " \"msg\":\"site HQ: stage "
    "starts\",\"subject\":\"site/HQ\",\"site\":\"HQ\",\"step\":\"stage\",\n"
    " \"attempt\":1,\"detail\":{\"deadline\":\"2026-11-23T14:10:00Z\"}}\n"
    "{\"v\":1,\"type\":\"summary\",\"level\":\"info\",\"state\":\"completed\",\"exit_code\":0, "
    "...}";

struct Member {
  const char* names;
  const char* meaning;
};

constexpr Member kMembers[] = {
    {"v", "1: the shape of this envelope."},
    {"type", "`stream`, `summary`, `dropped`, or the kind of event."},
    {"seq", "Number of the event in the journal, from 1 without a gap; events only."},
    {"ts", "Time of the event, RFC 3339 in UTC."},
    {"level", "`debug` (single attempts), `info`, `warning` or `error`."},
    {"msg", "One English sentence. Its wording may change at any time."},
    {"subject", "`rollout`, `site/HQ`, `group/canary`, `wave/canary/2`, `client/pc001`."},
    {"group, wave, site, client", "The names in it, where they apply. Waves count from 1."},
    {"step, attempt, outcome",
     "Where the event has them. Of `client_settled` and `rollout_ended`, the outcome is the "
     "state."},
    {"detail",
     "The rest, by kind: `reason`, `note`, `exit_code`, `facts`, `user` and others. Instants are "
     "RFC 3339, durations end in `_ms`."},
};

}  // namespace

std::string man_page_of_plans() {
  std::string text = roff::head("sitewide-plan", 5, "what a rollout does, to whom, in which order");
  text += roff::section("DESCRIPTION") +
          roff::marked(
              "A plan is one YAML document of at most 1 MiB. Anchors, aliases, tags and duplicate "
              "keys are refused, and so is every key that is not in these tables. "
              "`sitewide validate` says what is wrong with one, `sitewide init` writes one to "
              "begin with, and `sitewide schema` prints the tables for editors.") +
          "\n";
  text += paragraph(
      "Durations are a whole number and a unit: `250ms`, `30s`, `10m`, `24h`, `5d`. Counts are `3` "
      "or `3%`; percentages become whole numbers when the rollout is made, waves rounded up, "
      "tolerances down. Paths use `/` and begin at the folder of the plan. Selectors are those of "
      "Kubernetes labels: `site=HQ, ring in (canary, pilot), os!=dos`; `name` takes every client.");
  text += paragraph(
      "Programs are lists, one argument an element. `{client.name}`, `{client.address}`, "
      "`{client.root}`, `{client.LABEL}`, `{logon_server.name}`, `{logon_server.share}`, "
      "`{site.name}`, `{site.root}`, `{site.KEY}`, `{hotfix.id}` and the folders that a client's "
      "Sms.ini names (`{sms_bin}`, `{sms}`, `{windows}` and others) are put into them, each on its "
      "own; nothing is joined into a line for a shell.");
  text += roff::section("KEYS");
  for (const ReferenceSection& section : plan_reference()) {
    text += roff::subsection(section.noun) + roff::marked(section.description) + "\n";
    for (const ReferenceKey& key : section.keys) text += key_entry(key);
  }
  text += roff::section("EXAMPLES") + roff::lines(kExample);
  text += roff::section("FILES") +
          roff::entry(roff::italic("/usr/share/doc/sitewide/plans.md"),
                      "More about methods, steps of a hotfix, inventories and the catalogue.");
  return text + roff::section("SEE ALSO") + bold("sitewide") + "(1), " + bold("sitewide-validate") +
         "(1), " + bold("sitewide-init") + "(1)\n";
}

std::string man_page_of_events() {
  std::string text = roff::head("sitewide-events", 5, "what sitewide prints for programs");
  text += roff::section("DESCRIPTION") +
          roff::marked(
              "With `--json`, commands that show a rollout (`run`, `resume`, `rollback`, `watch`, "
              "`log`) print one JSON object a line, UTF-8, in the order of the journal. The first "
              "line is of type `stream`, the last of type `summary`.") +
          "\n";
  text += roff::lines(kStream) + roff::section("MEMBERS");
  for (const Member& member : kMembers)
    text += roff::entry(bold(member.names), roff::marked(member.meaning));
  text += roff::section("TYPES");
  text += roff::entry(bold("stream"), "The header: the version of this format and the rollout.");
  text += roff::entry(bold("summary"),
                      roff::marked("Where it stands in the end: `state`, `exit_code`, `counts` by "
                                   "state, and each group and site."));
  text += roff::entry(bold("dropped"),
                      roff::marked("The reader was too slow; `count` lines are missing, and `seq` "
                                   "shows which. The journal has them."));
  text += roff::entry(bold("error"), roff::marked("Why a command ends without a result: `msg`, "
                                                  "`exit_code`."));
  std::string kinds;
  for (const std::string_view kind : event_kinds())
    kinds += (kinds.empty() ? "" : ", ") + bold(kind);
  text += ".TP\nEvents\n" + kinds + ".\n";
  text += roff::section("STABILITY") +
          roff::marked(
              "`schema` is MAJOR.MINOR. A minor version adds members, types and kinds of event; a "
              "reader ignores what it does not know and may show `msg`. Removing, renaming or "
              "changing the meaning of anything raises the major version.") +
          "\n";
  return text + roff::section("SEE ALSO") + bold("sitewide") + "(1), " + bold("sitewide-log") +
         "(1), " + bold("sitewide-watch") + "(1)\n";
}

}  // namespace sitewide
