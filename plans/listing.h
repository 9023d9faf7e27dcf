// Listing: the clients that a program or a directory listed, before they are looked at as clients.
// There are no lines to point at: what is wrong names the host or the entry. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sitewide {

struct ListedClient {
  std::string name;
  std::string address;  ///< empty: the name is dialled
  std::string origin;   ///< how messages call it: `host pc1`; escaped
  std::vector<std::pair<std::uint32_t, std::string>> labels;  ///< of Listing::labels, with values
};

struct Listing {
  std::vector<std::string> labels;    ///< sorted
  std::vector<ListedClient> clients;  ///< by name, so that the same answer is the same inventory
  std::vector<std::string> faults;    ///< errors; a list with any is not used
  std::vector<std::string> notes;     ///< warnings: what was left out
};

/// More than this of one list says nothing new.
inline constexpr std::size_t kFaultsOfOneListing = 200;
inline constexpr std::size_t kMostListedLabels = 1000;
/// Labels times clients: four bytes each in a table.
inline constexpr std::size_t kMostListedCells = 50'000'000;

}  // namespace sitewide
