// RemoteRun: one program on one client, from connecting to its end. It is carried on in turns: each
// blocks for a moment at most once the program runs, so that a long one holds no thread.
//
// Threads: one at a time, another one each turn; its stopper from any.
#pragma once

#include <memory>
#include <string>

#include "adapters/output_buffer.h"
#include "adapters/ssh/remote_command.h"
#include "adapters/ssh/shared.h"
#include "adapters/transport.h"

namespace sitewide::ssh {

class RemoteRun {
 public:
  RemoteRun(std::shared_ptr<Shared> shared, Operation operation, RunRequest request);

  /// Blocks until the run is over (true), or for a while: then turn() is to be called again once
  /// the socket is readable, or next() is reached, or it was stopped.
  bool turn();
  int socket() const { return connection_->session.socket(); }
  Deadline next() const;
  Stopper& stopper() { return *stopper_; }
  RunResult take_result();

 private:
  bool begin();
  std::optional<Fault> begin_on_connection(const std::string& command);
  bool fail(const Fault& fault);
  bool carry_on();
  bool finish();
  bool lose();
  bool end_early(bool timed_out);
  std::string end_program();
  bool end_processes(Deadline until);

  std::shared_ptr<Shared> shared_;
  Operation operation_;
  RunRequest request_;
  Shell shell_;
  std::shared_ptr<Stopper> stopper_;
  Settings settings_;
  Deadline deadline_;
  Deadline connect_by_;
  std::string token_;  // in the environment of what runs, where the shell lets us
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Channel> channel_;  // goes before the connection
  std::string_view unsent_;           // of request_.input
  bool input_ended_ = false;
  OutputBuffer output_;
  RunResult result_;
};

}  // namespace sitewide::ssh
