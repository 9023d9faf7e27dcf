// A secret that somebody wrote into a plan is refused or warned of, and never said again: not in a
// message, not in the line that is shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plans/loading.h"

namespace sitewide::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSecret = "hunter2";

/// What is said of `yaml`, in all forms.
std::string said_of(const std::string& yaml) {
  const LoadedPlan loaded = load_text(yaml);
  EXPECT_FALSE(loaded.problems.empty()) << yaml;
  std::string text;
  for (const auto format :
       {DiagnosticFormat::full, DiagnosticFormat::concise, DiagnosticFormat::json})
    text += render(loaded.problems, {{"plan.yaml", yaml}}, {format, false, 100});
  return text;
}

std::string with_transport(const std::string& password) {
  return "version: 1\nname: test\ninventory: [{hosts: [pc1]}]\n"
         "transports:\n  far: {type: ssh, shell: cmd, " +
         password + "}\n" +
         "groups:\n  - {name: all, select: name, method: command, command: {upgrade: [/up]}}\n";
}

std::string with_notify(const std::string& webhook) {
  return with_transport("user: me") + "notify:\n  - webhook: {" + webhook + "}\n";
}

class PlainSecret : public ::testing::TestWithParam<std::string> {};

TEST_P(PlainSecret, IsNeverSaidAgain) { EXPECT_THAT(said_of(GetParam()), Not(HasSubstr(kSecret))); }

INSTANTIATE_TEST_SUITE_P(
    Plans, PlainSecret,
    ::testing::Values(
        with_transport("password: hunter2"), with_transport("password: \"hunter2\""),
        with_transport("password: [hunter2]"), with_transport("password: {text: hunter2}"),
        with_transport("password: {env: hunter2!}"), with_transport("pasword: hunter2"),
        with_transport("secret: hunter2"),
        with_transport("password: hunter2, port: 65536"),  // another problem in the same line
        with_notify("url: \"https://me:hunter2@example.org/\""),
        with_notify("url: \"https://h/\", headers: {Authorization: Bearer hunter2}"),
        with_notify("url: \"https://h/\", headers: {X-Token: [hunter2]}"),
        with_transport("user: me") + "sites: {HQ: {root: \"smb://me:hunter2@server/SMS\", "
                                     "logon_servers: {L1: \"smb://hunter2@l1/SMS_SHR\"}}}\n"));

TEST(PlainSecret, WhatIsWrong_IsStillSaid) {
  EXPECT_THAT(said_of(with_transport("password: hunter2")),
              HasSubstr("expected a map with keys such as `env`, found another text"));
  const std::string place =
      said_of(with_transport("user: me") +
              "sites: {HQ: {root: \"smb://me:hunter2@server/SMS\", logon_servers: {L1: l1}}}\n");
  EXPECT_THAT(place, HasSubstr("smb://***@server/SMS: user and password stand under `smb`"));
}

}  // namespace
}  // namespace sitewide::testing
