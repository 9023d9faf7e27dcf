// `- ldap:` in whole runs, against a real slapd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/inventory/asked_world.h"
#include "tests/support/ldap_server.h"

namespace sitewide::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DirectorySourceTest : public ::testing::Test {
 protected:
  DirectorySourceTest() : world_("  - hosts: [nobody]\n") {}
  void SetUp() override {
    if (!LdapServer::installed()) GTEST_SKIP() << "slapd is not installed";
    server_ = std::make_unique<LdapServer>(
        world_.root() / "slapd",
        LdapServer::computers(40) +
            "dn: cn=odd,ou=PCs,dc=example,dc=org\nobjectClass: device\ncn: odd\nl: HQ\nl: Plant\n");
    ASSERT_TRUE(server_->ready()) << server_->said();
    world_.file("secret", std::string(LdapServer::kPassword) + "\n");
    std::filesystem::permissions(world_.root() / "secret", std::filesystem::perms::owner_read);
    world_.plan(source("(objectClass=ipHost)"), "site=HQ");
  }
  std::string source(const std::string& filter, const std::string& password = "{file: secret}",
                     const std::string& base = "ou=PCs,dc=example,dc=org") const {
    return "  - ldap:\n      url: " + server_->secure_url() + "\n      base: \"" + base +
           "\"\n      filter: \"" + filter +
           "\"\n      attributes: {name: cn, address: ipHostNumber, site: l}\n"
           "      bind: {dn: \"" +
           LdapServer::kAdmin + "\", password: " + password +
           "}\n      ca_file: " + server_->ca_file().string() +
           "\n      page_size: 7\n    labels: {platform: x86}\n";
  }
  std::string words() const {
    const Finished finished = world_.run({"validate", "--inventory", "PLAN"});
    EXPECT_EQ(finished.exit_code, 3) << finished.out;
    return finished.err;
  }

  AskedWorld world_;
  std::unique_ptr<LdapServer> server_;
};

TEST_F(DirectorySourceTest, Run_GoesToItsEndAndKeepsNoPassword) {
  for (int i = 2; i <= 40; i += 2) world_.client((i < 10 ? "pc000" : "pc00") + std::to_string(i));
  const Finished finished = world_.run({"run", "--yes", "PLAN"});
  ASSERT_EQ(finished.exit_code, 0) << finished.out << finished.err;
  EXPECT_TRUE(world_.upgraded("pc0002") && world_.upgraded("pc0040"));
  EXPECT_THAT(finished.out + finished.err, Not(HasSubstr(LdapServer::kPassword)));
  for (const auto& [path, bytes] : tree_of(world_.root() / "state"))
    EXPECT_THAT(bytes, Not(HasSubstr(LdapServer::kPassword))) << path;
}

TEST_F(DirectorySourceTest, PlainValidate_ConnectsToNobody) {
  server_.reset();
  const Finished finished = world_.run({"validate", "PLAN"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("  ldap ldaps://127.0.0.1:"));
}

TEST_F(DirectorySourceTest, MissingSecret_IsWarnedOfAndRefusesTheRun) {
  world_.plan(source("(cn=*)", "{env: LDAP_TEST_NOT_SET}"));
  const Finished plain = world_.run({"validate", "PLAN"});
  EXPECT_EQ(plain.exit_code, 0) << plain.err;
  EXPECT_THAT(plain.err, HasSubstr("warning: ldap ldaps://127.0.0.1:"));
  EXPECT_THAT(plain.err, HasSubstr("the secret in variable LDAP_TEST_NOT_SET is missing"));
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
           {"validate", "--inventory", "PLAN"}, {"preview", "PLAN"}, {"run", "--yes", "PLAN"}}) {
    const Finished asked = world_.run(command);
    EXPECT_EQ(asked.exit_code, 4) << asked.out << asked.err;
    EXPECT_THAT(asked.err, HasSubstr("the secret in variable LDAP_TEST_NOT_SET is missing"));
    EXPECT_THAT(asked.err, HasSubstr("nothing was done"));
  }
}

TEST_F(DirectorySourceTest, ServerThatIsDown_RefusesTheRunAndTheSavedPreview) {
  ASSERT_EQ(world_.run({"preview", "--save", "SAVED", "PLAN"}).exit_code, 0);
  server_.reset();
  const Finished run = world_.run({"run", "--yes", "PLAN"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr("it cannot be reached: Connection refused"));
  const Finished saved = world_.run({"run", "SAVED"});
  EXPECT_EQ(saved.exit_code, 4);
  EXPECT_THAT(saved.err, HasSubstr("it cannot be reached: Connection refused"));
}

TEST_F(DirectorySourceTest, SavedPreview_RunsWhenNothingChanged) {
  ASSERT_EQ(world_.run({"preview", "--save", "SAVED", "PLAN"}).exit_code, 0);
  for (int i = 2; i <= 40; i += 2) world_.client((i < 10 ? "pc000" : "pc00") + std::to_string(i));
  const Finished finished = world_.run({"run", "SAVED"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("nothing changed since"));
}

TEST_F(DirectorySourceTest, WrongPasswordBaseAndFilter_AreSaid) {
  world_.file("wrong", "kein-schluessel");
  std::filesystem::permissions(world_.root() / "wrong", std::filesystem::perms::owner_read);
  world_.plan(source("(cn=*)", "{file: wrong}"));
  EXPECT_THAT(words(), HasSubstr("it does not let `cn=admin,dc=example,dc=org` in"));
  world_.plan(source("(cn=*)", "{file: secret}", "ou=Printers,dc=example,dc=org"));
  EXPECT_THAT(words(), HasSubstr("it has no `ou=Printers,dc=example,dc=org`"));
  world_.plan(source("(cn=nobody)"));
  EXPECT_THAT(words(), HasSubstr("nothing below `ou=PCs,dc=example,dc=org` matches `(cn=nobody)`"));
  world_.plan(source("(cn=*", "{file: secret}"));
  EXPECT_THAT(words(), HasSubstr("`(cn=*` is not a search filter"));
}

TEST_F(DirectorySourceTest, EntryThatIsNoClient_IsNamed) {
  world_.plan(source("(objectClass=*)"));
  const std::string said = words();
  EXPECT_THAT(said, HasSubstr("entry `ou=PCs,dc=example,dc=org`: it has no `cn`"));
  EXPECT_THAT(said, HasSubstr("entry `cn=odd,ou=PCs,dc=example,dc=org`: its `l` has 2 values"));
}

}  // namespace
}  // namespace sitewide::test
