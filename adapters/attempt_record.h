// Attempt records: how a step that must not run twice is run at most once. A fixed shell script on
// the client claims the attempt's key by an atomic mkdir before it starts the program, and keeps
// beside it what became of it:
//
//   <records>/<key>/started    process number, its start time and the boot's id of the script that
//   won the claim
//                   go/        the claim; whoever makes this folder decides
//                   finished   the program's exit code
//                   tombstone  the claim was made to give the attempt up: it can no longer start
//
// Whoever loses the claim does not run. So a launch that arrives late, or twice, does no harm, and
// "it never started" can be made true before it is said: that is why looking at a record that is
// not there buries it first. All data reaches the script as argv elements; the script itself is one
// constant string.
//
// The script outlives a controller that dies: what the program prints goes through a reader on the
// client that goes on reading when nobody listens any more, so that an upgrade under way is not
// killed by its own output.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

#include "adapters/attempt_verdict.h"
#include "adapters/transport.h"

namespace sitewide {

/// The folder on the client that holds its records: the transport's `records`; else, for a local
/// client, `.sitewide` in its root, and for this machine /var/lib/sitewide/attempts (for other
/// users than root: in their state folder). Empty when the transport keeps none.
Result<std::string> records_folder(const Operation& operation);

/// The script's exit code when it did not start the program. A program may use it too: read the
/// record to tell.
inline constexpr int kNotStarted = 120;

/// `argv` as it is run under `key`; RunRequest::drains_itself goes with it.
Argv recorded(const std::string& records, const std::string& key, Argv argv);

/// Reads the record of operation.key; where there is none, buries the key first and says given_up.
boost::asio::awaitable<AttemptRecord> read_or_bury(ClientTransport& transport,
                                                   const Operation& operation,
                                                   std::chrono::milliseconds timeout);

}  // namespace sitewide
