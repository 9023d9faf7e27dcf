#include "adapters/smb/smb_transport.h"

#include <utility>

#include "adapters/smb/no_files.h"
#include "adapters/smb/smb_files.h"

namespace sitewide {

SmbTransport::SmbTransport(std::shared_ptr<ClientTransport> programs,
                           std::shared_ptr<SmbSessions> sessions)
    : programs_(std::move(programs)), sessions_(std::move(sessions)) {}

boost::asio::awaitable<RunResult> SmbTransport::run(const Operation& operation,
                                                    RunRequest request) {
  return programs_->run(operation, std::move(request));
}

std::shared_ptr<Files> SmbTransport::files(const Operation& operation) {
  const auto text = substitute(operation.transport.share, operation.values);
  if (!text) return std::make_shared<NoFiles>(text.error());
  auto place = parse_smb_place(*text);
  if (!place) return std::make_shared<NoFiles>(place.error());
  return std::make_shared<SmbFiles>(std::move(*place), operation.transport.smb, sessions_);
}

}  // namespace sitewide
