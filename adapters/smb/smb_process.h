// SmbProcess: one smbclient, logged in on one share, that is asked one command after another. Its
// end is known by the answer to a word that is no command and that nobody can guess.
//
// Threads: one at a time; calls block until the deadline at most. Ownership: the process ends with
// this object, and by itself when the controller is gone, since its standard input ends then. The
// password is in a file in memory, never in its argv or environment.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/child.h"
#include "adapters/descriptor.h"
#include "orchestrator/base/result.h"
#include "orchestrator/core/smb.h"

namespace sitewide {

class SmbProcess {
 public:
  /// Starts one and logs in. `password`: what the login's reference stands for. Errors: see
  /// smb_error(); denied when smbclient is not installed or the login cannot be handed to it.
  static Result<std::unique_ptr<SmbProcess>> connect(const SmbPlace& place, const SmbLogin& login,
                                                     const std::string& password,
                                                     std::chrono::milliseconds patience);

  /// What the command prints. Unreachable when the process ends or does not answer in time (then
  /// it is ended), or when `goes_on`, which is asked now and then, says no. A command that cannot
  /// be one line is refused.
  Result<std::string> ask(std::string_view command, std::chrono::milliseconds patience,
                          const std::function<bool()>& goes_on = {});

  /// Ends it at once, with its process group.
  void end();
  /// Whether it has ended, by itself too.
  bool has_ended() { return program_.has_ended(); }

 private:
  SmbProcess() = default;
  Result<> start(const SmbPlace& place, const SmbLogin& login, const std::string& credentials);
  /// Reads to the end mark, the end of the output, or the deadline.
  Result<std::string> answer_up_to(std::string_view mark, std::chrono::milliseconds patience,
                                   const std::function<bool()>& goes_on);
  bool send(std::string_view line);

  std::string share_;  // for messages
  Child program_;
  Descriptor input_;
  Descriptor output_;
};

}  // namespace sitewide
