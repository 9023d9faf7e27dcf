// How a plan's transport of type ssh reaches its clients. Plain values.
#pragma once

#include <cstdint>
#include <string>

#include "orchestrator/core/secret.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// What is empty or zero is ssh_config's affair. Texts may hold placeholders.
struct SshAccess {
  std::string shell;        ///< `cmd`, `posix`: what the server's shell is
  bool by_openssh = false;  ///< by the user's own ssh instead of libssh
  std::string host = "{client.address}";
  std::uint32_t port = 0;
  std::string user;
  std::string identity;  ///< file of the private key; absolute after loading
  SecretText password;
  std::string config;       ///< ssh_config to read; absolute after loading
  std::string known_hosts;  ///< absolute after loading
  bool accept_new = false;  ///< a host without a known key is taken as it is, once
  Duration connect_within = std::chrono::seconds(30);
  Duration keepalive = std::chrono::seconds(30);
};

}  // namespace sitewide
