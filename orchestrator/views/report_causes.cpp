#include "orchestrator/views/report_causes.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "orchestrator/base/text.h"
#include "orchestrator/views/client_course.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/trouble.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kNamesShown = 40;
constexpr std::size_t kCausesShown = 50;
constexpr std::size_t kReasonLimit = 400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The reason without what is peculiar to one client.
std::string pattern_of(std::string reason, std::string_view client) {
  std::string pattern;
  for (const char c : nameless(std::move(reason), client)) {
    if (!is_digit(c)) {
      pattern += c;
    } else if (!pattern.ends_with('#')) {
      pattern += '#';
    }
  }
  return pattern;
}

// The last attempt that did not go well, or null.
const AttemptHistory* last_bad(const std::vector<AttemptHistory>& attempts) {
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
    if (attempt->ended && attempt->outcome != OutcomeKind::ok) return &*attempt;
  }
  return nullptr;
}

std::string states_of(const Rollout& rollout, const Reason& cause) {
  std::map<int, std::pair<ClientState, std::size_t>> counts;
  for (const std::uint32_t c : cause.clients) {
    const ClientState state = rollout.client(c).state;
    auto& entry = counts[urgency(state)];
    entry.first = state;
    ++entry.second;
  }
  std::string text;
  for (const auto& [order, entry] : counts) {
    text +=
        (text.empty() ? "" : ", ") + state_html(entry.first) + " " + with_separators(entry.second);
  }
  return text;
}

std::string title_of(const Rollout& rollout, const Reason& cause) {
  if (!cause.reason.empty()) return escaped(cause.reason, kReasonLimit);
  const bool put_back =
      std::all_of(cause.clients.begin(), cause.clients.end(), [&](std::uint32_t c) {
        const ClientState state = rollout.client(c).state;
        return state == ClientState::restored || state == ClientState::restoring;
      });
  return put_back ? "put back by a rollback, not for a failure of their own"
                  : "no reason was given";
}

// What the first client of the cause that printed something printed.
std::string printed(const Rollout& rollout, const History& history, const Reason& cause,
                    const OutputLookup& outputs, std::size_t limit) {
  if (!outputs) return {};
  constexpr std::size_t kLookups = 20;
  for (std::size_t i = 0; i < std::min(cause.clients.size(), kLookups); ++i) {
    const AttemptHistory* attempt = last_bad(history.clients[cause.clients[i]]);
    if (attempt == nullptr || attempt->seq == 0) continue;
    const auto output = outputs(attempt->seq);
    if (!output || output->total_bytes == 0) continue;
    const std::string exit =
        attempt->exit_code < 0 ? "" : ", exit " + std::to_string(attempt->exit_code);
    return "<figure><figcaption>Printed by " +
           html(rollout.schedule().clients.name(cause.clients[i])) + ", " +
           spoken(name_of(attempt->step)) + ", attempt " + std::to_string(attempt->attempt) + exit +
           "</figcaption><pre tabindex=\"0\">" + html_escaped(output_excerpt(*output, limit)) +
           "</pre></figure>\n";
  }
  return {};
}

}  // namespace

std::vector<Reason> causes_of(const Rollout& rollout, const History& history) {
  std::vector<Reason> causes;
  std::map<std::string, std::size_t> places;
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    if (!is_trouble(rollout.client(c).state)) continue;
    std::string reason = reason_of(rollout, history, c);
    const auto [place, fresh] =
        places.try_emplace(pattern_of(reason, rollout.schedule().clients.name(c)), causes.size());
    if (fresh) causes.push_back({std::move(reason), {}});
    causes[place->second].clients.push_back(c);
  }
  const auto worst = [&](const Reason& cause) {
    int least = urgency(ClientState::upgraded);
    for (const std::uint32_t c : cause.clients)
      least = std::min(least, urgency(rollout.client(c).state));
    return least;
  };
  std::stable_sort(causes.begin(), causes.end(), [&](const Reason& a, const Reason& b) {
    return std::tuple(a.reason.empty(), worst(a), b.clients.size()) <
           std::tuple(b.reason.empty(), worst(b), a.clients.size());
  });
  return causes;
}

std::string causes_html(const Rollout& rollout, const History& history,
                        const std::vector<Reason>& causes, const OutputLookup& outputs,
                        std::size_t output_limit) {
  if (causes.empty()) return "<p>No client failed, is late or in doubt.</p>\n";
  std::string text;
  for (std::size_t i = 0; i < std::min(causes.size(), kCausesShown); ++i) {
    const Reason& cause = causes[i];
    const std::string number = std::to_string(i + 1);
    text += "<article class=\"cause\" id=\"cause-" + number + "\">\n<h3>" + number + ". " +
            html(title_of(rollout, cause)) + "</h3>\n<p>" +
            count_of(cause.clients.size(), "client") + ": " + states_of(rollout, cause) +
            ". <a class=\"screen\" href=\"#filter=cause%3A" + number +
            "\">Show in the table</a></p>\n<p class=\"names\">";
    for (std::size_t n = 0; n < std::min(cause.clients.size(), kNamesShown); ++n)
      text += (n == 0 ? "" : " ") + client_link(rollout.schedule().clients.name(cause.clients[n]));
    if (cause.clients.size() > kNamesShown)
      text += " and " + with_separators(cause.clients.size() - kNamesShown) + " more";
    text += "</p>\n" + printed(rollout, history, cause, outputs, output_limit) + "</article>\n";
  }
  if (causes.size() > kCausesShown)
    text += "<p>" + with_separators(causes.size() - kCausesShown) +
            " more causes, of fewer clients or less urgent, are in the table of clients.</p>\n";
  return text;
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

}  // namespace sitewide
