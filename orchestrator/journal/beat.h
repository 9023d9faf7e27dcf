// Beat: the time of last write of a rollout's lock file says when its controller was last seen
// alive. Quiet hours are not in the journal, so without it a killed controller's downtime would
// begin at its last event. Taking the lease does not change it (lease.cpp). Calls block for a
// moment.
#pragma once

#include <filesystem>
#include <optional>

#include "orchestrator/core/time.h"

namespace sitewide {

/// The controller lives at `now`. Whether that could be written down does not matter: then the
/// journal alone tells.
void beat(const std::filesystem::path& lock, Timestamp now);
/// Nothing when there is no such file.
std::optional<Timestamp> last_beat(const std::filesystem::path& lock);

/// How long no controller was there, at `now`, when one was last seen by its last event and by its
/// beat. A beat in the future (the clock was moved) counts as now; an event in the future gives a
/// negative time: how far the clock was set back at least, while nobody looked.
Duration downtime(Timestamp last_event, std::optional<Timestamp> beat, Timestamp now);

}  // namespace sitewide
