#include "adapters/openssh/openssh.h"
#include "tests/adapters/ssh_world.h"
#include "tests/adapters/transport_contract.h"

namespace sitewide::test {
namespace {

// One sshd for all of the contract; it lives as long as the program.
struct Far {
  TemporaryFolder folder;
  SshServer server{folder.path() / "sshd"};
  int clients = 0;
};

Far& far() {
  static Far world;
  world.server.start();
  return world;
}

ContractClient ssh_client(boost::asio::io_context& loop, Pool& pool, const std::string& root) {
  Far& world = far();
  const std::string name = "pc" + std::to_string(++world.clients);
  const SshServer::Client& added = world.server.add(name, SshServer::Shell::posix, root);
  ContractClient client;
  client.operation = ssh_operation(world.server, added, root);
  client.transport =
      std::make_shared<SshTransport>(client.operation.transport, loop.get_executor(), pool);
  return client;
}

ContractClient ssh_off(boost::asio::io_context& loop, Pool& pool) {
  ContractClient client = ssh_client(loop, pool, "/");
  client.operation.transport.ssh.port = 1;
  return client;
}

ContractClient openssh_client(boost::asio::io_context& loop, Pool& pool, const std::string& root) {
  ContractClient client = ssh_client(loop, pool, root);
  client.transport =
      std::make_shared<OpensshTransport>(client.operation.transport, loop.get_executor(), pool);
  return client;
}

ContractClient openssh_off(boost::asio::io_context& loop, Pool& pool) {
  ContractClient client = openssh_client(loop, pool, "/");
  client.operation.transport.ssh.port = 1;
  return client;
}

std::vector<ContractCase> cases() {
  if (!SshServer::is_there()) return {};
  return {{"ssh", ssh_client, ssh_off}, {"openssh", openssh_client, openssh_off}};
}

INSTANTIATE_TEST_SUITE_P(Ssh, TransportContract, testing::ValuesIn(cases()), name_of_case);

}  // namespace
}  // namespace sitewide::test
