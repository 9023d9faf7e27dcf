#include "orchestrator/notify/marks.h"

#include <charconv>
#include <string>

#include "orchestrator/base/text.h"
#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace {

constexpr std::string_view kHead = "sitewide notified 1";
constexpr std::size_t kMostBytes = 64 * 1024;

bool read_number(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0;
}

// A head, then a number a receiver, each on its line.
bool read_marks(std::string_view text, std::vector<std::int64_t>& told) {
  const auto lines = split(text, '\n');
  if (lines.size() != told.size() + 2 || lines.front() != kHead || !lines.back().empty())
    return false;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (!read_number(lines[i + 1], told[i])) return false;
  }
  return true;
}

}  // namespace

Marks::Marks(std::filesystem::path file, std::size_t targets)
    : file_(std::move(file)), told_(targets, 0) {
  const auto text = read_file(ErrorKind::io, file_, kMostBytes);
  if (!text || !*text) return;
  std::vector<std::int64_t> read(targets, 0);
  if (read_marks(**text, read)) told_ = std::move(read);
}

Result<> Marks::set(std::size_t target, std::int64_t seq) {
  told_[target] = seq;
  std::string text = std::string(kHead) + "\n";
  for (const std::int64_t each : told_) text += std::to_string(each) + "\n";
  const auto written =
      write_file(ErrorKind::io, file_, file_.string() + ".new", text, Existing::replace);
  if (!written) return written.error();
  return {};
}

}  // namespace sitewide
