#include "orchestrator/views/help_pane.h"

#include <algorithm>
#include <utility>

#include "orchestrator/views/cells.h"
#include "orchestrator/views/wording.h"

namespace sitewide {
namespace {

std::size_t page_of(const ScreenSize& size) { return size.rows > 3 ? size.rows - 2 : 1; }

std::vector<Line> all_lines(const LiveView& view, std::size_t columns) {
  const Charset charset = view.options.screen.charset;
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"p", "pause: nothing new starts, what runs is finished"},
      {"c", "continue after a pause or a halt"},
      {"a", "approve what the rollout waits for; asks first"},
      {"f", "failures: every client that failed, is lost, late or in doubt, by reason"},
      {"/", "find a client: its state, what it waits for, its attempts and output"},
      {"q", view.options.leave.empty() ? "leave" : view.options.leave},
      {"ctrl-l", "paint the screen anew"},
      {"ctrl-z", "stop the view for a while, `fg` brings it back; the rollout goes on"}};
  std::vector<Line> lines{{{"keys", Style::bold}}};
  for (const auto& [key, meaning] : keys) {
    std::string head = key;
    for (const std::string& piece : wrapped(meaning, columns > 20 ? columns - 10 : 10, 4)) {
      lines.push_back({{"  " + fitted(head, 8), Style::bold}, {piece, Style::plain}});
      head.clear();
    }
  }
  const auto remark = [&](const std::string& text) {
    for (const std::string& piece : wrapped(text, columns, 4))
      lines.push_back({{piece, Style::dim}});
  };
  if (!view.options.hint.empty()) remark(view.options.hint);
  remark(
      "orders from here are journaled with your name, as those of `sitewide pause`, `continue`, "
      "`approve`");
  lines.push_back({{"marks of clients", Style::bold}});
  Line row;
  for (int i = 0; i < kClientStates; ++i) {
    const auto state = static_cast<ClientState>(i);
    row.push_back(
        {"  " + std::string(glyph(state, charset)) + " " + fitted(spoken(name_of(state)), 15),
         Style::plain});
    if (row.size() < std::max<std::size_t>(columns / 20, 1) && i + 1 < kClientStates) continue;
    lines.push_back(std::exchange(row, {}));
  }
  const bool utf8 = charset == Charset::utf8;
  lines.push_back({{"bars", Style::bold}});
  lines.push_back({{utf8 ? "  █" : "  #", Style::good},
                   {" on target  ", Style::plain},
                   {utf8 ? "▓" : "x", Style::bad},
                   {" ended otherwise  ", Style::plain},
                   {utf8 ? "▒" : ">", Style::busy},
                   {" under way  ", Style::plain},
                   {utf8 ? "░" : ".", Style::dim},
                   {" to come", Style::plain}});
  remark(
      "times after ~ are a forecast: from how long things took so far, with waves, soaks and "
      "windows");
  return lines;
}

}  // namespace

bool HelpPane::press(const Key& key, const LiveView&, const ScreenSize& size) {
  return scroll_.press(key, page_of(size));  // any other key closes it
}

std::vector<Line> HelpPane::lines(const LiveView& view, const ScreenSize& size) {
  std::vector<Line> all = all_lines(view, size.columns);
  const std::size_t page = page_of(size);
  const std::size_t first = scroll_.first(all.size(), page);
  const std::size_t last = std::min(all.size(), first + page);
  std::vector<Line> lines(all.begin() + static_cast<std::ptrdiff_t>(first),
                          all.begin() + static_cast<std::ptrdiff_t>(last));
  const bool more = all.size() > page;
  lines.push_back(
      {{more ? "arrows scroll, any other key goes back" : "any key goes back", Style::dim}});
  return lines;
}

}  // namespace sitewide
