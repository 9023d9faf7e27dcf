// The pieces of a diagnostic in full: colours, the gutter with its line numbers, lines with carets
// below. Pure, but for FileLines, which reads a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/plan.h"

namespace sitewide {

struct SourceFile;

/// Colours by ANSI sequences, or none.
class Paint {
 public:
  explicit Paint(bool colour) : colour_(colour) {}
  std::string error(std::string_view text) const { return wrap("\033[1;31m", text); }
  std::string warning(std::string_view text) const { return wrap("\033[1;33m", text); }
  std::string strong(std::string_view text) const { return wrap("\033[1m", text); }
  std::string faint(std::string_view text) const { return wrap("\033[1;34m", text); }

 private:
  std::string wrap(std::string_view on, std::string_view text) const;
  bool colour_;
};

/// The text of a file by lines.
struct FileLines {
  bool loaded = false;
  std::string text;
  std::vector<std::size_t> begins;

  void load(const SourceFile& file);
  /// Counted from 1; empty past the end. Without its line end.
  std::string_view line(std::uint32_t number) const;
};

/// A stretch of a line to point at.
struct Mark {
  Place place;
  std::string_view line;
  std::string label;
  bool primary = true;
};

/// Lays out what stands right of the line numbers, which are as wide as the widest needs.
class Gutter {
 public:
  Gutter(const std::vector<Mark>& marks, const std::optional<Mark>& elsewhere, Paint paint);

  /// ` --> plan.yaml:7:5`
  std::string arrow(std::string_view sign, std::string_view spot) const;
  /// The lines of the marks, in order, with carets; lines between them are left out.
  std::string snippet(std::vector<Mark> marks) const;
  std::string help(std::string_view text) const;

 private:
  std::string margin(std::string_view number) const;
  std::string caret_line(const Mark& mark) const;

  std::size_t width_;
  Paint paint_;
};

}  // namespace sitewide
