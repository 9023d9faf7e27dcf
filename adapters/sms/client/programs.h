// Programs on a client that settings are read, made and put back by: those of `client_steps`, and
// the transport's `registry`. Coroutines of the loop; the transport runs them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>

#include "adapters/sms/manifest.h"
#include "adapters/sms/work.h"
#include "adapters/step_context.h"

namespace sitewide::sms {

using SharedWork = std::shared_ptr<const Work>;

/// What the steps' argv are filled in with.
using Placeholders = std::map<std::string, std::string>;
/// Of this client, and of the logon server that it uses. Blocking; pool only.
Result<Placeholders> placeholders_for(const Work& work);

/// A program on the client.
struct ClientProgram {
  Argv argv;
  Placeholders values;
  Duration within = std::chrono::minutes(2);  ///< a probe, or one value of the registry
  bool has_effect = false;
};
/// The transport's program `argv` (`query`, `set`, `delete`) for the value that `part` names.
ClientProgram registry_program(const Argv& argv, const Placeholders& values, const ClientPart& part,
                               const SettingRecord& to);

/// Runs it to its end, whatever its exit code is. An Error: it did not run to an end; `lost` is set
/// when it may have begun, or may run on.
boost::asio::awaitable<Result<RunResult>> run_on_client(StepContext context, SharedWork work,
                                                        ClientProgram program, bool* lost);
/// Runs a program that has an effect; exit 0 is needed. `what` begins the message.
boost::asio::awaitable<Result<>> change_by(StepContext context, SharedWork work,
                                           ClientProgram program, std::string what, bool* lost);
/// Exit 0: yes, 1: no; any other end is an Error.
boost::asio::awaitable<Result<SettingRecord>> ask_program(StepContext context, SharedWork work,
                                                          Placeholders values, Argv probe);
/// The value of the registry that `part` names, as it is now.
boost::asio::awaitable<Result<SettingRecord>> query_registry(StepContext context, SharedWork work,
                                                             Placeholders values,
                                                             const ClientPart* part);

}  // namespace sitewide::sms
