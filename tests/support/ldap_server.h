// A real slapd for tests: own configuration and database below a folder of the test's, on two free
// ports of 127.0.0.1, one of them TLS. Ended by its own number.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/http_server.h"
#include "tests/support/program.h"

namespace sitewide::test {

class LdapServer {
 public:
  static constexpr const char* kSuffix = "dc=example,dc=org";
  static constexpr const char* kAdmin = "cn=admin,dc=example,dc=org";
  static constexpr const char* kPassword = "geheim-und-lang";

  /// Whether this machine has slapd.
  static bool installed();

  /// `folder` is there and empty. `entries` is LDIF below kSuffix, which exists; `settings` are
  /// further lines of the database. Its certificate is for 127.0.0.1 unless `name` says otherwise.
  LdapServer(std::filesystem::path folder, const std::string& entries,
             const std::string& settings = "", const std::string& name = "127.0.0.1");

  /// Whether it answers; else said() tells why.
  bool ready() const { return ready_; }
  std::string said() const;
  std::string url() const { return "ldap://127.0.0.1:" + std::to_string(port_); }
  std::string secure_url() const { return "ldaps://127.0.0.1:" + std::to_string(secure_port_); }
  std::filesystem::path ca_file() const { return folder_ / "ca.pem"; }
  pid_t pid() const { return server_->pid(); }

  /// LDIF of computers pc0001 … in OU=PCs, at two sites.
  static std::string computers(int count);

 private:
  void write_configuration(const std::string& settings, const std::string& name);
  bool load(const std::string& entries);
  bool await();

  std::filesystem::path folder_;
  int port_ = 0;
  int secure_port_ = 0;
  bool ready_ = false;
  std::string trouble_;
  std::unique_ptr<Program> server_;
};

}  // namespace sitewide::test
