#include "orchestrator/views/report_junit.h"

#include <algorithm>
#include <vector>

#include "orchestrator/base/text.h"
#include "orchestrator/views/client_course.h"
#include "orchestrator/views/report_causes.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kOutputBytesMax = 8 * 1024 * 1024;
constexpr std::size_t kReasonBytesMax = 2000;

// For text and attributes. UTF-8 is not enough: XML 1.0 has no place for two code points of it.
std::string xml(std::string_view text) {
  std::string result = html_escaped(to_utf8(text));
  for (const std::string_view banned : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    for (std::size_t at = result.find(banned); at != result.npos; at = result.find(banned, at))
      result.replace(at, banned.size(), "\xef\xbf\xbd");
  }
  return result;
}
std::string visible(std::string_view text) { return xml(escaped(text, kReasonBytesMax)); }

enum class Verdict : std::uint8_t { passed, failure, error, skipped };

Verdict verdict_of(ClientState state) {
  switch (state) {
    case ClientState::upgraded:
    case ClientState::already_current:
      return Verdict::passed;
    case ClientState::failed:
    case ClientState::lost:
    case ClientState::restored:
    case ClientState::needs_hands:
      return Verdict::failure;
    case ClientState::triggered:
    case ClientState::converging:
    case ClientState::in_doubt:
    case ClientState::restoring:
      return Verdict::error;
    case ClientState::waiting:
    case ClientState::inspecting:
    case ClientState::backing_up:
    case ClientState::late:
    case ClientState::skipped:
      break;
  }
  return Verdict::skipped;
}

Verdict verdict_of(const SiteRecord& site) {
  using Phase = SiteRecord::Phase;
  if (site.needs_hands || site.phase == Phase::failed) return Verdict::failure;
  if (site.phase == Phase::undoing || site.phase == Phase::undone) return Verdict::failure;
  return site.phase == Phase::ready ? Verdict::passed : Verdict::skipped;
}

std::string seconds(Duration time) {
  const std::string text = std::to_string(std::max<std::int64_t>(time.count(), 0) % 1000 + 1000);
  return std::to_string(std::max<std::int64_t>(time.count(), 0) / 1000) + "." + text.substr(1);
}

// One case, and what its suite adds up.
struct Case {
  std::string name;
  Verdict verdict = Verdict::skipped;
  std::string state;
  std::string reason;
  std::string output;  // escaped already
  std::optional<Timestamp> started, ended;
};

class Suite {
 public:
  Suite(std::string name, std::string package)
      : name_(std::move(name)), package_(std::move(package)) {}

  void add(const Case& one) {
    ++count_;
    counts_[static_cast<std::size_t>(one.verdict)]++;
    if (one.started) started_ = started_ ? std::min(*started_, *one.started) : *one.started;
    if (one.ended) ended_ = ended_ ? std::max(*ended_, *one.ended) : *one.ended;
    const Duration time = one.started && one.ended ? *one.ended - *one.started : Duration{};
    cases_ += "    <testcase name=\"" + visible(one.name) + "\" classname=\"" + visible(package_) +
              "." + visible(name_) + "\" time=\"" + seconds(time) + "\"" + body(one);
  }
  std::size_t count() const { return count_; }
  std::size_t count(Verdict verdict) const { return counts_[static_cast<std::size_t>(verdict)]; }

  std::string text(std::size_t number, Timestamp begin) const {
    const Duration time = started_ && ended_ ? *ended_ - *started_ : Duration{};
    // The usual schema wants an instant without fraction and zone; it is UTC.
    const std::string at =
        format_timestamp(std::chrono::floor<std::chrono::seconds>(started_.value_or(begin)));
    return "  <testsuite id=\"" + std::to_string(number) + "\" name=\"" + visible(name_) + "\"" +
           numbers() + " time=\"" + seconds(time) + "\" timestamp=\"" +
           at.substr(0, at.size() - 1) + "\">\n" + cases_ + "  </testsuite>\n";
  }

 private:
  std::string numbers() const {
    return " tests=\"" + std::to_string(count_) + "\" failures=\"" +
           std::to_string(count(Verdict::failure)) + "\" errors=\"" +
           std::to_string(count(Verdict::error)) + "\" skipped=\"" +
           std::to_string(count(Verdict::skipped)) + "\"";
  }
  static std::string body(const Case& one) {
    if (one.verdict == Verdict::passed) return "/>\n";
    const std::string message = visible(one.state + (one.reason.empty() ? "" : ": " + one.reason));
    if (one.verdict == Verdict::skipped)
      return ">\n      <skipped message=\"" + message + "\"/>\n    </testcase>\n";
    const char* element = one.verdict == Verdict::failure ? "failure" : "error";
    std::string text = std::string(">\n      <") + element + " message=\"" + message +
                       "\" type=\"" + visible(one.state) + "\">" + message + "</" + element + ">\n";
    if (!one.output.empty()) text += "      <system-out>" + xml(one.output) + "</system-out>\n";
    return text + "    </testcase>\n";
  }

  std::string name_, package_, cases_;
  std::size_t count_ = 0;
  std::array<std::size_t, 4> counts_{};
  std::optional<Timestamp> started_, ended_;
};

// What the programs of failed attempts printed, until the report's share of it is used up.
class Outputs {
 public:
  Outputs(const OutputLookup& lookup, std::size_t limit) : lookup_(lookup), limit_(limit) {}

  // Of the last attempt that went wrong and printed something: what came after it put things back.
  std::string of(const std::vector<AttemptHistory>& attempts) {
    if (!lookup_) return {};
    for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
      if (attempt->seq == 0 || attempt->outcome == OutcomeKind::ok) continue;
      if (used_ >= kOutputBytesMax) return {};
      const auto output = lookup_(attempt->seq);
      if (!output || output->total_bytes == 0) continue;
      std::string excerpt = output_excerpt(*output, limit_);
      used_ += excerpt.size();
      return excerpt;
    }
    return {};
  }

 private:
  const OutputLookup& lookup_;
  std::size_t limit_;
  std::size_t used_ = 0;
};

bool went_wrong(Verdict verdict) {
  return verdict == Verdict::failure || verdict == Verdict::error;
}

Case case_of_client(const Rollout& rollout, const History& history, std::uint32_t c,
                    Outputs& outputs) {
  const ClientCourse course = course_of(rollout, history, c);
  Case one;
  one.name = rollout.schedule().clients.name(c);
  one.verdict = verdict_of(rollout.client(c).state);
  one.state = spoken(name_of(rollout.client(c).state));
  one.reason = reason_of(rollout, history, c);
  one.started = course.started;
  one.ended = course.ended;
  if (went_wrong(one.verdict)) one.output = outputs.of(history.clients[c]);
  return one;
}

Case case_of_site(const Rollout& rollout, const History& history, std::uint32_t s,
                  Outputs& outputs) {
  const SiteRecord& site = rollout.site(s);
  const std::vector<AttemptHistory>& made = history.sites[s];
  Case one;
  one.name = rollout.schedule().sites[s].plan.name;
  one.verdict = verdict_of(site);
  one.state = spoken(name_of(site.phase));
  one.reason = site.note;
  if (!made.empty()) {
    one.started = made.front().begun;
    one.ended = made.back().ended;
  }
  if (went_wrong(one.verdict)) one.output = outputs.of(made);
  return one;
}

std::vector<Suite> suites_of(const Rollout& rollout, const History& history, Outputs outputs) {
  const Schedule& schedule = rollout.schedule();
  std::vector<Suite> suites;
  for (const ScheduledGroup& group : schedule.groups)
    suites.emplace_back(group.plan.name, rollout.id());
  Suite others("no group", rollout.id());
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    const std::uint32_t group = rollout.owner_group(c);
    (group == kNone ? others : suites[group]).add(case_of_client(rollout, history, c, outputs));
  }
  if (others.count() > 0) suites.push_back(std::move(others));
  Suite sites("site steps", rollout.id());
  for (std::uint32_t s = 0; s < schedule.sites.size(); ++s)
    sites.add(case_of_site(rollout, history, s, outputs));
  if (sites.count() > 0) suites.push_back(std::move(sites));
  return suites;
}

}  // namespace

std::string junit_report(const Rollout& rollout, std::span<const JournaledEvent> events,
                         const OutputLookup& outputs, std::size_t output_limit) {
  const History history = fold_history(rollout.schedule(), events);
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  std::string suites;
  std::size_t number = 0;
  for (const Suite& suite : suites_of(rollout, history, Outputs(outputs, output_limit))) {
    tests += suite.count();
    failures += suite.count(Verdict::failure);
    errors += suite.count(Verdict::error);
    skipped += suite.count(Verdict::skipped);
    suites += suite.text(number++, history.begin);
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" + visible(rollout.id()) +
         "\" tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
         "\" errors=\"" + std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) +
         "\" time=\"" + seconds(history.end - history.begin) + "\">\n" + suites + "</testsuites>\n";
}

}  // namespace sitewide
