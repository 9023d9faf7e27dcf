// SmbTransport: runs programs as another transport does, and reaches the client's files over SMB:
// `files: smb` of a plan.
#pragma once

#include <memory>

#include "adapters/smb/smb_sessions.h"
#include "adapters/transport.h"

namespace sitewide {

class SmbTransport : public ClientTransport {
 public:
  SmbTransport(std::shared_ptr<ClientTransport> programs, std::shared_ptr<SmbSessions> sessions);

  boost::asio::awaitable<RunResult> run(const Operation& operation, RunRequest request) override;
  /// The transport's `share` with the operation's values in it. Where that comes to no place, every
  /// call is refused with the reason.
  std::shared_ptr<Files> files(const Operation& operation) override;
  bool keeps_records() const override { return programs_->keeps_records(); }
  bool runs_batch() const override { return programs_->runs_batch(); }

 private:
  std::shared_ptr<ClientTransport> programs_;
  std::shared_ptr<SmbSessions> sessions_;
};

}  // namespace sitewide
