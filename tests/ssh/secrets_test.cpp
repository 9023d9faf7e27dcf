// No secret anywhere: rollouts with a canary in each place where a plan may name a secret, by
// variable and by file, in which much goes wrong. Each canary reaches whom it is for, and is found
// nowhere else: not in the state directory, on screens, in logs and reports, or in an argv.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/cli/command_world.h"
#include "tests/support/canary.h"
#include "tests/support/http_server.h"
#include "tests/support/lab_check.h"
#include "tests/support/ldap_server.h"
#include "tests/support/smb_server.h"
#include "tests/support/ssh_server.h"

namespace sitewide::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

namespace fs = std::filesystem;
using Environment = std::map<std::string, std::string>;

/// What commands printed, as a person and as a program see it, all diagnostics on.
class Screens {
 public:
  Screens(fs::path state, fs::path log, Environment environment)
      : state_(std::move(state)), log_(std::move(log)), environment_(std::move(environment)) {}

  int run(std::vector<std::string> arguments) {
    const std::vector<std::string> all{"--state-dir", state_.string(), "-v",
                                       "-v",          "--log-file",    log_.string()};
    arguments.insert(arguments.begin(), all.begin(), all.end());
    const Finished end =
        Program(sitewide_argv(std::move(arguments)), environment_).finish(std::chrono::minutes(3));
    printed_ += end.out + end.err;
    last_ = end.out + end.err;
    return end.exit_code;
  }
  /// All that tells of a rollout; files go to `folder`.
  void look_at_everything(const fs::path& folder) {
    for (const char* command : {"status", "why", "log", "audit", "list"}) {
      const bool whole = std::string(command) == "list";
      for (const bool json : {false, true}) {
        std::vector<std::string> arguments{command};
        if (!whole) arguments.emplace_back("latest");
        if (json) arguments.emplace_back("--json");
        run(arguments);
      }
    }
    for (const char* form : {"html", "csv", "junit"})
      run({"report", "latest", std::string("--") + form, (folder / form).string()});
  }
  const std::string& printed() const { return printed_; }
  const std::string& last() const { return last_; }

 private:
  fs::path state_, log_;
  Environment environment_;
  std::string printed_, last_;
};

void write_secret(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  write_file(path, text + "\n");
  ::chmod(path.c_str(), 0600);
}

const Canaries kCanaries{"canary-webhook-header-0a1b", "canary-webhook-url-1b2c",
                         "canary-dead-url-2c3d",       "canary-http-gate-3d4e",
                         "canary-prometheus-4e5f",     "canary-ssh-password-5f6a"};

std::string commands_plan(const HttpServer& server, const SshServer& ssh) {
  const std::string far = "  far: {type: ssh, shell: posix, config: " + ssh.config().string() +
                          ", user: sitewide-ssh-test, password: {file: secrets/ssh}, "
                          "connect_within: 5s}\n";
  return "version: 1\nname: here\ninventory:\n  - file: clients.csv\ntransports:\n"
         "  here: {type: local, root: \"clients/{client.name}\"}\n" +
         far +
         "groups:\n"
         "  - name: all\n    select: kind=here\n    transport: here\n    method: command\n"
         "    attempts: 1\n    strict: false\n    tolerate: {failed: 1}\n"
         "    before: [{http: {url: \"" +
         server.url("/fail/1/gate") +
         "\", headers: {X-Gate: {env: CANARY_GATE}}, attempts: 5, backoff: 1s}}]\n"
         "    after_wave: [{prometheus: {url: \"" +
         server.url("") +
         "\", query: up, at_least: 1, attempts: 2, backoff: 1s,\n"
         "      headers: {Authorization: {file: secrets/prometheus, prefix: \"Bearer \"}}}}]\n"
         "    command: {upgrade: " +
         CommandWorld::failing() +
         ", restore: [rm, -f, \"{client.root}/done\"]}\n"
         "  - name: far\n    after: [all]\n    select: kind=far\n    transport: far\n    method: "
         "command\n"
         "    retry_late: 1s\n    give_up_late: 3s\n"
         "    command: {upgrade: [\"true\"], repeatable: true}\n"
         "notify:\n"
         "  - webhook: {url: {file: secrets/url}, timeout: 2s,\n"
         "      headers: {Authorization: {env: CANARY_HOOK, prefix: \"Bearer \"}}}\n"
         "  - webhook: {url: {env: CANARY_DEAD}, timeout: 2s}\n"
         "  - email: {to: [me@example.org], sendmail: ./sendmail}\n";
}

/// An account that logs in by a password, as tests/adapters/ssh_transport_test.cpp makes it.
bool has_ssh_account() {
  const char* make =
      "id sitewide-ssh-test >/dev/null 2>&1 || useradd -M -s /bin/sh sitewide-ssh-test && "
      "echo 'sitewide-ssh-test:right one' | chpasswd";
  return ::geteuid() == 0 && std::system(make) == 0;
}

void take_passwords(const fs::path& sshd) {
  std::string config = read_file(sshd / "sshd_config");
  const std::string no = "PasswordAuthentication no";
  config.replace(config.find(no), no.size(), "PasswordAuthentication yes");
  write_file(sshd / "sshd_config", config);
}

TEST(SecretSweep, OfARolloutInWhichMuchGoesWrong_FindsNone) {
  if (!SshServer::is_there() || !has_ssh_account())
    GTEST_SKIP() << "needs openssh-server, and root for an account with a password";
  const CommandWorld world, outside;  // outside lies what servers and people have
  const HttpServer server(outside.root() / "requests");
  SshServer ssh(outside.root() / "sshd");
  take_passwords(outside.root() / "sshd");
  ssh.add("far01");
  ssh.start();
  write_file(world.root() / "clients.csv",
             "name,address,kind\npc01,,here\npc02,,here\n"
             "pc03,,here\nfar01," +
                 ssh.client("far01").address + ",far\n");
  write_file(outside.root() / "requests.prometheus",
             R"({"status":"success","data":{"resultType":"vector","result":[)"
             R"({"metric":{"shop":"a"},"value":[1,"0"]}]}})");
  write_file(world.root() / "sendmail", "#!/bin/sh\ncat >>\"${0%/*}/mail\"\n");
  fs::permissions(world.root() / "sendmail", fs::perms::owner_all);
  write_file(world.plan(), commands_plan(server, ssh));
  const fs::path secrets = world.root() / "secrets";
  write_secret(secrets / "url", server.url("/fail/1/" + kCanaries[1]));
  write_secret(secrets / "prometheus", kCanaries[4]);
  write_secret(secrets / "ssh", kCanaries[5]);  // not the right one
  Screens screens(world.state(), world.root() / "diagnostics.log",
                  {{"CANARY_HOOK", kCanaries[0]},
                   {"CANARY_DEAD", "http://127.0.0.1:1/" + kCanaries[2]},
                   {"CANARY_GATE", kCanaries[3]}});
  CommandLineWatch watch(kCanaries);
  screens.run({"validate", "--probe", world.plan()});
  EXPECT_THAT(screens.last(), HasSubstr("password")) << "it was denied";
  EXPECT_EQ(screens.run({"preview", world.plan(), "--save", world.root() / "saved"}), 0)
      << screens.last();
  EXPECT_EQ(screens.run({"run", "--yes", world.plan()}), 11) << screens.last();
  EXPECT_THAT(screens.last(), HasSubstr("not notified"));
  screens.look_at_everything(world.root());
  EXPECT_NE(screens.run({"run", "--yes", "--only", "kind=far", world.plan()}), 0);
  EXPECT_THAT(screens.last(), HasSubstr("tried the password"));
  screens.look_at_everything(world.root());
  EXPECT_THAT(watch.found(), IsEmpty());
  EXPECT_GT(watch.looked_at(), 1000U);

  std::string asked;
  for (const std::string& request : server.requests()) asked += request;
  const Canaries received{kCanaries[0], kCanaries[1], kCanaries[3], kCanaries[4]};
  EXPECT_THAT(canaries_in(asked, kCanaries), UnorderedElementsAreArray(received));
  EXPECT_TRUE(fs::exists(world.root() / "mail"));
  EXPECT_THAT(canaries_in(screens.printed(), kCanaries), IsEmpty());
  EXPECT_THAT(canaries_below(world.root(), kCanaries, secrets), IsEmpty());
}

TEST(SecretSweep, OfSharesThatRefuseTheLogin_FindsNone) {
  if (!SmbServer::missing().empty()) GTEST_SKIP() << SmbServer::missing();
  const auto lab = small_lab();
  const SmbServer server(lab->state().parent_path() / "samba",
                         {{"SMS_C", lab->root() / "hq"}, {"Clients", lab->root() / "clients"}});
  const Canaries canaries{SmbServer::kPassword, "canary-smb-wrong-6a7b"};
  const fs::path secrets = lab->root() / "secrets";
  write_secret(secrets / "smb", canaries[1]);
  const std::string user = std::string("    smb: {user: ") + SmbServer::kUser + ", password: ";
  lab->edit_plan("root: hq/SMS",
                 "root: " + server.url("SMS_C") + "/SMS\n" + user + "{env: CANARY_SMB}}");
  lab->edit_plan("    type: local\n",
                 "    type: local\n    files: smb\n    share: " + server.url("Clients") +
                     "/{client.name}\n" + user + "{file: secrets/smb}}\n");
  Screens screens(lab->state(), lab->root() / "diagnostics.log", {{"CANARY_SMB", canaries[0]}});
  CommandLineWatch watch(canaries);
  EXPECT_NE(screens.run({"validate", "--probe", lab->plan()}), 0);
  EXPECT_THAT(screens.last(), HasSubstr("wrong user or password")) << "clients are not";
  screens.run({"preview", "--probe", lab->plan(), "--save", lab->root() / "saved"});
  EXPECT_THAT(screens.last(), HasSubstr("Pcmwin32.exe")) << "the site is reached";
  EXPECT_THAT(watch.found(), IsEmpty());
  EXPECT_THAT(canaries_in(screens.printed(), canaries), IsEmpty());
  EXPECT_THAT(canaries_below(lab->root(), canaries, secrets), IsEmpty());
}

TEST(SecretSweep, OfADirectory_FindsNone) {
  if (!LdapServer::installed()) GTEST_SKIP() << "slapd is not installed";
  const CommandWorld world, outside;
  fs::create_directory(outside.root() / "slapd");
  const LdapServer server(outside.root() / "slapd", LdapServer::computers(3));
  ASSERT_TRUE(server.ready()) << server.said();
  const Canaries canaries{LdapServer::kPassword, "canary-ldap-wrong-7b8c"};
  const fs::path secrets = world.root() / "secrets";
  write_secret(secrets / "ldap", canaries[0]);
  for (int i = 1; i <= 3; ++i)
    fs::create_directories(world.clients() / ("pc000" + std::to_string(i)));
  const auto write_plan = [&](const std::string& password) {
    write_file(world.plan(),
               "version: 1\nname: here\ninventory:\n  - ldap: {url: \"" + server.secure_url() +
                   "\", base: \"ou=PCs,dc=example,dc=org\", filter: \"(objectClass=ipHost)\",\n"
                   "      attributes: {name: cn, address: ipHostNumber}, ca_file: " +
                   server.ca_file().string() + ",\n      bind: {dn: \"" + LdapServer::kAdmin +
                   "\", password: " + password +
                   "}}\ntransports:\n  here: {type: local, root: \"clients/{client.name}\"}\n"
                   "groups:\n  - {name: all, select: name, method: command, command: {upgrade: "
                   "[\"true\"]}}\n");
  };
  Screens screens(world.state(), world.root() / "diagnostics.log", {{"CANARY_LDAP", canaries[1]}});
  CommandLineWatch watch(canaries);
  write_plan("{env: CANARY_LDAP}");
  EXPECT_NE(screens.run({"run", "--yes", world.plan()}), 0);
  write_plan("{file: secrets/ldap}");
  EXPECT_EQ(screens.run({"run", "--yes", world.plan()}), 0) << screens.last();
  screens.look_at_everything(world.root());
  EXPECT_THAT(watch.found(), IsEmpty());
  EXPECT_THAT(canaries_in(screens.printed(), canaries), IsEmpty());
  EXPECT_THAT(canaries_below(world.root(), canaries, secrets), IsEmpty());
}

TEST(SecretSweep, ACanaryThatIsThere_IsFound) {
  const CommandWorld world;
  const Canaries canaries{"canary-control-8c9d"};
  write_file(world.root() / "plain", "x" + canaries[0] + "\n");
  // `me:canary-control-8c9d` as a header of HTTP has it.
  write_file(world.root() / "encoded", "Basic bWU6Y2FuYXJ5LWNvbnRyb2wtOGM5ZA==\n");
  write_secret(world.root() / "secrets/left-out", canaries[0]);
  EXPECT_THAT(canaries_below(world.root(), canaries, world.root() / "secrets"),
              UnorderedElementsAreArray({"plain: " + canaries[0], "encoded: " + canaries[0]}));
  CommandLineWatch watch(canaries);
  Program({"sh", "-c", "sleep 1; :", canaries[0]}).finish();
  EXPECT_THAT(watch.found(), Contains(HasSubstr("sleep 1")));
}

}  // namespace
}  // namespace sitewide::test
