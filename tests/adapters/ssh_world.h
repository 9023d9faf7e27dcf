// Clients that a real sshd plays, and the ssh transport to them; for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "adapters/ssh/ssh.h"
#include "tests/adapters/left_behind.h"
#include "tests/adapters/run_awaitable.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/support/ssh_server.h"

namespace sitewide::test {

/// How a client of `server` is reached.
inline Operation ssh_operation(const SshServer& server, const SshServer::Client& client,
                               const std::string& root, const std::string& shell = "posix") {
  Operation operation;
  operation.transport.type = "ssh";
  operation.transport.ssh.shell = shell;
  operation.transport.ssh.config = server.config().string();
  operation.transport.root = root;
  operation.client.root = root;
  operation.client.name = client.name;
  operation.client.address = client.address;
  operation.values["client.address"] = client.address;
  return operation;
}

/// One client of a server of its own.
class SshTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!SshServer::is_there()) GTEST_SKIP() << "openssh-server is not installed";
    server_ = std::make_unique<SshServer>(folder_.path() / "sshd");
    client_ = server_->add("pc1", SshServer::Shell::posix, make_drive());
    server_->start();
    operation_ = ssh_operation(*server_, client_, client_.drive.string());
  }

  std::filesystem::path make_drive() {
    std::filesystem::create_directories(folder_.path() / "drive");
    return folder_.path() / "drive";
  }
  /// The transport for operation_, made anew when that was changed by forget().
  ClientTransport& transport() {
    if (!transport_) transport_ = make_transport();
    return *transport_;
  }
  virtual std::shared_ptr<ClientTransport> make_transport() {
    return std::make_shared<SshTransport>(operation_.transport, loop_.get_executor(), pool_);
  }
  void forget() { transport_.reset(); }

  RunResult run(Argv argv, std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    RunRequest request;
    request.argv = std::move(argv);
    request.timeout = timeout;
    return run(std::move(request));
  }
  RunResult run(RunRequest request) {
    return run_on(loop_, transport().run(operation_, std::move(request)));
  }
  template <class Function>
  auto with_files(Function work) {
    auto job = [files = transport().files(operation_), work] { return work(*files); };
    return run_on(loop_, pool_.run(std::move(job)));
  }
  /// Whether it comes to hold within ten seconds.
  template <class Look>
  static bool comes_to(Look look) {
    for (int i = 0; i < 500; ++i) {
      if (look()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  TemporaryFolder folder_;
  std::unique_ptr<SshServer> server_;
  SshServer::Client client_;
  Operation operation_;
  boost::asio::io_context loop_;
  Pool pool_{loop_.get_executor()};
  std::shared_ptr<ClientTransport> transport_;
};

}  // namespace sitewide::test
