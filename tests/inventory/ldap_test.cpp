// The directory against a real slapd: what is read, and the words for what goes wrong.
#include "adapters/ldap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/support/lab.h"
#include "tests/support/ldap_server.h"
#include "tests/support/loopback.h"

namespace sitewide::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kComputers = 2500;

/// One server with 2,500 computers for all tests, whose size limit is below that for one search.
class LdapTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!LdapServer::installed()) return;
    folder_ = new Scratch();
    server_ =
        new LdapServer(folder_->path / "slapd",
                       LdapServer::computers(kComputers) +
                           "dn: cn=off,dc=example,dc=org\nobjectClass: device\ncn: off\n"
                           "description:: AAECAw==\n\n"
                           "dn: cn=few,dc=example,dc=org\nobjectClass: simpleSecurityObject\n"
                           "objectClass: organizationalRole\ncn: few\nuserPassword: wenig99\n",
                       "limits dn.exact=\"cn=few,dc=example,dc=org\" size.pr=1000 "
                       "size.prtotal=1200 size.soft=1000 size.hard=1000");
  }
  static void TearDownTestSuite() {
    delete server_;
    delete folder_;
  }
  void SetUp() override {
    if (!LdapServer::installed()) GTEST_SKIP() << "slapd is not installed";
    ASSERT_TRUE(server_->ready()) << server_->said();
    ::setenv("LDAP_TEST_PASSWORD", LdapServer::kPassword, 1);
  }

  /// As the administrator, over TLS.
  static LdapSearch search() {
    LdapSearch search;
    search.url = server_->secure_url();
    search.base = "ou=PCs,dc=example,dc=org";
    search.filter = "(objectClass=ipHost)";
    search.attributes = {"cn", "ipHostNumber", "l"};
    search.bind_dn = LdapServer::kAdmin;
    search.password.env = "LDAP_TEST_PASSWORD";
    search.ca_file = server_->ca_file().string();
    search.within = std::chrono::seconds(30);
    return search;
  }
  static std::string words(const LdapSearch& search) {
    const auto answer = ldap_search(search);
    return answer ? "found " + std::to_string(answer->entries.size()) : answer.error().message;
  }

  struct Scratch {
    Scratch() {
      std::string pattern =
          (std::filesystem::temp_directory_path() / "sitewide-ldap.XXXXXX").string();
      if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
      path = pattern;
    }
    ~Scratch() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    std::filesystem::path path;
  };
  static inline Scratch* folder_ = nullptr;
  static inline LdapServer* server_ = nullptr;
};

TEST_F(LdapTest, MorePagesThanOne_GiveAllEntries) {
  const auto answer = ldap_search(search());
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_EQ(answer->entries.size(), static_cast<std::size_t>(kComputers));
  EXPECT_EQ(answer->entries[0].values.at("cn"), std::vector<std::string>{"pc0001"});
  EXPECT_EQ(answer->entries[0].values.at("l"), std::vector<std::string>{"Plant"});
  EXPECT_EQ(answer->entries.back().dn, "cn=pc2500,ou=PCs,dc=example,dc=org");
}

TEST_F(LdapTest, StartTls_SecuresAPlainConnection) {
  LdapSearch plain = search();
  plain.url = server_->url();
  plain.start_tls = true;
  EXPECT_EQ(words(plain), "found 2500");
}

TEST_F(LdapTest, PasswordOverAPlainConnection_IsRefusedBeforeItIsSent) {
  LdapSearch plain = search();
  plain.url = server_->url();
  plain.ca_file.clear();
  EXPECT_THAT(words(plain), HasSubstr("would go over the network unprotected"));
}

TEST_F(LdapTest, Nobody_MayAskWhereTheServerLets) {
  LdapSearch nobody = search();
  nobody.url = server_->url();
  nobody.ca_file.clear();
  nobody.bind_dn.clear();
  nobody.password = {};
  nobody.page_size = 400;
  EXPECT_EQ(words(nobody),
            "it lists no more than 500 of the entries to this name, and a part of "
            "them is no inventory: Size limit exceeded (4)");
}

TEST_F(LdapTest, SizeLimitOfTheServer_IsAnErrorAndNeverAShortList) {
  ::setenv("LDAP_TEST_FEW", "wenig99", 1);
  LdapSearch few = search();
  few.bind_dn = "cn=few,dc=example,dc=org";
  few.password.env = "LDAP_TEST_FEW";
  EXPECT_THAT(words(few), HasSubstr("a part of them is no inventory: Size limit exceeded (4)"));
}

TEST_F(LdapTest, WrongPassword_IsDeniedAndNotShown) {
  ::setenv("LDAP_TEST_WRONG", "kein-schluessel", 1);
  LdapSearch wrong = search();
  wrong.password.env = "LDAP_TEST_WRONG";
  const auto answer = ldap_search(wrong);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::denied);
  EXPECT_EQ(answer.error().message,
            "it does not let `cn=admin,dc=example,dc=org` in: Invalid credentials (49)");
  EXPECT_THAT(answer.error().message, Not(HasSubstr("kein-schluessel")));
}

TEST_F(LdapTest, MissingSecret_NamesTheVariable) {
  LdapSearch missing = search();
  missing.password.env = "LDAP_TEST_NOT_SET";
  EXPECT_EQ(words(missing),
            "the secret in variable LDAP_TEST_NOT_SET is missing: the variable is not set");
}

TEST_F(LdapTest, UnknownBase_SaysWhatIsThere) {
  LdapSearch unknown = search();
  unknown.base = "ou=Printers,dc=example,dc=org";
  EXPECT_EQ(words(unknown),
            "it has no `ou=Printers,dc=example,dc=org`, only `dc=example,dc=org`: "
            "No such object (32)");
}

TEST_F(LdapTest, BadFilter_IsNamed) {
  LdapSearch bad = search();
  bad.filter = "(objectClass=device";
  EXPECT_EQ(words(bad), "`(objectClass=device` is not a search filter");
}

TEST_F(LdapTest, BaseThatIsNoName_IsTheServersWords) {
  LdapSearch bad = search();
  bad.base = "no name";
  EXPECT_THAT(words(bad), HasSubstr("it does not search: Invalid DN syntax (34)"));
}

TEST_F(LdapTest, UntrustedCertificate_IsRefused) {
  LdapSearch untrusted = search();
  untrusted.ca_file.clear();
  const auto answer = ldap_search(untrusted);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::denied);
  EXPECT_THAT(answer.error().message, HasSubstr("no secure connection: "));
  EXPECT_THAT(answer.error().message, HasSubstr("its certificate (/CN=127.0.0.1) is not trusted"));
}

TEST_F(LdapTest, CertificateForAnotherName_IsRefused) {
  Scratch folder;
  LdapServer other(folder.path / "slapd", "", "", "dc1.example.org");
  ASSERT_TRUE(other.ready()) << other.said();
  LdapSearch named = search();
  named.url = other.secure_url();
  named.ca_file = other.ca_file().string();
  EXPECT_THAT(words(named), HasSubstr("no secure connection: "));
  EXPECT_THAT(words(named),
              HasSubstr("its certificate (/CN=dc1.example.org) is not for 127.0.0.1"));
}

TEST_F(LdapTest, EnvironmentThatSwitchesChecksOff_IsNotHeeded) {
  ::setenv("LDAPTLS_REQCERT", "never", 1);
  LdapSearch untrusted = search();
  untrusted.ca_file.clear();
  EXPECT_THAT(words(untrusted), HasSubstr("no secure connection: "));
  ::unsetenv("LDAPTLS_REQCERT");
}

TEST_F(LdapTest, CertificatesThatAreNotThere_AreNamed) {
  LdapSearch nothing = search();
  nothing.ca_file = "/nowhere/ca.pem";
  EXPECT_THAT(words(nothing), HasSubstr("/nowhere/ca.pem"));
}

TEST_F(LdapTest, ServerThatIsDown_IsUnreachable) {
  LdapSearch down = search();
  down.url = "ldaps://127.0.0.1:" + std::to_string(free_port());
  const auto answer = ldap_search(down);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unreachable);
  EXPECT_EQ(answer.error().message, "it cannot be reached: Connection refused");
}

TEST_F(LdapTest, NameThatNobodyKnows_IsToldApart) {
  LdapSearch unknown = search();
  unknown.url = "ldaps://dc1.nowhere.invalid";
  EXPECT_THAT(words(unknown), HasSubstr("the name dc1.nowhere.invalid cannot be looked up: "));
}

TEST_F(LdapTest, ServerThatHangs_IsGivenUpInTime) {
  Scratch folder;
  LdapServer hanging(folder.path / "slapd", "");
  ASSERT_TRUE(hanging.ready()) << hanging.said();
  ::kill(hanging.pid(), SIGSTOP);
  for (const bool secure : {true, false}) {
    LdapSearch late = search();
    late.url = secure ? hanging.secure_url() : hanging.url();
    late.start_tls = !secure;
    late.within = std::chrono::seconds(1);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(words(late), "no answer within 1s");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  }
  ::kill(hanging.pid(), SIGCONT);
}

TEST_F(LdapTest, Referral_IsNotFollowed) {
  Scratch folder;
  LdapServer referring(folder.path / "slapd",
                       "dn: ou=Far,dc=example,dc=org\nobjectClass: referral\n"
                       "objectClass: extensibleObject\nou: Far\n"
                       "ref: ldap://192.0.2.1/ou=Far,dc=example,dc=org\n");
  ASSERT_TRUE(referring.ready()) << referring.said();
  LdapSearch far = search();
  far.url = referring.secure_url();
  far.ca_file = referring.ca_file().string();
  far.base = "ou=Far,dc=example,dc=org";
  EXPECT_THAT(words(far), HasSubstr("it refers to ldap://192.0.2.1/ou=Far,dc=example,dc=org"));
  far.base = LdapServer::kSuffix;
  far.filter = "(objectClass=*)";
  const auto answer = ldap_search(far);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->entries.size(), 1U);
  ASSERT_EQ(answer->references.size(), 1U);
  EXPECT_EQ(answer->references[0].dn, "ou=Far,dc=example,dc=org");
  EXPECT_THAT(answer->references[0].url, HasSubstr("ldap://192.0.2.1/"));
}

TEST_F(LdapTest, MoreThanTheSearchAllows_IsAnError) {
  LdapSearch small = search();
  small.most_entries = 700;
  EXPECT_THAT(words(small), HasSubstr("it lists more than 700 entries"));
}

}  // namespace
}  // namespace sitewide::test
