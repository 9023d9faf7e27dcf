// TakenNames: which client names an inventory holds already. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "orchestrator/core/client_table.h"

namespace sitewide {

/// Finds clients of one name in any case: `PC001` and `pc001` are one machine. Open addressing over
/// the table's own names, because a set of strings would cost more than the clients. A slot repeats
/// half of the hash, so that names are hardly ever compared in vain; and slots are looked at a few
/// clients later, when they have come from memory.
class TakenNames {
 public:
  /// `clients` must outlive this object and only grow.
  explicit TakenNames(const ClientTable& clients) : clients_(clients), slots_(1024) {}

  /// Notes the client that was added last. Twins are found now or later.
  void note(std::uint32_t client);
  /// Pairs of an earlier and a later client of one name, found since the last call; `all`: no
  /// client is left out.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> twins(bool all);
  /// The client that has this name, in any case.
  std::optional<std::uint32_t> find(std::string_view name);
  bool has_twins() const { return !twins_.empty(); }
  void reserve(std::size_t clients);

 private:
  struct Slot {
    std::uint32_t client = 0;  // + 1; 0 is free
    std::uint32_t tag = 0;
  };
  struct Pending {
    std::uint64_t hash = 0;
    std::uint32_t client = 0;
  };
  static constexpr std::size_t kPending = 32;

  static std::uint64_t hash_of(std::string_view name);
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  std::size_t first_slot(std::uint64_t hash) const {
    return (hash ^ (hash >> 29)) & (slots_.size() - 1);
  }
  void settle();
  void resize(std::size_t size);

  const ClientTable& clients_;
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::array<Pending, kPending> pending_{};
  std::size_t pending_count_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> twins_;
};

}  // namespace sitewide
