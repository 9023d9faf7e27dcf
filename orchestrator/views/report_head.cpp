#include "orchestrator/views/report_head.h"

#include <set>

#include "orchestrator/base/text.h"
#include "orchestrator/views/report_html.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

// A list of names and values; empty values are left out.
class FactList {
 public:
  void add(std::string_view name, std::string_view value) { add_html(name, html(value)); }
  void add_code(std::string_view name, std::string_view value) {
    if (!value.empty()) add_html(name, "<code>" + html(value) + "</code>");
  }
  void add_html(std::string_view name, const std::string& value) {
    if (!value.empty()) text_ += "<dt>" + html(name) + "</dt><dd>" + value + "</dd>\n";
  }
  std::string take() { return std::move(text_) + "</dl>\n"; }

 private:
  std::string text_ = "<dl class=\"facts\">\n";
};

std::string actor_text(const Actor& by) {
  std::string text = by.user.empty() ? "" : " by " + by.user;
  if (!by.host.empty()) text += " on " + by.host;
  return by.reason.empty() ? text : text + ": " + by.reason;
}

std::string digest_text(const Digest& digest) { return digest == Digest{} ? "" : digest.hex(); }

// Each version of the program that had a hand in it, once.
std::string versions(const History& history, const ReportFacts& facts) {
  std::set<std::string> seen;
  for (const JournaledEvent& event : history.controllers)
    seen.insert(std::get<ControllerStarted>(event.event).engine);
  seen.erase("");
  std::string text;
  for (const std::string& version : seen) text += (text.empty() ? "" : ", ") + version;
  if (!text.empty()) text = "run by sitewide " + text;
  if (facts.version.empty()) return text;
  return text + (text.empty() ? "" : "; ") + "reported by sitewide " + facts.version;
}

struct Card {
  std::string_view word;
  std::uint32_t count;
  std::string_view css, glyph;
  bool always;
};

}  // namespace

std::string verdict_html(const GroupFacts& group, const ReportFacts& facts) {
  const Summary& summary = group.summary;
  std::string text = "<div class=\"verdict " + std::string(tone_of(summary.state)) +
                     "\"><p><strong><span aria-hidden=\"true\">" +
                     std::string(glyph(summary.state, Charset::utf8)) + "</span> " +
                     html(describe_result(summary)) + ".</strong></p>\n";
  const std::string stands =
      group.rollout.ended() ? "" : why(group.rollout, Subject::rollout(), group.now, group.why);
  if (!stands.empty()) text += "<p>" + html(stands) + ".</p>\n";
  const std::string next = what_to_do(group.rollout, group.why);
  if (!next.empty() && stands.find(next) == stands.npos)
    text += "<p>What can be done: " + html(next) + ".</p>\n";
  if (facts.controlled) text += "<p>A controller drives it at present.</p>\n";
  return text + "</div>\n";
}

std::string header_facts_html(const GroupFacts& group, const ReportFacts& facts) {
  const Schedule& schedule = group.rollout.schedule();
  const History& history = group.history;
  FactList list;
  list.add("plan",
           schedule.name + (schedule.description.empty() ? "" : ": " + schedule.description));
  list.add("hotfix", schedule.hotfix.id);
  if (history.created) {
    list.add("created", html_time(history.created->at) +
                            actor_text(std::get<RolloutCreated>(history.created->event).by));
  }
  if (history.begin != Timestamp{}) {
    list.add(group.rollout.ended() ? "took" : "so far",
             describe_duration(history.end - history.begin) + ", until " + html_time(history.end));
  }
  if (facts.exit_code) {
    list.add("exit code", std::to_string(*facts.exit_code) +
                              (facts.exit_meaning.empty() ? "" : ": " + facts.exit_meaning));
  }
  list.add("version", versions(history, facts));
  return list.take();
}

std::string cards_html(const GroupFacts& group) {
  const Summary& summary = group.summary;
  const auto count = [&](ClientState state) { return summary.count(state); };
  const auto shown = [](ClientState state) { return glyph(state, Charset::utf8); };
  const std::uint32_t unsettled = summary.clients - summary.settled();
  const Card cards[] = {
      {"on target", summary.on_target(), "good", shown(ClientState::upgraded), true},
      {"failed", count(ClientState::failed) + count(ClientState::lost), "bad",
       shown(ClientState::failed), true},
      {"need hands", count(ClientState::needs_hands), "bad", shown(ClientState::needs_hands), true},
      {"restored", count(ClientState::restored), "warn", shown(ClientState::restored), true},
      {"late", count(ClientState::late), "warn", shown(ClientState::late), true},
      {"in doubt", count(ClientState::in_doubt), "warn", shown(ClientState::in_doubt), false},
      {"skipped", count(ClientState::skipped), "", shown(ClientState::skipped), false},
      {"not settled", unsettled, "busy", shown(ClientState::waiting), false},
  };
  std::string text = "<ul class=\"cards\">\n<li class=\"card\"><b>" +
                     with_separators(summary.clients) + "</b> clients</li>\n";
  for (const Card& card : cards) {
    if (card.count == 0 && !card.always) continue;
    text += "<li class=\"card " + std::string(card.count == 0 ? "none" : card.css) +
            "\"><b><span aria-hidden=\"true\">" + std::string(card.glyph) + "</span> " +
            with_separators(card.count) + "</b> " + std::string(card.word) + "</li>\n";
  }
  return text + "</ul>\n";
}

std::string record_html(const GroupFacts& group, const ReportFacts& facts, std::size_t events) {
  const Schedule& schedule = group.rollout.schedule();
  FactList list;
  list.add_code("plan file", schedule.plan_path);
  list.add_code("plan digest", digest_text(schedule.plan_digest));
  list.add_code("schedule digest", digest_text(schedule.digest));
  for (const PlannedFile& file : schedule.hotfix.files) {
    list.add_code("file", file.name + (file.platform.empty() ? "" : " (" + file.platform + ")") +
                              " sha256 " + file.digest.hex());
  }
  for (const JournaledEvent& event : group.history.controllers) {
    const auto& controller = std::get<ControllerStarted>(event.event);
    list.add("controller " + std::to_string(controller.fence),
             html_time(event.at) + (controller.host.empty() ? "" : ", host " + controller.host) +
                 ", process " + std::to_string(controller.pid) +
                 (controller.user.empty() ? "" : ", user " + controller.user) +
                 (controller.engine.empty() ? "" : ", sitewide " + controller.engine));
  }
  list.add("journal", count_of(events, "event"));
  list.add_code("chain head", digest_text(facts.chain_head));
  return list.take();
}

std::string plan_html(const Schedule& schedule, const ReportFacts& facts) {
  if (facts.plan_text.empty()) return {};
  std::string lines;
  for (std::string_view line : split(facts.plan_text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines += html(line) + "\n";
  }
  while (lines.ends_with("\n\n")) lines.pop_back();
  const std::string where = schedule.plan_path.empty() ? "the plan" : html(schedule.plan_path);
  return "<details><summary>" + where +
         ", as it was when the rollout was created</summary>\n"
         "<pre tabindex=\"0\">" +
         lines + "</pre></details>\n";
}

}  // namespace sitewide
