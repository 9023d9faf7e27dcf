#include "orchestrator/views/live_region.h"

#include <algorithm>
#include <tuple>
#include <utility>

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
constexpr std::string_view kEraseRight = "\x1b[K";
constexpr std::string_view kTakeWhole = "\x1b[?1049h";
constexpr std::string_view kWholeBlank = "\x1b[H\x1b[2J";
constexpr std::string_view kGiveWholeBack = "\x1b[?1049l";
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
LiveRegion::Painted LiveRegion::render(const Line& line, std::size_t columns) const {
  const bool ascii = screen_.charset == Charset::ascii;
  Line shown = line;
  if (ascii) {
    for (Span& span : shown) span.text = ascii_text(span.text);
  }
  const std::size_t width = cells_of(shown);
  const bool cut = columns > 0 && width > columns;
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
  return {std::move(text), cut ? columns - left : width};
}

// Back to the first line of the region. A window made narrower has broken its lines in pieces.
std::string LiveRegion::rise(const ScreenSize& size) const {
  std::size_t rows = 0;
  for (const Painted& line : painted_)
    rows += std::max<std::size_t>(1, (line.width + size.columns - 1) / size.columns);
  rows = std::min(rows, size.rows - 1);
  return rows > 0 ? "\x1b[" + std::to_string(rows) + "A" : std::string();
}

std::string LiveRegion::afresh(const std::vector<Painted>& lines, const ScreenSize& size) {
  std::string frame;
  if (extent_ == Extent::whole) {
    frame += kWholeBlank;
  } else if (!painted_.empty()) {
    frame.append(rise(size)).append(kEraseBelow);
  }
  if (extent_ == Extent::below && !waiting_.empty()) {
    frame += kWrapOn;
    for (const Line& line : waiting_) frame.append(render(line, 0).text).append(kNewLine);
    frame += kWrapOff;
  }
  for (const Painted& line : lines) frame.append(line.text).append(kNewLine);
  return frame;
}

// Only the lines that differ; nothing when all stand there already.
std::string LiveRegion::changes(const std::vector<Painted>& lines, const ScreenSize& size) const {
  if (lines == painted_) return {};
  std::string frame = rise(size);
  std::size_t skipped = 0;
  const auto skip = [&] {
    if (skipped > 0) frame += "\x1b[" + std::to_string(skipped) + "B";
    skipped = 0;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] == painted_[i]) {
      ++skipped;
      continue;
    }
    skip();
    frame += lines[i].text;
    // After the last column the cursor stands on it, and would erase it.
    if (lines[i].width < size.columns) frame += kEraseRight;
    frame += kNewLine;
  }
  skip();
  return frame;
}

std::string LiveRegion::change_extent(Extent extent) {
  if (extent == extent_) return {};
  extent_ = extent;
  if (extent == Extent::whole) {
    beneath_ = std::exchange(painted_, {});
    return std::string(kTakeWhole);
  }
  painted_ = std::exchange(beneath_, {});
  trusted_ = false;
  return std::string(kGiveWholeBack);
}

bool LiveRegion::paint(const std::vector<Line>& lines, Extent extent) {
  last_ = lines;
  fresh_ = false;
  ScreenSize size = size_();
  size.columns = std::max<std::size_t>(size.columns, 1);
  size.rows = std::max<std::size_t>(size.rows, 2);
  std::vector<Painted> texts;
  for (std::size_t i = 0; i < std::min(lines.size(), size.rows - 1); ++i)
    texts.push_back(render(lines[i], size.columns));
  const auto before = std::tuple(painted_, beneath_, extent_, trusted_);
  std::string frame = change_extent(extent);
  const bool waits = extent == Extent::below && !waiting_.empty();
  const bool same_ground = frame.empty() && active_ && trusted_ && !waits &&
                           size == painted_size_ && texts.size() == painted_.size();
  frame += same_ground ? changes(texts, size) : afresh(texts, size);
  if (!frame.empty()) {
    frame.insert(0, kBeginFrame);
    if (!active_) frame.insert(0, std::string(kHideCursor).append(kWrapOff));
    frame += kEndFrame;
    if (!sink_.write(frame)) {
      std::tie(painted_, beneath_, extent_, trusted_) = before;
      return false;
    }
  }
  if (extent == Extent::below) waiting_.clear();
  painted_ = std::move(texts);
  painted_size_ = size;
  active_ = fresh_ = trusted_ = true;
  return true;
}

void LiveRegion::close() {
  if (!active_ && waiting_.empty()) return;
  sink_.drain(kPatience);
  if (extent_ == Extent::whole) last_.clear();
  if (!waiting_.empty() || !fresh_ || extent_ == Extent::whole) paint(std::vector<Line>(last_));
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
