#include "adapters/ssh/host_key_words.h"

#include "adapters/ssh/quoting.h"
#include "orchestrator/base/text.h"

namespace sitewide::ssh {
namespace {

std::string shown(const HostKey& key) {
  return escaped(key.type, 40) + " " + escaped(key.fingerprint, 80);
}

std::string scan_command(const HostKey& key) {
  const std::string port = key.port == 22 ? "" : "-p " + std::to_string(key.port) + " ";
  // `ssh-keyscan` writes the key's type as `ssh-keygen` names it, without what a signature adds.
  const std::string type = key.type.starts_with("ssh-ed25519") ? "-t ed25519 " : "";
  return "ssh-keyscan " + port + type + posix_word(key.host) + " >> " + posix_word(key.known_hosts);
}

}  // namespace

std::string known_name(const HostKey& key) {
  if (key.port == 22) return key.host;
  return "[" + key.host + "]:" + std::to_string(key.port);
}

std::string unknown_key_words(const HostKey& key) {
  return "the host key of " + escaped(known_name(key)) + " is not known: " + shown(key) +
         "; compare it with the one on the machine, then accept it by `" +
         escaped(scan_command(key)) + "`, or say `host_keys: accept_new`";
}

std::string changed_key_words(const HostKey& key, bool other_type) {
  const std::string what = other_type ? "has a host key of a type that is not known of it: "
                                      : "has another host key than the one known: ";
  return escaped(known_name(key)) + " " + what + shown(key) +
         "; this may be another machine that poses as it. If it was installed anew: `ssh-keygen "
         "-R " +
         escaped(posix_word(known_name(key))) + " -f " + escaped(posix_word(key.known_hosts)) +
         "`, then `" + escaped(scan_command(key)) + "`";
}

}  // namespace sitewide::ssh
