// Intake: takes in clients, one source after the other, and holds them to what all of an inventory
// must keep: names and addresses that can be one, each client once. Pure; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "orchestrator/core/client_table.h"
#include "orchestrator/core/problem.h"
#include "plans/inventory.h"
#include "plans/nodeset.h"
#include "plans/taken_names.h"

namespace sitewide {

class Intake {
 public:
  /// Labels that a source gives to clients that have none of their own: column and value.
  using Fallbacks = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  /// `found` must outlive this object.
  explicit Intake(Problems& found) : problems(found) {}
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  /// What follows is of `source`.
  void begin(const InventorySource& source);
  void error(const Place& place, std::string message, std::string help = {});
  void warning(const Place& place, std::string message, std::string help = {});
  /// Whether this source had so many problems that more of them say nothing new.
  bool has_enough() const;

  /// Takes a client in, or reports why it cannot be one. In a source that merges, a client that an
  /// earlier source listed is that client, and gets the address if it has none. `who` says which
  /// one it is where `place` does not: `host pc1`.
  std::optional<std::uint32_t> add(std::string_view name, std::string_view address,
                                   const Place& place, std::string_view who = {});
  /// Gives a client a label; another value than an earlier source gave it is reported.
  void set_label(std::uint32_t client, std::uint32_t column, std::uint32_t value,
                 const Place& place);
  Fallbacks fallbacks(const InventorySource& source);
  void fill(std::uint32_t client, const Fallbacks& fallbacks);
  /// Reports clients that were listed twice; `all`: none is left for later.
  void report_twins(bool all);

  ClientTable clients;
  TakenNames names{clients};
  Problems& problems;
  std::uint64_t hosts_left = kNodesetNames;  ///< names that the plan itself may still list

 private:
  bool is_known(std::uint32_t client) const { return merges_ && client < first_; }
  std::optional<std::uint32_t> merge(std::uint32_t client, std::string_view address,
                                     const Place& place);
  void conflict(std::uint32_t client, const Place& place, const std::string& what);

  bool merges_ = false;
  std::uint32_t first_ = 0;          // of this source
  std::vector<bool> merged_;         // earlier clients that this source listed
  std::size_t reported_before_ = 0;  // problems that earlier sources had
};

}  // namespace sitewide
