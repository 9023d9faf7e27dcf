// Configuration requests: an NT client's `<SMS ID>.CCR` in Ccr.box of a logon server, which asks
// Client Configuration Manager for what takes administrator's rights (Q168518; Resource Guide
// S3D84). It is deleted when it was carried out, and moved to Retry when it could not be. Blocks
// where it takes Work: pool only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/sms/client/state.h"
#include "adapters/sms/work.h"

namespace sitewide::sms {

struct OpenRequest {
  /// Why one may be open, for a person; empty: none is.
  std::string words;
  std::size_t share = 0;  ///< the index of the share that has it …
  std::string path;  ///< … and where it lies there; empty: there is none, or nobody could look
  bool retried = false;  ///< it lies in Retry
};

/// Whether a request of this client may be open on any share of its site; a client that is not of
/// Windows NT has none. `own_server` must be seen to be without one; another that is away says
/// nothing.
OpenRequest open_request(const Work& work, const ClientState& client, std::size_t own_server);

/// What an open request tells beyond its being there: that it is another machine's (F36, Q183398),
/// why it failed (F06), that many wait with it (F07); empty: nothing, or it could not be read.
std::string request_clue(const Work& work, const ClientState& client, const OpenRequest& request);

/// What a request's text says of this client's; `machine` is its name.
std::string request_text_clue(std::string_view text, std::string_view machine, bool retried);

}  // namespace sitewide::sms
