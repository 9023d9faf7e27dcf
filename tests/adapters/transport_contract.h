// The contract that every transport keeps. A transport's test names a case for each way it can be
// set up, and instantiates TransportContract with them:
//
//   INSTANTIATE_TEST_SUITE_P(Local, TransportContract, testing::Values(case), name_of_case);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "adapters/descendants.h"
#include "adapters/pool.h"
#include "adapters/transport.h"
#include "tests/adapters/left_behind.h"
#include "tests/adapters/run_awaitable.h"
#include "tests/adapters/temporary_folder.h"

namespace sitewide::test {

/// A transport and a client that it reaches.
struct ContractClient {
  std::shared_ptr<ClientTransport> transport;
  Operation operation;
};

struct ContractCase {
  std::string name;
  /// A client whose drive C: is `root`.
  std::function<ContractClient(boost::asio::io_context&, Pool&, const std::string& root)> on;
  /// A client that is switched off.
  std::function<ContractClient(boost::asio::io_context&, Pool&)> off;
};

inline std::string name_of_case(const testing::TestParamInfo<ContractCase>& chosen) {
  return chosen.param.name;
}

class TransportContract : public testing::TestWithParam<ContractCase> {
 protected:
  static void SetUpTestSuite() { prepare_for_children(); }
  void SetUp() override {
    client_ = GetParam().on(loop_, pool_, folder_.path().string());
    reap_adopted();
    children_ = children();  // a server that the test itself runs, and what it is still ending
  }
  void TearDown() override {
    reap_adopted();  // of a server that the test itself runs
    EXPECT_LE(children(), children_);
  }

  RunResult run(Argv argv, std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
    RunRequest request;
    request.argv = std::move(argv);
    request.timeout = timeout;
    return run_on(loop_, client_.transport->run(client_.operation, std::move(request)));
  }
  /// What `work` says, called on the pool as steps do.
  template <class Function>
  auto with_files(Function work) {
    auto job = [files = client_.transport->files(client_.operation), work] { return work(*files); };
    return run_on(loop_, pool_.run(std::move(job)));
  }

  TemporaryFolder folder_;
  boost::asio::io_context loop_;
  Pool pool_{loop_.get_executor()};
  ContractClient client_;
  std::size_t children_ = 0;
};

}  // namespace sitewide::test
