#include "plans/taken_names.h"

#include <algorithm>
#include <cstring>

#include "orchestrator/base/text.h"

namespace sitewide {

/// Equal for names that differ in case only.
std::uint64_t TakenNames::hash_of(std::string_view name) {
  constexpr std::uint64_t kLowerCase = 0x2020202020202020ULL;
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15ULL;
  std::uint64_t hash = name.size() * kFactor;
  while (!name.empty()) {
    const std::size_t length = std::min(name.size(), sizeof(std::uint64_t));
    std::uint64_t word = 0;
    std::memcpy(&word, name.data(), length);
    hash = (hash ^ (word | kLowerCase)) * kFactor;
    hash ^= hash >> 32;
    name.remove_prefix(length);
  }
  return hash * kFactor;
}

void TakenNames::note(std::uint32_t client) {
  const std::uint64_t hash = hash_of(clients_.name(client));
  __builtin_prefetch(&slots_[first_slot(hash)], 1);
  pending_[pending_count_++] = {hash, client};
  if (pending_count_ == kPending) settle();
}

void TakenNames::settle() {
  // At most two thirds full, so that a search ends after a step or two.
  if (3 * (used_ + kPending) > 2 * slots_.size()) resize(2 * slots_.size());
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < pending_count_; ++i) {
    const auto [hash, client] = pending_[i];
    const std::uint32_t tag = tag_of(hash);
    std::size_t at = first_slot(hash);
    for (; slots_[at].client != 0; at = (at + 1) & mask) {
      const std::uint32_t other = slots_[at].client - 1;
      if (slots_[at].tag != tag ||
          !equals_ignoring_case(clients_.name(other), clients_.name(client)))
        continue;
      twins_.emplace_back(other, client);
      break;
    }
    if (slots_[at].client != 0) continue;
    slots_[at] = {client + 1, tag};
    ++used_;
  }
  pending_count_ = 0;
}

std::optional<std::uint32_t> TakenNames::find(std::string_view name) {
  settle();
  const std::uint64_t hash = hash_of(name);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = first_slot(hash); slots_[at].client != 0; at = (at + 1) & mask) {
    const std::uint32_t client = slots_[at].client - 1;
    if (slots_[at].tag == tag_of(hash) && equals_ignoring_case(clients_.name(client), name))
      return client;
  }
  return std::nullopt;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> TakenNames::twins(bool all) {
  if (all) settle();
  return std::exchange(twins_, {});
}

void TakenNames::reserve(std::size_t clients) {
  std::size_t size = slots_.size();
  while (2 * size < 3 * (clients + kPending)) size *= 2;
  if (size > slots_.size()) resize(size);
}

void TakenNames::resize(std::size_t size) {
  std::vector<Slot> old(size);
  old.swap(slots_);
  const std::size_t mask = size - 1;
  for (const Slot& slot : old) {
    if (slot.client == 0) continue;
    std::size_t at = first_slot(hash_of(clients_.name(slot.client - 1)));
    while (slots_[at].client != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace sitewide
