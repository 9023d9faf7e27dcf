#include "orchestrator/journal/orders.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "orchestrator/base/text.h"
#include "orchestrator/journal/durable_file.h"

namespace sitewide {
namespace fs = std::filesystem;
namespace {

constexpr auto kKind = ErrorKind::journal;
constexpr std::size_t kOrderBytes = 64 * 1024;

/// Milliseconds, a number of the millisecond, the process: what this program's own ids consist of.
std::string order_id(Timestamp now, int number) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%015lld-%04d-%ld",
                static_cast<long long>(now.time_since_epoch().count()), number,
                static_cast<long>(::getpid()));
  return text.data();
}

/// Ids become file names: digits and `-` only.
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("0123456789-") == std::string_view::npos;
}

Error not_an_id(std::string_view text) {
  return {ErrorKind::refused, std::string("`").append(escaped(text, 64)).append("` is no order")};
}

Result<> remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return file_error(kKind, "remove", path, errno);
  }
  return sync_folder(kKind, path.parent_path());
}

}  // namespace

Result<std::string> Orders::post(std::string_view text, Timestamp now) const {
  if (text.size() > kOrderBytes) return Error{ErrorKind::refused, "post an order that large"};
  for (int number = 0;; ++number) {
    const std::string id = order_id(now, number);
    const auto posted =
        write_file(kKind, folder_ / id, folder_ / temporary_name(), text, Existing::keep);
    if (!posted) return posted.error();
    if (*posted) return id;
  }
}

Result<std::vector<PendingOrder>> Orders::pending() const {
  std::vector<PendingOrder> orders;
  std::error_code failed;
  fs::directory_iterator entries(folder_, failed);
  for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
    const std::string id = entries->path().filename().string();
    std::error_code gone;
    const bool is_folder = fs::is_directory(entries->symlink_status(gone));
    if (!is_id(id) || is_folder) continue;
    auto text = read_file(kKind, entries->path(), kOrderBytes);
    if (text && !*text) continue;  // discarded meanwhile
    orders.push_back({id, text ? std::move(**text) : std::string()});
  }
  if (failed) return file_error(kKind, "list", folder_, failed.value());
  std::sort(orders.begin(), orders.end(),
            [](const PendingOrder& a, const PendingOrder& b) { return a.id < b.id; });
  return orders;
}

Result<> Orders::discard(std::string_view id) const {
  if (!is_id(id)) return not_an_id(id);
  return remove_file(folder_ / id);
}

Result<> Orders::answer(std::string_view id, std::string_view text) const {
  if (!is_id(id)) return not_an_id(id);
  if (auto made = make_folder(kKind, answers()); !made) return made.error();
  const auto written =
      write_file(kKind, answers() / id, answers() / temporary_name(), text, Existing::replace);
  if (!written) return written.error();
  return {};
}

Result<std::optional<std::string>> Orders::answer_to(std::string_view id) const {
  if (!is_id(id)) return not_an_id(id);
  return read_file(kKind, answers() / id, kOrderBytes);
}

Result<> Orders::discard_answer(std::string_view id) const {
  if (!is_id(id)) return not_an_id(id);
  return remove_file(answers() / id);
}

}  // namespace sitewide
