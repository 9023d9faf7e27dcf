// `notify:` as it is read: receivers, what they listen to, secrets by reference.
#include <gmock/gmock.h>

#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

LoadedPlan with_notify(const std::string& items) {
  return testing::load_group("    method: command\n    command: {upgrade: [up]}\n",
                             "notify:\n" + items);
}

TEST(NotifyPlan, Webhook_HasReferencesAndAbsolutePaths) {
  const LoadedPlan loaded = with_notify(
      "  - webhook:\n"
      "      url: https://hooks.example.org/x\n"
      "      headers: {Authorization: {env: TOKEN, prefix: \"Bearer \"}, X-Key: {file: k}, X: y}\n"
      "      ca_file: ca.pem\n"
      "      timeout: 20s\n");
  ASSERT_EQ(loaded.plan.notify.size(), 1U);
  const NotifyTarget& target = loaded.plan.notify.front();
  EXPECT_EQ(target.kind, NotifyTarget::Kind::webhook);
  EXPECT_EQ(target.webhook.url.text, "https://hooks.example.org/x");
  ASSERT_EQ(target.webhook.headers.size(), 3U);
  EXPECT_EQ(target.webhook.headers[0].value.env, "TOKEN");
  EXPECT_EQ(target.webhook.headers[0].value.prefix, "Bearer ");
  EXPECT_EQ(target.webhook.headers[1].value.file, "/plans/k");
  EXPECT_EQ(target.webhook.headers[2].value.text, "y");
  EXPECT_EQ(target.webhook.ca_file, "/plans/ca.pem");
  EXPECT_EQ(target.timeout, std::chrono::seconds(20));
  EXPECT_EQ(target.on, default_occasions());
  EXPECT_EQ(describe_target(target), "https://hooks.example.org");
}

TEST(NotifyPlan, CommandAndEmail_AreRead) {
  const LoadedPlan loaded = with_notify(
      "  - command: [./page, \"{client.name}\"]\n    on: [breach, breach, end]\n"
      "  - email: {to: [a@example.org, root]}\n");
  ASSERT_EQ(loaded.plan.notify.size(), 2U);
  EXPECT_THAT(loaded.plan.notify[0].command, ElementsAre("/plans/page", "{client.name}"));
  EXPECT_THAT(loaded.plan.notify[0].on, ElementsAre(Occasion::breach, Occasion::end));
  EXPECT_THAT(loaded.plan.notify[1].email.to, ElementsAre("a@example.org", "root"));
  EXPECT_EQ(loaded.plan.notify[1].email.sendmail, "/usr/sbin/sendmail");
  EXPECT_EQ(describe_target(loaded.plan.notify[1]), "email to a@example.org, root");
}

std::string first_problem(const std::string& items) {
  const LoadedPlan loaded = with_notify(items);
  for (const Problem& problem : loaded.problems) {
    if (problem.message.find("source") == std::string::npos)
      return problem.message + " (" + problem.help + ")";
  }
  return {};
}

TEST(NotifyPlan, BadUrl_SaysWhyWithoutThePassword) {
  const std::string problem =
      first_problem("  - webhook: {url: \"https://anna:s3cret@example.org/\"}\n");
  EXPECT_THAT(problem, HasSubstr("use a header with a secret"));
  EXPECT_THAT(problem, Not(HasSubstr("s3cret")));
}

TEST(NotifyPlan, SecretWrittenOut_IsWarnedOf) {
  EXPECT_THAT(
      first_problem("  - webhook: {url: \"https://h/\", headers: {Authorization: Bearer}}\n"),
      HasSubstr("can be read by everyone who can read the plan"));
  EXPECT_THAT(first_problem("  - webhook: {url: \"http://h/\", headers: {X: {env: A}}}\n"),
              HasSubstr("goes over the network unprotected"));
  EXPECT_THAT(first_problem("  - webhook: {url: \"https://h/\", headers: {X: {env: A}}}\n"),
              IsEmpty());
}

}  // namespace
}  // namespace sitewide
