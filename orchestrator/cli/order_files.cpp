#include "orchestrator/cli/order_files.h"

#include <spdlog/spdlog.h>

namespace sitewide {
namespace {

constexpr std::string_view kAccepted = "accepted";
constexpr std::string_view kRefused = "refused: ";

}  // namespace

std::vector<IncomingOrder> OrderFiles::pending() {
  std::vector<IncomingOrder> result;
  const auto waiting = orders_.pending();
  if (!waiting)
    return result;  // the folder cannot be read just now; the orders stay where they are
  for (const PendingOrder& file : *waiting) {
    auto order = decode_order(file.text);
    if (order) {
      result.push_back({file.id, std::move(*order)});
    } else {
      answer(file.id, false, order.error().message);
    }
  }
  return result;
}

void OrderFiles::answer(const std::string& id, bool accepted, const std::string& why) {
  const std::string text = accepted ? std::string(kAccepted) : std::string(kRefused) + why;
  if (const auto left = orders_.answer(id, text); !left)
    spdlog::warn("cannot answer order {}: {}", id, left.error().message);
  if (const auto gone = orders_.discard(id); !gone)
    spdlog::warn("cannot remove order {}: {}", id, gone.error().message);
}

std::optional<std::string> refusal_in(const std::string& answer) {
  if (!answer.starts_with(kRefused)) return std::nullopt;
  return answer.substr(kRefused.size());
}

}  // namespace sitewide
