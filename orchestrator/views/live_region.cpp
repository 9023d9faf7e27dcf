#include "orchestrator/views/live_region.h"

#include <algorithm>

#include "orchestrator/views/cells.h"

namespace sitewide {
namespace {

constexpr std::string_view kHideCursor = "\x1b[?25l";
constexpr std::string_view kShowCursor = "\x1b[?25h";
constexpr std::string_view kWrapOff = "\x1b[?7l";
constexpr std::string_view kWrapOn = "\x1b[?7h";
constexpr std::string_view kBeginFrame = "\x1b[?2026h";  // terminals that do not know it ignore it
constexpr std::string_view kEndFrame = "\x1b[?2026l";
constexpr std::string_view kEraseBelow = "\r\x1b[J";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::string_view kNewLine = "\r\n";

// Finished lines kept for a terminal that takes nothing; the journal has them all.
constexpr std::size_t kWaitingMax = 10'000;
constexpr Duration kPatience = std::chrono::seconds(1);

std::string_view code(Style style) {
  switch (style) {
    case Style::plain:
      return {};
    case Style::dim:
      return "\x1b[2m";
    case Style::bold:
      return "\x1b[1m";
    case Style::good:
      return "\x1b[32m";
    case Style::busy:
      return "\x1b[36m";
    case Style::warn:
      return "\x1b[33m";
    case Style::bad:
      return "\x1b[31m";
  }
  return {};
}

}  // namespace

std::size_t cells_of(const Line& line) {
  std::size_t cells = 0;
  for (const Span& span : line) cells += cells_of(span.text);
  return cells;
}

LiveRegion::LiveRegion(Sink& sink, Screen screen, std::function<ScreenSize()> size)
    : sink_(sink), screen_(screen), size_(std::move(size)) {}

LiveRegion::~LiveRegion() { close(); }

void LiveRegion::scroll(Line line) {
  if (waiting_.size() == kWaitingMax) waiting_.pop_front();
  waiting_.push_back(std::move(line));
}

// The text of a line; `columns` of 0: not cut.
std::string LiveRegion::render(const Line& line, std::size_t columns) const {
  const bool ascii = screen_.charset == Charset::ascii;
  Line shown = line;
  if (ascii) {
    for (Span& span : shown) span.text = ascii_text(span.text);
  }
  const bool cut = columns > 0 && cells_of(shown) > columns;
  std::size_t left = cut ? columns - 1 : SIZE_MAX;  // the last cell says that there was more
  std::string text;
  for (const Span& span : shown) {
    const std::string_view piece = cut ? fitting(span.text, left) : std::string_view(span.text);
    left -= cut ? cells_of(piece) : 0;
    const bool painted = screen_.colour && !piece.empty();
    const std::string_view style = painted ? code(span.style) : std::string_view();
    text.append(style).append(piece);
    if (!style.empty()) text += kPlain;
    if (piece.size() < span.text.size()) break;
  }
  if (cut) text += ascii ? "~" : "…";
  return text;
}

// Back to the first line of the region, erasing it. A window made narrower has broken its lines in
// pieces.
std::string LiveRegion::rise(const ScreenSize& size) const {
  if (painted_.empty()) return {};
  std::size_t rows = 0;
  for (const std::size_t width : painted_)
    rows += std::max<std::size_t>(1, (width + size.columns - 1) / size.columns);
  rows = std::min(rows, size.rows - 1);
  std::string text;
  if (rows > 0) text = "\x1b[" + std::to_string(rows) + "A";
  text += kEraseBelow;
  return text;
}

bool LiveRegion::paint(const std::vector<Line>& lines) {
  last_ = lines;
  fresh_ = false;
  ScreenSize size = size_();
  size.columns = std::max<std::size_t>(size.columns, 1);
  size.rows = std::max<std::size_t>(size.rows, 2);
  std::string frame;
  if (!active_) frame += kHideCursor;
  frame += kBeginFrame;
  frame += rise(size);
  frame += kWrapOn;
  for (const Line& line : waiting_) frame.append(render(line, 0)).append(kNewLine);
  frame += kWrapOff;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < std::min(lines.size(), size.rows - 1); ++i) {
    frame.append(render(lines[i], size.columns)).append(kNewLine);
    widths.push_back(std::min(cells_of(lines[i]), size.columns));
  }
  frame += kEndFrame;
  if (!sink_.write(frame)) return false;
  waiting_.clear();
  painted_ = std::move(widths);
  active_ = true;
  fresh_ = true;
  return true;
}

void LiveRegion::close() {
  if (!active_ && waiting_.empty()) return;
  sink_.drain(kPatience);
  if (!waiting_.empty() || !fresh_) paint(std::vector<Line>(last_));
  std::string end;
  end.append(kWrapOn).append(kShowCursor);
  if (!sink_.write(end)) {
    sink_.drain(kPatience);
    (void)sink_.write(end);
  }
  sink_.drain(kPatience);
  active_ = false;
  painted_.clear();
  last_.clear();
}

}  // namespace sitewide
