// Whether clients are tried again, given up, lost and forced neither too soon nor too late: by the
// plan's own times, as events say it. What a waiting controller owes is judge_lateness.cpp's.
#include <algorithm>

#include "tests/simulation/judge.h"

namespace sitewide::simulation {

namespace {

constexpr Duration kTick(1);

// The longest wait after so many attempts: a tenth is spread.
Duration longest_backoff(Duration first, Duration most, std::uint32_t tried) {
  Duration wait = first;
  for (std::uint32_t i = 1; i < tried && wait < most; ++i) wait *= 2;
  wait = std::min(wait, most);
  return wait + wait / 10 + kTick;
}

std::uint32_t tried(const std::map<std::string, Tries, std::less<>>& tries,
                    const std::string& step) {
  const auto found = tries.find(step);
  return found == tries.end() ? 1 : std::max(1U, found->second.count);
}

bool says_final(const Record& record) {
  return record.detail.find("\"final\":true") != record.detail.npos;
}

}  // namespace

void Judge::put_off(const Record& record) {
  const Duration wait = Timestamp(Duration(number_in(record.detail, "due"))) - record.at;
  const std::string_view name =
      std::string_view(record.subject).substr(record.subject.find('/') + 1);
  Duration longest{};
  if (record.subject.starts_with("site/")) {
    const std::uint32_t s = layout_.site(name);
    const Site& plan = schedule_.sites[s].plan;
    longest = longest_backoff(plan.backoff_max, plan.backoff_max, 1);  // orders begin it anew
  } else if (record.subject.starts_with("client/")) {
    const std::uint32_t c = layout_.client(name);
    const Group& plan = schedule_.groups[layout_.clients[c].owner].plan;
    const LedgerClient& client = ledger_.clients[c];
    // Else the ledger forgets its tries: when orders go on, and when its wave begins anew.
    const bool counted = !client.late && ledger_.groups[layout_.clients[c].owner].put_back == 0;
    longest = longest_backoff(counted ? plan.backoff : plan.backoff_max, plan.backoff_max,
                              tried(client.tries, record.step));
    longest = std::min(longest, patience_left(c, record.step));
    // It went well, and is done once more when what may arrive has had its time.
    if (record.step == "restore" && client.restores > 0)
      longest = std::max(longest, between_restores(c));
  } else {
    Subject subject;
    const Gate* gate = gate_of(record.subject, subject);
    if (gate == nullptr) return;
    const StepPolicy& policy = gate->inquiry.policy;
    longest = longest_backoff(policy.backoff, policy.backoff_max,
                              std::max(1U, ledger_.groups[subject.index].asking.count));
  }
  if (wait > longest)
    found(42, record.subject, " ", record.step, " is put off by ", format_duration(wait),
          ", by the plan ", format_duration(longest), " at most");
}

// A force waits for a client that is away, and who was triggered is waited for, no longer than the
// plan says.
Duration Judge::patience_left(std::uint32_t c, const std::string& step) const {
  const LedgerClient& client = ledger_.clients[c];
  const Group& plan = schedule_.groups[layout_.clients[c].owner].plan;
  if (client.last_outcome != "unreachable" || client.away >= kNever || goes_back(step))
    return Duration::max();
  const Duration gone = ledger_.reckoned(world_.truly()) - client.away;
  const bool prepares = step == "inspect" || step == "back_up";
  if (!prepares || plan.method != Method::site_wide) return Duration::max();
  return std::max(Duration{}, plan.before_force - gone) + kTick;
}

// Late ones are tried again every `retry_late`, and no oftener.
void Judge::late_is_tried(const Record& record, std::uint32_t c) {
  const LedgerClient& client = ledger_.clients[c];
  const Duration every = schedule_.groups[layout_.clients[c].owner].plan.retry_late;
  if (client.state == "late" && world_.truly() - client.settled_truly < every)
    found(16, record.subject, " was late and is tried again too soon");
}

void Judge::is_given_up(const Record& record, std::uint32_t c) {
  const LedgerClient& client = ledger_.clients[c];
  const Group& plan = schedule_.groups[layout_.clients[c].owner].plan;
  const Timestamp now = ledger_.reckoned(world_.truly());
  const Duration gone = client.away < kNever ? now - client.away : Duration{};
  if (record.outcome == "late" && client.late && says_final(record) != (gone >= plan.give_up_late))
    found(says_final(record) ? 25 : 42, record.subject, " was late for ", format_duration(gone),
          says_final(record) ? " and is given up" : " and is not given up");
  if (record.outcome != "lost" || !ledger_.aborted.empty()) return;
  const Duration patience = patience_of(c).value_or(plan.converge_within);
  const Duration in_doubt = plan.lost_after.value_or(plan.converge_within);
  const Duration looked = now - client.last_begun;
  const bool over = is_look(client.last_step) && looked >= within_of(client.last_step, plan);
  if (gone < patience && looked < in_doubt && !over)
    found(25, record.subject, " is lost after ", format_duration(gone));
}

// The group whose force of the site comes next: of those that upgrade clients there by a force, the
// one that is at it.
std::uint32_t Judge::forcing(std::uint32_t s) const {
  for (const bool begun : {true, false}) {
    for (std::uint32_t c = 0; c < layout_.clients.size(); ++c) {
      const Layout::Client& place = layout_.clients[c];
      if (place.site != s || !place.served) continue;
      if (schedule_.groups[place.owner].plan.method != Method::site_wide) continue;
      const LedgerGroup& group = ledger_.groups[place.owner];
      if (begun ? group.waves_started > group.waves_passed : !ledger_.clients[c].settled)
        return place.owner;
    }
  }
  return kNone;
}

// However late its own group lets it be; one that was given up is given up.
void Judge::goes_without_backup(const Record& record, std::uint32_t c) {
  const LedgerClient& client = ledger_.clients[c];
  const std::uint32_t g = forcing(layout_.clients[c].site);
  if (g == kNone || client.final_late) return;
  const Duration gone =
      client.away < kNever ? ledger_.reckoned(world_.truly()) - client.away_first : Duration{};
  if (gone < schedule_.groups[g].plan.before_force)
    found(34, record.subject, " is forced without a backup, and was away for ",
          format_duration(gone), " only");
}

// A force that is repeated reaches nobody whom it did not reach before.
void Judge::force_is_decided(std::uint32_t s) {
  const std::uint32_t g = forcing(s);
  if (g == kNone || !ledger_.sites[s].forces.insert(g).second) return;
  const Group& plan = schedule_.groups[g].plan;
  for (std::uint32_t c = 0; c < layout_.clients.size(); ++c) {
    const Layout::Client& place = layout_.clients[c];
    if (place.site != s || !place.served) continue;
    const std::string& state = ledger_.clients[c].state;
    const bool over = (is_bad(state) && !plan.force_over_failed) ||
                      (state == "restored" && !plan.force_over_restored) ||
                      (state == "skipped" && !plan.force_over_skipped);
    if (over) found(43, "a force reaches ", place.name, ", which is ", state);
  }
}

}  // namespace sitewide::simulation
