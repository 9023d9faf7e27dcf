// SftpChannel: the SFTP server of a session, asked until a deadline. Threads: as Session's.
#pragma once

#include <memory>
#include <string>

#include "adapters/ssh/session.h"
#include "adapters/ssh/sftp_client.h"

namespace sitewide::ssh {

class SftpChannel : private SftpLink {
 public:
  explicit SftpChannel(Session& session);
  ~SftpChannel() override;

  /// Starts the server's `sftp`. Nothing is changed by that.
  std::optional<Fault> start(Deadline deadline, const std::shared_ptr<Stopper>& stopper);
  /// How long what follows may take, and until when the first bytes have to come.
  void set_deadline(Deadline deadline, const std::shared_ptr<Stopper>& stopper,
                    Deadline first_by = Deadline::max());
  SftpClient& client() { return client_; }

 private:
  std::optional<Fault> send(std::string_view bytes) override;
  std::optional<Fault> receive(std::string& received) override;
  std::optional<Fault> wait(const char* doing);

  Session& session_;
  Channel channel_;
  SftpClient client_;
  std::string arrived_;
  Deadline deadline_{};
  Deadline first_by_ = Deadline::max();
  std::shared_ptr<Stopper> stopper_;
};

}  // namespace sitewide::ssh
