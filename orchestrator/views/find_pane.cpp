#include "orchestrator/views/find_pane.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/core/why.h"
#include "orchestrator/views/cells.h"
#include "orchestrator/views/typed.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

constexpr std::size_t kWantedMax = 100;
constexpr std::size_t kNameWidth = 24;
constexpr std::size_t kDetailsLeast = 8;

// How many clients are listed: the rest of the screen says more about one of them.
std::size_t list_rows(const ScreenSize& size) {
  const std::size_t rows = size.rows - 1;
  return rows > kDetailsLeast + 4 ? std::min<std::size_t>((rows - kDetailsLeast) / 2, 10) : 2;
}

// `inspect 1, back up 1, upgrade 3; upgrade ended last: failed, exit code 41`.
std::string attempts_of(const Rollout& rollout, const Activity::Last& last, std::uint32_t client) {
  std::string text;
  const auto& attempts = rollout.client(client).attempts;
  const std::size_t first = static_cast<std::size_t>(Step::inspect);
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (attempts[i] == 0) continue;
    text += (text.empty() ? "" : ", ") + spoken(name_of(static_cast<Step>(first + i))) + " " +
            std::to_string(attempts[i]);
  }
  if (text.empty()) return "none yet";
  if (last.seq == 0) return text;
  text += "; " + spoken(name_of(last.step)) + " ended last: " + spoken(name_of(last.outcome));
  if (last.exit_code > 0) text += ", exit code " + std::to_string(last.exit_code);
  return text;
}

std::vector<std::string> lines_of(const std::string& output) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(output, '\n')) {
    std::string_view shown = line;
    if (shown.ends_with('\r')) shown.remove_suffix(1);
    if (!trim(shown).empty()) lines.push_back(escaped(shown, 400));
  }
  return lines;
}

}  // namespace

void FindPane::look(const Schedule& schedule) {
  if (looked_) return;
  looked_ = true;
  found_.clear();
  chosen_ = 0;
  const std::string wanted = to_lower(wanted_);
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    const std::string_view name = schedule.clients.name(c);
    if (!wanted.empty() && to_lower(name).find(wanted) == std::string::npos) continue;
    found_.push_back(c);
    if (name.size() == wanted.size())  // it is the one that is meant
      std::rotate(found_.begin(), found_.end() - 1, found_.end());
  }
}

bool FindPane::press(const Key& key, const LiveView& view, const ScreenSize& size) {
  if (key.kind == Key::Kind::escape) return false;
  if (type(wanted_, key, kWantedMax)) {
    looked_ = false;
    return true;
  }
  look(view.rollout.schedule());
  const std::size_t page = list_rows(size);
  const std::size_t last = found_.empty() ? 0 : found_.size() - 1;
  if (key.kind == Key::Kind::up) chosen_ -= std::min<std::size_t>(chosen_, 1);
  if (key.kind == Key::Kind::down) chosen_ = std::min(chosen_ + 1, last);
  if (key.kind == Key::Kind::page_up) chosen_ -= std::min(chosen_, page);
  if (key.kind == Key::Kind::page_down) chosen_ = std::min(chosen_ + page, last);
  if (key.kind == Key::Kind::home) chosen_ = 0;
  if (key.kind == Key::Kind::end) chosen_ = last;
  return true;
}

std::vector<Line> FindPane::details(std::uint32_t client, const LiveView& view, std::size_t room,
                                    std::size_t columns) {
  const Rollout& rollout = view.rollout;
  const Activity::Last last = view.activity.last_of(client);
  if (last.seq != output_of_) {
    output_of_ = last.seq;
    output_ = last.seq > 0 && view.options.output ? lines_of(view.options.output(last.seq))
                                                  : std::vector<std::string>();
  }
  const std::size_t label = 10;
  std::vector<Line> lines;
  const auto add = [&](const std::string& name, const std::string& text, Style style) {
    std::string head = name;
    for (const std::string& part : wrapped(text, columns > label + 8 ? columns - label : 8, 4)) {
      lines.push_back({{fitted(head, label), Style::dim}, {part, style}});
      head.clear();
    }
  };
  const std::string stands = why(rollout, Subject::client(client), view.now);
  add("stands", stands, Style::plain);
  const std::string note = escaped(rollout.note(client), 400);
  if (stands.find(note) == std::string::npos) add("last said", note, Style::plain);
  add("attempts", attempts_of(rollout, last, client), Style::plain);
  if (output_.empty()) {
    add("output", last.seq > 0 ? "the last attempt printed nothing" : "none yet", Style::dim);
  }
  const std::size_t left = room > lines.size() ? room - lines.size() : 0;
  const std::size_t begin = output_.size() > left ? output_.size() - left : 0;
  for (std::size_t i = begin; i < output_.size(); ++i)
    lines.push_back(
        {{fitted(i == begin ? "output" : "", label), Style::dim}, {output_[i], Style::plain}});
  if (lines.size() > room) lines.resize(room);
  return lines;
}

std::vector<Line> FindPane::lines(const LiveView& view, const ScreenSize& size) {
  const Schedule& schedule = view.rollout.schedule();
  look(schedule);
  const Charset charset = view.options.screen.charset;
  const std::string dot = charset == Charset::utf8 ? " · " : " - ";
  const std::string_view ellipsis = charset == Charset::utf8 ? "…" : "~";
  const std::size_t rows = size.rows - 1;
  std::vector<Line> lines;
  lines.push_back(
      {{"find client: ", Style::bold},
       {escaped(wanted_), Style::bold},
       {"_", Style::dim},
       {"   " + with_separators(found_.size()) + (found_.size() == 1 ? " match" : " matches"),
        Style::dim}});
  const std::size_t page = std::min(list_rows(size), found_.size());
  const std::size_t first = chosen_ < page ? 0 : chosen_ - page + 1;
  const std::size_t width = std::min(kNameWidth, size.columns / 3);
  for (std::size_t i = first; i < first + page; ++i) {
    const std::uint32_t client = found_[i];
    const ClientState state = view.rollout.client(client).state;
    const ScheduledGroup& group = view.rollout.owner_plan(client);
    const Style style = i == chosen_ ? Style::bold : Style::plain;
    lines.push_back(
        {{i == chosen_ ? "> " : "  ", style},
         {std::string(glyph(state, charset)) + " ", style},
         {fitted(escaped(schedule.clients.name(client)), width, ellipsis) + "  ", style},
         {fitted(spoken(name_of(state)), 15, ellipsis) + "  ", style},
         {escaped(group.plan.name), Style::dim}});
  }
  if (!found_.empty()) {
    lines.push_back({{"", Style::plain}});
    const std::size_t used = lines.size() + 1;
    for (Line& line : details(found_[chosen_], view, rows > used ? rows - used : 0, size.columns))
      lines.push_back(std::move(line));
  }
  if (lines.size() + 1 > rows) lines.resize(rows > 1 ? rows - 1 : 1);
  lines.push_back(
      {{"type a part of the name" + dot + "arrows choose" + dot + "esc back", Style::dim}});
  return lines;
}

}  // namespace sitewide
