#include "orchestrator/views/report_clients.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <numeric>

#include "orchestrator/base/text.h"
#include "orchestrator/views/client_course.h"
#include "orchestrator/views/json_text.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

namespace json = boost::json;

constexpr std::size_t kOutputBytesMax = 8 * 1024 * 1024;
constexpr std::size_t kNamesShown = 40;
constexpr std::uint32_t kPlainClientsMax = 1000;

std::string html(std::string_view text) { return html_escaped(escaped(text)); }

// What a person should look at first.
int urgency(ClientState state) {
  switch (state) {
    case ClientState::needs_hands:
      return 0;
    case ClientState::lost:
      return 1;
    case ClientState::failed:
      return 2;
    case ClientState::in_doubt:
      return 3;
    case ClientState::restoring:
      return 4;
    case ClientState::restored:
      return 5;
    case ClientState::late:
      return 6;
    case ClientState::triggered:
    case ClientState::converging:
    case ClientState::inspecting:
    case ClientState::backing_up:
      return 7;
    case ClientState::waiting:
      return 8;
    case ClientState::skipped:
      return 9;
    case ClientState::upgraded:
    case ClientState::already_current:
      return 10;
  }
  return 10;
}

std::vector<std::uint32_t> by_urgency(const Rollout& rollout) {
  std::vector<std::uint32_t> order(rollout.schedule().clients.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return urgency(rollout.client(a).state) < urgency(rollout.client(b).state);
  });
  return order;
}

// Equal reasons are stored once.
class Reasons {
 public:
  std::size_t number(const std::string& reason) {
    const auto [place, fresh] = numbers_.try_emplace(reason, list_.size());
    if (fresh) list_.push_back(json_string(escaped(reason, 400)));
    return place->second;
  }
  json::array take() { return std::move(list_); }

 private:
  std::map<std::string, std::size_t> numbers_;
  json::array list_;
};

constexpr std::size_t kOpenAttempt = 6, kInDoubt = 7, kRecovered = 8, kGivenUp = 9;

std::size_t outcome_number(const AttemptHistory& attempt, bool is_open) {
  if (!attempt.ended) return !is_open ? kGivenUp : attempt.was_in_doubt ? kInDoubt : kOpenAttempt;
  return attempt.recovered ? kRecovered : static_cast<std::size_t>(attempt.outcome);
}

json::array outcome_words() {
  json::array words;
  for (std::size_t i = 0; i < kOpenAttempt; ++i)
    words.emplace_back(spoken(name_of(static_cast<OutcomeKind>(i))));
  words.emplace_back("under way");
  words.emplace_back("in doubt");
  words.emplace_back("ok (recovered)");
  words.emplace_back("ended by a rollback");
  return words;
}

json::array words_of_states() {
  json::array states;
  for (int i = 0; i < kClientStates; ++i) {
    const auto state = static_cast<ClientState>(i);
    states.push_back(
        json::array{spoken(name_of(state)), glyph(state, Charset::utf8), tone_of(state)});
  }
  return states;
}

json::array words_of_steps() {
  json::array steps;
  for (int i = 0; i <= static_cast<int>(Step::recheck); ++i) {
    steps.emplace_back(spoken(name_of(static_cast<Step>(i))));
  }
  return steps;
}

}  // namespace

std::string_view tone_of(ClientState state) {
  switch (state) {
    case ClientState::upgraded:
    case ClientState::already_current:
      return "good";
    case ClientState::failed:
    case ClientState::lost:
    case ClientState::needs_hands:
      return "bad";
    case ClientState::late:
    case ClientState::in_doubt:
    case ClientState::restoring:
    case ClientState::restored:
      return "warn";
    case ClientState::inspecting:
    case ClientState::backing_up:
    case ClientState::triggered:
    case ClientState::converging:
      return "busy";
    case ClientState::waiting:
    case ClientState::skipped:
      break;
  }
  return "";
}

std::string output_excerpt(const Output& output, std::size_t limit) {
  std::string all = output.head + output.tail;
  const std::uint64_t unseen =
      output.total_bytes > all.size() ? output.total_bytes - all.size() : 0;
  std::string first = all;
  std::string last;
  std::uint64_t left_out = unseen;
  if (all.size() > limit) {  // the end says more than the beginning
    first = all.substr(0, limit / 4);
    last = all.substr(all.size() - (limit - limit / 4));
    left_out += all.size() - limit;
  } else if (unseen > 0) {
    first = output.head;
    last = output.tail;
  }
  const auto lines = [](const std::string& text) {
    std::string result;
    for (std::string_view line : split(text, '\n')) {
      if (line.ends_with('\r')) line.remove_suffix(1);
      result += (result.empty() ? "" : "\n") + escaped(line);
    }
    return result;
  };
  if (left_out == 0) return lines(first);
  return lines(first) + "\n… " + count_of(left_out, "byte") + " left out …\n" + lines(last);
}

std::string client_data(const Rollout& rollout, const History& history, const OutputLookup& outputs,
                        std::size_t output_limit) {
  const Schedule& schedule = rollout.schedule();
  Reasons reasons;
  reasons.number("");
  std::size_t output_bytes = 0;
  const auto attempt_row = [&](const AttemptHistory& attempt, bool is_open) {
    json::array row{static_cast<std::uint64_t>(attempt.step),
                    attempt.attempt,
                    static_cast<std::uint64_t>(outcome_number(attempt, is_open)),
                    (attempt.begun - history.begin).count(),
                    attempt.ended ? (*attempt.ended - attempt.begun).count() : -1,
                    reasons.number(attempt.reason),
                    attempt.exit_code};
    if (!outputs || attempt.seq == 0 || output_bytes >= kOutputBytesMax) return row;
    if (const auto output = outputs(attempt.seq); output && output->total_bytes > 0) {
      const std::string excerpt = output_excerpt(*output, output_limit);
      output_bytes += excerpt.size();
      row.push_back(json_string(excerpt));
    }
    return row;
  };
  json::array clients;
  for (const std::uint32_t c : by_urgency(rollout)) {
    const std::uint32_t group = schedule.lanes[schedule.owner_lane(c)].group;
    json::array attempts;
    const std::vector<AttemptHistory>& made = history.clients[c];
    for (const AttemptHistory& attempt : made) {
      attempts.push_back(attempt_row(attempt, rollout.client(c).open && &attempt == &made.back()));
    }
    clients.push_back(
        json::array{json_string(escaped(schedule.clients.name(c))),
                    group == kNone ? std::int64_t{-1} : std::int64_t{group},
                    schedule.wave_of(c) + 1, static_cast<std::uint64_t>(rollout.client(c).state),
                    reasons.number(reason_of(rollout, history, c)), std::move(attempts)});
  }
  json::object data;
  data["begin"] = history.begin.time_since_epoch().count();
  json::array groups;
  for (const ScheduledGroup& group : schedule.groups)
    groups.push_back(json_string(escaped(group.plan.name)));
  data["groups"] = std::move(groups);
  data["states"] = words_of_states();
  data["steps"] = words_of_steps();
  data["outcomes"] = outcome_words();
  data["reasons"] = reasons.take();
  data["clients"] = std::move(clients);
  return json_text(data, true);
}

std::string failure_table(const Rollout& rollout, const History& history) {
  std::map<std::pair<int, std::string>, std::vector<std::uint32_t>> causes;
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    const int urgent = urgency(rollout.client(c).state);
    if (urgent <= urgency(ClientState::late))
      causes[{urgent, reason_of(rollout, history, c)}].push_back(c);
  }
  if (causes.empty()) return "<p>No client failed, is late or in doubt.</p>\n";
  std::string text =
      "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">state</th><th scope=\"col\" "
      "class=\"number\">clients</th>"
      "<th scope=\"col\">reason</th><th scope=\"col\">which</th></tr></thead><tbody>\n";
  for (const auto& [cause, clients] : causes) {
    const ClientState state = rollout.client(clients.front()).state;
    text += "<tr><td class=\"state " + std::string(tone_of(state)) + "\">" +
            std::string(glyph(state, Charset::utf8)) + " " + spoken(name_of(state)) +
            "</td><td class=\"number\">" + with_separators(clients.size()) + "</td><td>" +
            html(cause.second.empty() ? "no reason was given" : cause.second) +
            "</td><td class=\"mono\">";
    for (std::size_t i = 0; i < std::min(clients.size(), kNamesShown); ++i) {
      text += (i == 0 ? "" : " ") + html(rollout.schedule().clients.name(clients[i]));
    }
    if (clients.size() > kNamesShown)
      text += " and " + with_separators(clients.size() - kNamesShown) + " more";
    text += "</td></tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string plain_client_table(const Rollout& rollout, const History& history) {
  const Schedule& schedule = rollout.schedule();
  std::string text =
      "<table><thead><tr><th scope=\"col\">client</th><th scope=\"col\">group</th><th "
      "scope=\"col\">state</th>"
      "<th scope=\"col\">reason</th></tr></thead><tbody>\n";
  const std::vector<std::uint32_t> order = by_urgency(rollout);
  for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), kPlainClientsMax); ++i) {
    const std::uint32_t c = order[i];
    const std::uint32_t group = schedule.lanes[schedule.owner_lane(c)].group;
    const ClientState state = rollout.client(c).state;
    text += "<tr><th scope=\"row\">" + html(schedule.clients.name(c)) + "</th><td>" +
            (group == kNone ? "" : html(schedule.groups[group].plan.name)) + "</td><td>" +
            std::string(glyph(state, Charset::utf8)) + " " + spoken(name_of(state)) + "</td><td>" +
            html(reason_of(rollout, history, c)) + "</td></tr>\n";
  }
  text += "</tbody></table>\n";
  if (order.size() <= kPlainClientsMax) return text;
  return text + "<p>" + with_separators(order.size() - kPlainClientsMax) +
         " more clients, none of them in greater need, are shown by the page's script.</p>\n";
}

}  // namespace sitewide
