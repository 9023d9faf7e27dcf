// Files of claims, which anybody may put where all rollouts look: what is accepted is safe to show
// and sorted, whatever its order was, and no claim is lost.
#include <algorithm>
#include <cstring>

#include "orchestrator/journal/claims_file.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {

void claims(std::string_view input) {
  const auto read = parse_claims(input);
  if (!read) return;
  holds_safe(read->claimant);
  holds(read->claimant.size() <= 803, "a claimant is short", read->claimant);
  holds(std::is_sorted(read->hashes.begin(), read->hashes.end()), "claims are sorted", input);
  const std::size_t size = read->hashes.size() * sizeof(std::uint64_t);
  holds(size <= input.size(), "claims take no more room than their bytes", input);
  // The file's own numbers, one by one: each of them is a claim.
  for (std::string_view rest = input.substr(input.size() - size); !rest.empty();
       rest.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t number = 0;
    std::memcpy(&number, rest.data(), sizeof number);
    holds(std::binary_search(read->hashes.begin(), read->hashes.end(), number), "no claim is lost",
          input);
  }
  const auto again = parse_claims(encode_claims(read->claimant, read->hashes));
  holds(again && again->hashes == read->hashes, "what is written can be read", input);
  holds(again->claimant == read->claimant || again->claimant.size() > 800,
        "and is of the same claimant", read->claimant);
}

}  // namespace sitewide::fuzz
