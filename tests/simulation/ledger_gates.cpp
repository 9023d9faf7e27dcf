// What the ledger knows of gates that ask.
#include "tests/simulation/ledger.h"

namespace sitewide::simulation {

void Ledger::gate_step(const Record& record, Timestamp truly) {
  std::string_view name(record.subject);  // gate/canary/2/1
  name.remove_prefix(name.find('/') + 1);
  LedgerGroup& group = groups[layout_.group(name.substr(0, name.find('/')))];
  if (record.kind == "step_started") {
    group.asked = OpenAttempt{record.step, record.attempt, watched(truly), false, now_, truly};
    group.verdict.clear();
    ++group.asking.count;
  } else if (record.kind == "step_finished") {
    group.asked.reset();
    group.verdict = record.outcome;
    group.asking.ended = truly;
  }
}

// An answer to an earlier controller, or from before a pause or a halt, counts no more.
void Ledger::ask_anew() {
  for (LedgerGroup& group : groups) {
    group.asking = {};
    group.asking.count = group.asked ? 1 : 0;
    group.verdict.clear();
    group.ask_due = {};
  }
}

}  // namespace sitewide::simulation
