#include "tests/support/ldap_server.h"

#include <unistd.h>

#include <thread>

#include "tests/support/lab.h"
#include "tests/support/loopback.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSlapd = "/usr/sbin/slapd";

}  // namespace

bool LdapServer::installed() { return ::access(kSlapd, X_OK) == 0; }

LdapServer::LdapServer(fs::path folder, const std::string& entries, const std::string& settings,
                       const std::string& name)
    : folder_(std::move(folder)), port_(free_port()), secure_port_(free_port()) {
  fs::create_directories(folder_ / "database");
  write_configuration(settings, name);
  if (!load(entries)) return;
  const std::string addresses = url() + "/ " + secure_url() + "/";
  server_ = std::make_unique<Program>(std::vector<std::string>{
      kSlapd, "-d", "0", "-f", (folder_ / "slapd.conf").string(), "-h", addresses});
  ready_ = await();
}

void LdapServer::write_configuration(const std::string& settings, const std::string& name) {
  const TestCertificate made(folder_, name);
  fs::copy_file(made.certificate, ca_file());
  write_file(folder_ / "slapd.conf",
             "include /etc/ldap/schema/core.schema\n"
             "include /etc/ldap/schema/cosine.schema\n"
             "include /etc/ldap/schema/nis.schema\n"
             "modulepath /usr/lib/ldap\n"
             "moduleload back_mdb\n"
             "TLSCertificateFile " +
                 made.certificate.string() + "\nTLSCertificateKeyFile " + made.key.string() +
                 "\ndatabase mdb\n"
                 "maxsize 67108864\n"
                 "directory " +
                 (folder_ / "database").string() + "\nsuffix \"" + kSuffix + "\"\nrootdn \"" +
                 kAdmin + "\"\nrootpw " + kPassword + "\n" + settings + "\n");
}

bool LdapServer::load(const std::string& entries) {
  write_file(folder_ / "entries.ldif", std::string("dn: ") + kSuffix +
                                           "\nobjectClass: dcObject\nobjectClass: organization\n"
                                           "dc: example\no: example\n\n" +
                                           entries);
  Program adding({kSlapd, "-T", "add", "-q", "-f", (folder_ / "slapd.conf").string(), "-l",
                  (folder_ / "entries.ldif").string()});
  const Finished finished = adding.finish();
  trouble_ = finished.out + finished.err;
  return finished.exit_code == 0;
}

bool LdapServer::await() {
  for (int i = 0; i < 600; ++i) {
    if (answers(port_) && answers(secure_port_)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

std::string LdapServer::said() const { return trouble_; }

std::string LdapServer::computers(int count) {
  std::string text = "dn: ou=PCs,dc=example,dc=org\nobjectClass: organizationalUnit\nou: PCs\n\n";
  for (int i = 1; i <= count; ++i) {
    std::string name = std::to_string(10000 + i);
    name.replace(0, 1, "pc");
    text += "dn: cn=" + name +
            ",ou=PCs,dc=example,dc=org\n"
            "objectClass: device\nobjectClass: ipHost\n"
            "cn: " +
            name + "\nipHostNumber: 10.0." + std::to_string(i / 250) + "." +
            std::to_string(i % 250 + 1) + "\nl: " + (i % 2 == 0 ? "HQ" : "Plant") + "\n\n";
  }
  return text;
}

}  // namespace sitewide::test
