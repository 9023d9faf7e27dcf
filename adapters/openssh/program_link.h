// ProgramLink: the bytes between us and an SFTP server, carried by a program such as ssh: its
// standard input and output.
//
// Threads: one at a time; calls block until the deadline at most, or until the stopper is stopped.
// Its end blocks nobody: that may be on the loop, where a step lets go of its files.
// Ownership: the program ends with this object; by itself when the controller is gone, for its
// input ends then.
#pragma once

#include <memory>
#include <string>

#include "adapters/child.h"
#include "adapters/descriptor.h"
#include "adapters/ssh/sftp_client.h"
#include "adapters/ssh/stopper.h"
#include "orchestrator/core/plan.h"

namespace sitewide::openssh {

class ProgramLink : public ssh::SftpLink {
 public:
  /// Starts the program; `host` is for words. Refused when it cannot be started.
  static Result<std::unique_ptr<ProgramLink>> start(const Argv& argv, std::string host);

  ~ProgramLink() override { program_.let_go(); }

  /// For the calls that follow: how long they may take, and until when the first bytes have to
  /// come. `stopper` may be null.
  void set_deadline(ssh::Deadline deadline, std::shared_ptr<ssh::Stopper> stopper,
                    ssh::Deadline first_by = ssh::Deadline::max());
  std::optional<ssh::Fault> send(std::string_view bytes) override;
  std::optional<ssh::Fault> receive(std::string& received) override;

 private:
  explicit ProgramLink(std::string host) : host_(std::move(host)) {}
  std::optional<ssh::Fault> wait_for(short events);
  ssh::Fault why_it_ended();
  std::string printed() const;

  std::string host_;
  Child program_;
  Descriptor stream_;  ///< both its standard input and its output
  Descriptor errors_;  ///< a file in memory, as long as is read of it
  ssh::Deadline deadline_ = ssh::Deadline::max();
  ssh::Deadline first_by_ = ssh::Deadline::max();
  std::shared_ptr<ssh::Stopper> stopper_;
};

}  // namespace sitewide::openssh
