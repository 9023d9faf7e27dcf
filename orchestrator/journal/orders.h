// Orders: how another process tells a live controller something: one small file an order, durable
// and complete when it is visible; the controller journals the order, answers, and discards the
// file. Their text is opaque here. Calls block; from any thread or process that may write the
// folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/time.h"

namespace sitewide {

struct PendingOrder {
  std::string id;
  std::string text;
};

class Orders {
 public:
  /// The rollout's `orders/` folder; it must exist.
  explicit Orders(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Leaves an order and returns its id. Ids sort by `now`, then by the order of posting.
  Result<std::string> post(std::string_view text, Timestamp now) const;
  /// The orders that wait, by id. What is too large or unreadable shows as an order with an empty
  /// text, so that it can be answered and discarded.
  Result<std::vector<PendingOrder>> pending() const;
  /// Removes an order; one that is gone already is no error.
  Result<> discard(std::string_view id) const;

  /// For the controller: leaves the answer to an order, before it is discarded.
  Result<> answer(std::string_view id, std::string_view text) const;
  /// For whoever posted: the answer, or nothing yet.
  Result<std::optional<std::string>> answer_to(std::string_view id) const;
  /// For whoever posted, after reading it.
  Result<> discard_answer(std::string_view id) const;

 private:
  std::filesystem::path answers() const { return folder_ / "answers"; }

  std::filesystem::path folder_;
};

}  // namespace sitewide
