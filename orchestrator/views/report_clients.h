// The clients of the report: the data that the page's script shows, and the table that needs no
// script.
#pragma once

#include <string>

#include "orchestrator/views/history.h"
#include "orchestrator/views/report_causes.h"

namespace sitewide {

/// How much output the data may hold; clients in need come first.
inline constexpr std::size_t kOutputBytesMax = 4 * 1024 * 1024;

struct ClientData {
  std::string json;              ///< safe inside a script element; README.md has its members
  bool output_left_out = false;  ///< the limit was reached
};
ClientData client_data(const Rollout& rollout, const History& history,
                       const std::vector<Reason>& causes, const OutputLookup& outputs,
                       std::size_t output_limit);

/// The clients that want attention as plain HTML, for paper and for readers without scripts.
std::string plain_client_table(const Rollout& rollout, const History& history);

}  // namespace sitewide
