// The clients of the report: the data that the page's script shows, and the tables that need no
// script.
#pragma once

#include <string>

#include "orchestrator/views/history.h"
#include "orchestrator/views/report.h"

namespace sitewide {

/// The JSON that the script reads, safe inside a script element. Clients that need attention come
/// first. Output is included in that order until eight megabytes are used.
std::string client_data(const Rollout& rollout, const History& history, const OutputLookup& outputs,
                        std::size_t output_limit);
/// Failed, lost, late, restored … clients, folded by state and reason.
std::string failure_table(const Rollout& rollout, const History& history);
/// The first clients as plain HTML, for readers without scripts.
std::string plain_client_table(const Rollout& rollout, const History& history);
/// A program's output with control characters made visible, its middle left out beyond `limit`
/// bytes.
std::string output_excerpt(const Output& output, std::size_t limit);
/// `good`, `bad`, `warn`, `busy` or empty: the style of a state.
std::string_view tone_of(ClientState state);

}  // namespace sitewide
