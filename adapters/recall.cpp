#include "adapters/recall.h"

#include <utility>

namespace sitewide {
namespace {

constexpr std::size_t kMost = 65536;
constexpr Duration kGoodFor = std::chrono::hours(1);

}  // namespace

std::optional<std::string> Recall::said(const std::string& key, std::string_view found,
                                        Timestamp now) const {
  const std::lock_guard lock(mutex_);
  const auto known = said_.find(key);
  if (known == said_.end() || known->second.found != found) return std::nullopt;
  if (now < known->second.at || now - known->second.at >= kGoodFor) return std::nullopt;
  return known->second.words;
}

void Recall::keep(const std::string& key, std::string found, std::string words, Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (said_.size() >= kMost && !said_.contains(key)) said_.clear();
  said_[key] = Said{std::move(found), std::move(words), now};
}

void Recall::forget(const std::string& key) {
  const std::lock_guard lock(mutex_);
  said_.erase(key);
}

}  // namespace sitewide
