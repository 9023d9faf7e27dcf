#include "plans/snippet.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/characters.h"
#include "plans/diagnostics.h"
#include "plans/read_file.h"

namespace sitewide {
namespace {

constexpr std::uint64_t kShownFileBytes = 1ULL << 30;
constexpr std::uint32_t kCharactersBefore = 100;  // of a long line, left of the caret
constexpr std::uint32_t kCharactersAfter = 120;

int width_of(std::string_view text) {
  int cells = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    cells += display_cells(next.value);
    text.remove_prefix(next.bytes);
  }
  return cells;
}

/// A line made safe to show, cut around the mark, and the line of blanks and carets that fits below
/// it.
struct Shown {
  std::string text;
  std::string carets;
};

Shown show(const Mark& mark) {
  Shown shown;
  const char sign = mark.primary ? '^' : '-';
  const std::uint32_t from =
      mark.place.column > kCharactersBefore ? mark.place.column - kCharactersBefore : 1;
  const std::uint32_t end = mark.place.column + std::max<std::uint32_t>(mark.place.length, 1);
  if (from > 1) {
    shown.text = "…";
    shown.carets = " ";
  }
  std::string_view rest = mark.line;
  std::uint32_t column = 1;
  for (; !rest.empty(); ++column) {
    const Character next = first_character(rest);
    const std::string_view bytes = rest.substr(0, next.bytes);
    rest.remove_prefix(next.bytes);
    if (column < from) continue;
    if (column > mark.place.column + kCharactersAfter) {
      shown.text += "…";
      break;
    }
    const bool is_tab = bytes == "\t";
    const std::string text = is_tab ? "\t" : escaped(bytes);
    shown.text += text;
    if (column < mark.place.column) {
      shown.carets += is_tab ? "\t" : std::string(static_cast<std::size_t>(width_of(text)), ' ');
    } else if (column < end) {
      shown.carets += std::string(static_cast<std::size_t>(is_tab ? 1 : width_of(text)), sign);
    }
  }
  // A place past the end of the line: what is missing stands there.
  if (column <= mark.place.column) shown.carets += sign;
  return shown;
}

}  // namespace

std::string Paint::wrap(std::string_view on, std::string_view text) const {
  if (!colour_) return std::string(text);
  return std::string(on) + std::string(text) + "\033[0m";
}

void FileLines::load(const SourceFile& file) {
  loaded = true;
  if (file.bytes) {
    text = *file.bytes;
  } else if (auto read = read_file(file.path, kShownFileBytes)) {
    text = std::move(*read);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  begins.push_back(0);
  for (std::size_t i = text.find('\n'); i != std::string::npos; i = text.find('\n', i + 1)) {
    begins.push_back(i + 1);
  }
}

std::string_view FileLines::line(std::uint32_t number) const {
  if (number == 0 || number > begins.size()) return {};
  const std::string_view rest = std::string_view(text).substr(begins[number - 1]);
  std::string_view line = rest.substr(0, rest.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Gutter::Gutter(const std::vector<Mark>& marks, const std::optional<Mark>& elsewhere, Paint paint)
    : width_(1), paint_(paint) {
  std::uint32_t last = elsewhere ? elsewhere->place.line : 0;
  for (const Mark& mark : marks) last = std::max(last, mark.place.line);
  width_ = std::to_string(last).size();
}

std::string Gutter::margin(std::string_view number) const {
  return paint_.faint(std::string(width_ - number.size(), ' ') + std::string(number) + " |");
}

std::string Gutter::arrow(std::string_view sign, std::string_view spot) const {
  return std::string(width_, ' ') + paint_.faint(sign) + " " + std::string(spot) + "\n";
}

std::string Gutter::caret_line(const Mark& mark) const {
  const std::string carets = show(mark).carets;
  const std::string text = mark.label.empty() ? carets : carets + " " + escaped(mark.label);
  return margin("") + " " + (mark.primary ? paint_.error(text) : paint_.faint(text)) + "\n";
}

std::string Gutter::snippet(std::vector<Mark> marks) const {
  std::stable_sort(marks.begin(), marks.end(),
                   [](const Mark& a, const Mark& b) { return a.place.line < b.place.line; });
  std::string text = margin("") + "\n";
  std::uint32_t shown = 0;
  for (const Mark& mark : marks) {
    if (shown != 0 && mark.place.line > shown + 1) text += paint_.faint("...") + "\n";
    if (mark.place.line != shown) {
      text += margin(std::to_string(mark.place.line)) + " " + show(mark).text + "\n";
    }
    text += caret_line(mark);
    shown = mark.place.line;
  }
  return text;
}

std::string Gutter::help(std::string_view text) const {
  return margin("") + "\n" + std::string(width_, ' ') + paint_.faint(" =") +
         " help: " + std::string(text) + "\n";
}

}  // namespace sitewide
