// MapEdit: the edits of System.map that articles dictate: an entry that is copied under a new name
// (Q231821, Q196228), a copy list that an entry leaves, entries that a fragment adds (Q193269,
// Q254532). Every byte that is not part of an edit stays. Pure; any thread.
//
// Any other change of System.map is unsupported (Q166771), so what does not fit is an error and
// changes nothing: a damaged map ends in event 237 and in no copy lists at all (Q122179).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/base/result.h"
#include "orchestrator/core/parts.h"

namespace sitewide::sms {

/// A map with its edits made.
struct EditedMap {
  std::string text;
  std::vector<std::string> changes;  ///< for a person; empty: there was nothing to do
};

/// Makes `edits` in order. What is done already is left: an entry of that name that is there, a
/// copy list that is gone, a fragment whose entries are all there. An Error of kind refused names
/// the block or entry that is missing, or the copy list that is an entry's only one.
Result<EditedMap> edit_map(std::string_view text, const std::vector<MapEdit>& edits);

/// Why a fragment cannot be merged; empty when it can: it needs blocks with a DIRECTORY, entries,
/// and an END.
std::string fault_of_fragment(std::string_view fragment);

/// The difference of two texts as lines of a unified diff with one line around each change; at most
/// `most_lines` lines, then how many more there are.
std::vector<std::string> map_diff(std::string_view before, std::string_view after,
                                  std::size_t most_lines);

}  // namespace sitewide::sms
