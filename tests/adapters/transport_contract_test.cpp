#include "tests/adapters/transport_contract.h"

#include <gmock/gmock.h>

#include "adapters/exec.h"
#include "adapters/local.h"

namespace sitewide::test {
namespace {

using namespace std::chrono_literals;
using Kind = RunResult::Kind;

TEST_P(TransportContract, Run_GivesExitCodeAndOutput) {
  const RunResult result = run({"/bin/sh", "-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(result.kind, Kind::exited);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.output.head, "out\nerr\n");
}

TEST_P(TransportContract, Run_IsInTheClientsRoot) {
  run({"/bin/sh", "-c", ": >here"});
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "here"));
}

TEST_P(TransportContract, Arguments_ArriveVerbatim) {
  const RunResult result =
      run({"/usr/bin/printf", "%s|", "a b", "$(id)", "`id`", "x;y", "{client.name}", "\"'"});
  EXPECT_EQ(result.output.head, "a b|$(id)|`id`|x;y|{client.name}|\"'|");
}

TEST_P(TransportContract, Input_Arrives) {
  RunRequest request{.argv = {"cat"}, .input = "hello", .timeout = 20s};
  auto task = client_.transport->run(client_.operation, std::move(request));
  EXPECT_EQ(run_on(loop_, std::move(task)).output.head, "hello");
}

TEST_P(TransportContract, LongOutput_IsBoundedAndCounted) {
  const RunResult result = run({"head", "-c", "1000000", "/dev/zero"});
  EXPECT_EQ(result.output.total_bytes, 1000000U);
  EXPECT_EQ(result.output.head.size() + result.output.tail.size(), 65536U);
}

TEST_P(TransportContract, Timeout_EndsTheTree) {
  const RunResult result = run({"/bin/sh", "-c", "sleep 61 & sleep 62"}, 200ms);
  EXPECT_EQ(result.kind, Kind::timed_out);
  EXPECT_THAT(result.reason, testing::HasSubstr("200ms"));
}

TEST_P(TransportContract, ClientThatIsOff_IsUnreachableNotFailed) {
  const ContractClient off = GetParam().off(loop_, pool_);
  RunRequest request{.argv = {"true"}, .timeout = 20s};
  auto task = off.transport->run(off.operation, std::move(request));
  const RunResult result = run_on(loop_, std::move(task));
  EXPECT_EQ(result.kind, Kind::unreachable);
  EXPECT_FALSE(result.reason.empty());
  const auto files = off.transport->files(off.operation);
  auto look = [files] { return files->state("Sms.ini"); };
  const auto state = run_on(loop_, pool_.run(std::move(look)));
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().kind, ErrorKind::unreachable);
}

TEST_P(TransportContract, Files_AreReadAndDigested) {
  const std::string bytes(200000, '\x1a');
  folder_.put("MS/SMS/file.exe", bytes);
  const auto read =
      with_files([](Files& files) { return files.read("MS\\SMS\\file.exe", 1 << 20); });
  EXPECT_EQ(read.value(), bytes);
  const auto state = with_files([](Files& files) { return files.state("C:\\MS\\SMS\\file.exe"); });
  EXPECT_EQ(state.value()->digest, sha256(bytes));
  const auto none = with_files([](Files& files) { return files.state("MS/none"); });
  EXPECT_FALSE(none.value());
  const auto nothing = with_files([](Files& files) { return files.read("MS/none", 10); });
  EXPECT_FALSE(nothing.value());
  const auto large = with_files([](Files& files) { return files.read("MS/SMS/file.exe", 1000); });
  EXPECT_EQ(large.error().kind, ErrorKind::io);
}

TEST_P(TransportContract, Write_ComparesFirst) {
  folder_.put("file", "old");
  const auto written =
      with_files([](Files& files) { return files.write("file", sha256("old"), "new", {}); });
  EXPECT_TRUE(written);
  EXPECT_EQ(folder_.get("file"), "new");
  const auto refused =
      with_files([](Files& files) { return files.write("file", sha256("old"), "newer", {}); });
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  const auto there = with_files([](Files& files) { return files.write("file", {}, "x", {}); });
  EXPECT_EQ(there.error().kind, ErrorKind::refused);
  const auto made = with_files([](Files& files) { return files.write("made", {}, "x", {}); });
  EXPECT_TRUE(made);
  EXPECT_EQ(folder_.get("file") + folder_.get("made"), "newx");
}

TEST_P(TransportContract, PathsThatLeaveTheRoot_AreRefused) {
  for (const char* path : {"../x", "/etc/passwd", "D:/x", "a:b", ""}) {
    const std::string tried = path;
    const auto state = with_files([tried](Files& files) { return files.state(tried); });
    ASSERT_FALSE(state) << path;
    EXPECT_EQ(state.error().kind, ErrorKind::refused) << path;
  }
}

ContractClient local_client(boost::asio::io_context& loop, Pool& pool, const std::string& root) {
  ContractClient client;
  client.transport = std::make_shared<LocalTransport>(loop.get_executor(), pool);
  client.operation.transport.type = "local";
  client.operation.transport.root = root;
  client.operation.client.root = root;
  return client;
}

// The smallest set of programs that a plan could name.
ContractClient exec_client(boost::asio::io_context& loop, Pool& pool, const std::string& root) {
  Transport transport;
  transport.type = "exec";
  transport.run = {"/usr/bin/env", "-C", "{client.root}", "{argv}"};
  transport.read = {"cat", "{client.root}/{path}"};
  transport.write = {"/bin/sh", "-c", "cat >\"$1\"", "write", "{client.root}/{path}"};
  transport.digest = {"/bin/sh", "-c", "test ! -e \"$1\" || sha256sum <\"$1\"", "digest",
                      "{client.root}/{path}"};
  ContractClient client;
  client.transport = std::make_shared<ExecTransport>(transport, loop.get_executor(), pool);
  client.operation.transport = transport;
  client.operation.values["client.root"] = root;
  return client;
}

ContractClient exec_off(boost::asio::io_context& loop, Pool& pool) {
  Transport transport;
  transport.type = "exec";
  const std::string missing = "/no/such/program";
  transport.run = {missing, "{argv}"};
  transport.read = transport.write = transport.digest = {missing, "{path}"};
  ContractClient client;
  client.transport = std::make_shared<ExecTransport>(transport, loop.get_executor(), pool);
  client.operation.transport = transport;
  return client;
}

INSTANTIATE_TEST_SUITE_P(Shipped, TransportContract,
                         testing::Values(ContractCase{"local", local_client,
                                                      [](auto& loop, auto& pool) {
                                                        return local_client(loop, pool,
                                                                            "/no/such/root");
                                                      }},
                                         ContractCase{"exec", exec_client, exec_off}),
                         name_of_case);

TEST(Splice, ArgvElements_TakeThePlaceOfThePlaceholder) {
  const std::map<std::string, std::string> values{{"client.name", "pc1"}, {"x", "{client.name}"}};
  const auto whole =
      splice({"ssh", "--", "{client.name}", "{argv}", "{x}"}, {"a b", "{argv}"}, values);
  EXPECT_THAT(whole.value(),
              testing::ElementsAre("ssh", "--", "pc1", "a b", "{argv}", "{client.name}"));
  EXPECT_FALSE(splice({"{nothing}"}, {}, values));
}

TEST(LocalTransport, RootThatNamesNothing_IsNotThisMachine) {
  boost::asio::io_context loop;
  Pool pool(loop.get_executor());
  ContractClient client = local_client(loop, pool, "");
  client.operation.transport.root = "clients/{client.nothing}";
  RunRequest request{.argv = {"true"}, .timeout = 20s};
  auto task = client.transport->run(client.operation, std::move(request));
  EXPECT_EQ(run_on(loop, std::move(task)).kind, Kind::unreachable);
  EXPECT_EQ(client.transport->files(client.operation), nullptr);
}

}  // namespace
}  // namespace sitewide::test
