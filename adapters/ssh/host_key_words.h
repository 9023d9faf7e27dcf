// What is said of a host key that is not trusted, with what to do about it. Pure.
#pragma once

#include <string>

namespace sitewide::ssh {

struct HostKey {
  std::string host;
  unsigned port = 22;
  std::string type;         ///< `ssh-ed25519`
  std::string fingerprint;  ///< `SHA256:…`
  std::string known_hosts;  ///< the file
};

/// `[host]:port`, or the host alone for port 22: as known_hosts names it.
std::string known_name(const HostKey& key);
std::string unknown_key_words(const HostKey& key);
/// `other_type`: keys of other types are known, and none of this one.
std::string changed_key_words(const HostKey& key, bool other_type);

}  // namespace sitewide::ssh
