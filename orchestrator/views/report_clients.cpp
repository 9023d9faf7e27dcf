#include "orchestrator/views/report_clients.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "orchestrator/base/text.h"
#include "orchestrator/views/client_course.h"
#include "orchestrator/views/json_text.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/trouble.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kPlainClientsMax = 1000;
constexpr std::size_t kReasonLimit = 400;

std::vector<std::uint32_t> by_urgency(const Rollout& rollout) {
  std::vector<std::uint32_t> order(rollout.schedule().clients.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return urgency(rollout.client(a).state) < urgency(rollout.client(b).state);
  });
  return order;
}

std::string quoted(std::string_view text) { return json_text(json_string(text), true); }

// A JSON array that is written as it grows: fifty thousand clients have millions of numbers.
class List {
 public:
  void add(std::int64_t number) { raw(std::to_string(number)); }
  void add(std::string_view text) { raw(quoted(text)); }
  void raw(std::string_view json) {
    text_ += text_.size() > 1 ? "," : "";
    text_ += json;
  }
  std::string take() { return std::move(text_) + "]"; }

 private:
  std::string text_ = "[";
};

// Equal reasons are stored once.
class Reasons {
 public:
  std::int64_t number(const std::string& reason) {
    const auto next = static_cast<std::int64_t>(numbers_.size());
    const auto [place, fresh] = numbers_.try_emplace(reason, next);
    if (fresh) list_.add(escaped(reason, kReasonLimit));
    return place->second;
  }
  std::string take() { return list_.take(); }

 private:
  std::map<std::string, std::int64_t> numbers_;
  List list_;
};

constexpr int kOpenAttempt = static_cast<int>(OutcomeKind::inconclusive) + 1;
constexpr int kInDoubt = kOpenAttempt + 1, kRecovered = kInDoubt + 1, kGivenUp = kRecovered + 1;

int outcome_number(const AttemptHistory& attempt, bool is_open) {
  if (!attempt.ended) return !is_open ? kGivenUp : attempt.was_in_doubt ? kInDoubt : kOpenAttempt;
  return attempt.recovered ? kRecovered : static_cast<int>(attempt.outcome);
}

std::string outcome_words() {
  List words;
  for (int i = 0; i < kOpenAttempt; ++i) words.add(spoken(name_of(static_cast<OutcomeKind>(i))));
  words.add("under way");
  words.add("in doubt");
  words.add("ok (recovered)");
  words.add("ended by a rollback");
  return words.take();
}

std::string words_of_states() {
  List states;
  for (int i = 0; i < kClientStates; ++i) {
    const auto state = static_cast<ClientState>(i);
    List words;
    words.add(spoken(name_of(state)));
    words.add(glyph(state, Charset::utf8));
    words.add(tone_of(state));
    words.add(urgency(state));
    states.raw(words.take());
  }
  return states.take();
}

std::string words_of_steps() {
  List steps;
  for (int i = 0; i <= static_cast<int>(Step::recheck); ++i)
    steps.add(spoken(name_of(static_cast<Step>(i))));
  return steps.take();
}

// The columns of all clients, written side by side.
class Columns {
 public:
  Columns(const Rollout& rollout, const History& history, const OutputLookup& outputs,
          std::size_t output_limit)
      : rollout_(rollout), history_(history), outputs_(outputs), output_limit_(output_limit) {
    reasons_.number("");
  }

  void add(std::uint32_t c, std::size_t cause) {
    const Schedule& schedule = rollout_.schedule();
    const ClientCourse course = course_of(rollout_, history_, c);
    const std::uint32_t group = rollout_.owner_group(c), site = schedule.site_of(c);
    name_.add(escaped(schedule.clients.name(c)));
    group_.add(group == kNone ? -1 : std::int64_t{group});
    wave_.add(group == kNone ? 0 : std::int64_t{schedule.wave_of(c)} + 1);
    site_.add(site == kNone ? -1 : std::int64_t{site});
    state_.add(static_cast<std::int64_t>(rollout_.client(c).state));
    reason_.add(reasons_.number(reason_of(rollout_, history_, c)));
    cause_.add(static_cast<std::int64_t>(cause));
    started_.add(course.started ? (*course.started - history_.begin).count() : -1);
    took_.add(course.started && course.ended ? (*course.ended - *course.started).count() : -1);
    List attempts;
    const std::vector<AttemptHistory>& made = history_.clients[c];
    for (std::size_t i = 0; i < made.size(); ++i) {
      add_attempt(attempts, made[i], rollout_.client(c).open && i + 1 == made.size());
      add_output(made[i], i);
    }
    attempts_.raw(attempts.take());
    ++row_;
  }

  ClientData take() {
    ClientData data;
    std::string& text = data.json;
    const auto member = [&](std::string_view name, const std::string& value) {
      text.append(text.empty() ? "{\"" : ",\n\"").append(name).append("\":").append(value);
    };
    List groups, sites;
    for (const ScheduledGroup& group : rollout_.schedule().groups)
      groups.add(escaped(group.plan.name));
    for (const ScheduledSite& site : rollout_.schedule().sites) sites.add(escaped(site.plan.name));
    member("format", "1");
    member("rollout", quoted(escaped(rollout_.id())));
    member("begin", std::to_string(history_.begin.time_since_epoch().count()));
    member("groups", groups.take());
    member("sites", sites.take());
    member("states", words_of_states());
    member("steps", words_of_steps());
    member("outcomes", outcome_words());
    member("reasons", reasons_.take());
    member("name", name_.take());
    member("group", group_.take());
    member("wave", wave_.take());
    member("site", site_.take());
    member("state", state_.take());
    member("reason", reason_.take());
    member("cause", cause_.take());
    member("started", started_.take());
    member("took", took_.take());
    member("attempts", attempts_.take());
    member("outputs", outputs_json_.take());
    text += "}";
    data.output_left_out = left_out_;
    return data;
  }

 private:
  void add_attempt(List& to, const AttemptHistory& attempt, bool is_open) {
    to.add(static_cast<std::int64_t>(attempt.step));
    to.add(attempt.attempt);
    to.add(outcome_number(attempt, is_open));
    to.add((attempt.begun - history_.begin).count());
    to.add(attempt.ended ? (*attempt.ended - attempt.begun).count() : -1);
    to.add(reasons_.number(attempt.reason));
    to.add(attempt.exit_code);
  }
  void add_output(const AttemptHistory& attempt, std::size_t number) {
    if (!outputs_ || attempt.seq == 0 || left_out_) return;
    const auto output = outputs_(attempt.seq);
    if (!output || output->total_bytes == 0) return;
    const std::string excerpt = output_excerpt(*output, output_limit_);
    output_bytes_ += excerpt.size();
    if (output_bytes_ > kOutputBytesMax) {
      left_out_ = true;
      return;
    }
    List entry;
    entry.add(row_);
    entry.add(static_cast<std::int64_t>(number));
    entry.add(excerpt);
    outputs_json_.raw(entry.take());
  }

  const Rollout& rollout_;
  const History& history_;
  const OutputLookup& outputs_;
  std::size_t output_limit_;
  std::size_t output_bytes_ = 0;
  bool left_out_ = false;
  std::int64_t row_ = 0;
  Reasons reasons_;
  List name_, group_, wave_, site_, state_, reason_, cause_, started_, took_, attempts_;
  List outputs_json_;
};

}  // namespace

ClientData client_data(const Rollout& rollout, const History& history,
                       const std::vector<Reason>& causes, const OutputLookup& outputs,
                       std::size_t output_limit) {
  std::vector<std::size_t> cause_of(rollout.schedule().clients.size());
  for (std::size_t i = 0; i < causes.size(); ++i) {
    for (const std::uint32_t c : causes[i].clients) cause_of[c] = i + 1;
  }
  Columns columns(rollout, history, outputs, output_limit);
  for (const std::uint32_t c : by_urgency(rollout)) columns.add(c, cause_of[c]);
  return columns.take();
}

std::string plain_client_table(const Rollout& rollout, const History& history) {
  const Schedule& schedule = rollout.schedule();
  HtmlTable table("Clients that are not on target",
                  {"client", "group", "wave#", "status", "attempts#", "took", "reason"});
  std::size_t shown = 0, amiss = 0;
  for (const std::uint32_t c : by_urgency(rollout)) {
    const ClientState state = rollout.client(c).state;
    if (!is_trouble(state)) break;
    if (++amiss > kPlainClientsMax) continue;
    ++shown;
    const std::uint32_t group = rollout.owner_group(c);
    const ClientCourse course = course_of(rollout, history, c);
    table.row(
        {html(schedule.clients.name(c)),
         group == kNone ? "" : html(schedule.groups[group].plan.name),
         group == kNone ? "" : std::to_string(schedule.wave_of(c) + 1), state_html(state),
         std::to_string(course.attempts),
         course.started && course.ended ? describe_duration(*course.ended - *course.started) : "",
         html(escaped(reason_of(rollout, history, c), kReasonLimit))});
  }
  const std::string all = count_of(schedule.clients.size(), "client");
  if (amiss == 0)
    return "<p>All " + all + " are on target, under way, waiting or skipped: none to list.</p>\n";
  const std::string more =
      shown < amiss ? " (" + with_separators(amiss - shown) + " more left out)" : "";
  return "<p>Only clients that went wrong or are late are listed here: " + with_separators(shown) +
         more + " of " + all + ". The page on a screen has every client.</p>\n" + table.take();
}

}  // namespace sitewide
