// Gates that ask, as a plan says them. Whole plans with every key are in good/ and bad/.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::lines_of;
using testing::load_group;

LoadedPlan with_gate(const std::string& gate) {
  return load_group("    method: upgrade_bat\n    after_wave:\n      - " + gate + "\n");
}

Gate gate_of(const LoadedPlan& loaded) {
  EXPECT_THAT(lines_of(loaded.problems), IsEmpty());
  return loaded.plan.groups.at(0).after_wave.at(0);
}

TEST(PlanGates, CheckWithoutMore_HasTheDocumentedDefaults) {
  const Gate gate = gate_of(with_gate("check: {run: [./smoke, -v, \"{hotfix.id}\"]}"));
  EXPECT_EQ(gate.kind, Gate::Kind::check);
  EXPECT_THAT(gate.inquiry.run, ElementsAre("/plans/smoke", "-v", "{hotfix.id}"))
      << "a program with a / lies beside the plan: the controller runs it";
  EXPECT_THAT(gate.inquiry.pass, ElementsAre(0U));
  EXPECT_THAT(gate.inquiry.inconclusive, ElementsAre(75U));
  EXPECT_EQ(gate.inquiry.policy.attempts, 3U);
  EXPECT_EQ(gate.inquiry.policy.backoff, seconds(30));
  EXPECT_EQ(gate.inquiry.policy.backoff_max, minutes(10));
  EXPECT_EQ(gate.inquiry.policy.timeout, minutes(1));
}

TEST(PlanGates, CodeThatPasses_IsNoLongerInconclusiveByDefault) {
  const Gate gate = gate_of(with_gate("check: {run: [smoke], pass: [0, 75]}"));
  EXPECT_THAT(gate.inquiry.pass, ElementsAre(0U, 75U));
  EXPECT_THAT(gate.inquiry.inconclusive, IsEmpty());
}

TEST(PlanGates, DefaultThatIsCalledInconclusive_NothingPasses) {
  EXPECT_THAT(lines_of(with_gate("check: {run: [smoke], inconclusive: [0]}").problems),
              ElementsAre("12:45 nothing passes this gate"));
}

TEST(PlanGates, Http_HeadersAreReferencesAndStatusesHaveDefaults) {
  const Gate gate = gate_of(with_gate(
      "http: {url: \"https://tills/health\", body: up, headers: {X-Key: {file: keys/till}}}"));
  EXPECT_EQ(gate.kind, Gate::Kind::http);
  EXPECT_THAT(gate.inquiry.pass, ElementsAre(200U));
  EXPECT_THAT(gate.inquiry.inconclusive, ElementsAre(429U, 502U, 503U, 504U));
  EXPECT_EQ(gate.inquiry.body, "up");
  ASSERT_EQ(gate.inquiry.headers.size(), 1U);
  EXPECT_EQ(gate.inquiry.headers[0].value.file, "/plans/keys/till");
}

TEST(PlanGates, SecretOverPlainHttp_IsAWarning) {
  const LoadedPlan loaded =
      with_gate("http: {url: \"http://tills/health\", headers: {X-Key: {env: KEY}}}");
  EXPECT_THAT(lines_of(loaded.problems),
              ElementsAre("12:21 a secret goes over the network unprotected"));
  EXPECT_EQ(loaded.problems.at(0).severity, Problem::Severity::warning);
}

TEST(PlanGates, Prometheus_BoundsStayAsWritten) {
  const Gate gate = gate_of(
      with_gate("prometheus: {url: \"http://p:9090\", query: 'up{job=\"a\"}', at_least: 0.990}"));
  EXPECT_EQ(gate.kind, Gate::Kind::prometheus);
  EXPECT_EQ(gate.inquiry.query, "up{job=\"a\"}");
  EXPECT_EQ(gate.inquiry.at_least, "0.990");
  EXPECT_EQ(gate.inquiry.at_most, "");
  EXPECT_FALSE(gate.inquiry.empty_fails);
}

TEST(PlanGates, PrometheusWithoutBounds_IsAnError) {
  EXPECT_THAT(lines_of(with_gate("prometheus: {url: \"http://p:9090\", query: up}").problems),
              ElementsAre("12:21 nothing says which values pass"));
}

}  // namespace
}  // namespace sitewide
