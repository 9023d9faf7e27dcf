// How gates are asked, and what the answers say.
#include "adapters/gates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/prometheus_answer.h"
#include "tests/adapters/left_behind.h"
#include "tests/adapters/local_world.h"
#include "tests/support/http_server.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class AskGate : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::children(), 0U); }

  Outcome ask(const Gate& gate, Duration timeout = 20s) {
    Operation operation;
    operation.action.subject = Subject::gate(0, 0, 0);
    operation.action.step = Step::check;
    operation.action.deadline = world_.context.now() + timeout;
    operation.gate = gate;
    operation.values["hotfix.id"] = "Q237690";
    StepContext context = world_.context;
    context.transport = nullptr;  // a gate has no client
    Answer answer = test::run_on(world_.loop, ask_gate(std::move(context), std::move(operation)));
    EXPECT_EQ(answer.kind, Answer::Kind::done) << "a gate is never in doubt";
    return answer.outcome;
  }
  Outcome check(const std::string& script, Duration timeout = 20s) {
    Gate gate;
    gate.kind = Gate::Kind::check;
    gate.inquiry.run = {"/bin/sh", "-c", script, "{hotfix.id}"};
    gate.inquiry.pass = {0};
    gate.inquiry.inconclusive = {75};
    return ask(gate, timeout);
  }
  static Gate http(const std::string& url) {
    Gate gate;
    gate.kind = Gate::Kind::http;
    gate.inquiry.url = url;
    gate.inquiry.pass = {200};
    gate.inquiry.inconclusive = {503};
    return gate;
  }

  test::LocalWorld world_;
};

TEST_F(AskGate, Check_ExitCodesAreTheVerdict) {
  EXPECT_EQ(check("test \"$0\" = Q237690").kind, OutcomeKind::ok);
  const Outcome failed = check("echo 3 tills are down; exit 1");
  EXPECT_EQ(failed.kind, OutcomeKind::failed);
  EXPECT_EQ(failed.reason, "exit 1: 3 tills are down");
  EXPECT_EQ(check("exit 75").kind, OutcomeKind::inconclusive);
}

TEST_F(AskGate, CheckThatComesToNoEndOfItsOwn_SaysNothing) {
  EXPECT_EQ(check("kill -9 $$").kind, OutcomeKind::inconclusive);
  const Outcome late = check("sleep 61 & sleep 62", 300ms);
  EXPECT_EQ(late.kind, OutcomeKind::timed_out);
  Gate missing;
  missing.kind = Gate::Kind::check;
  missing.inquiry.run = {"/no/such/program"};
  EXPECT_EQ(ask(missing).kind, OutcomeKind::unreachable);
  EXPECT_EQ(check("exit 0", -1s).kind, OutcomeKind::timed_out) << "its deadline had passed";
}

class AskServer : public AskGate {
 protected:
  void TearDown() override { EXPECT_EQ(test::children(), 1U) << "the server alone"; }

  test::TemporaryFolder folder_;
  test::HttpServer server_{folder_.path() / "requests"};
};

TEST_F(AskServer, Http_StatusAndBodyAreTheVerdict) {
  EXPECT_EQ(ask(http(server_.url("/ok"))).kind, OutcomeKind::ok);
  const Outcome missing = ask(http(server_.url("/nowhere")));
  EXPECT_EQ(missing.kind, OutcomeKind::failed);
  EXPECT_EQ(missing.reason, "status 404");
  EXPECT_EQ(ask(http(server_.url("/status/503"))).kind, OutcomeKind::inconclusive);
  EXPECT_EQ(ask(http(server_.url("/redirect"))).reason, "status 302") << "not followed";
  Gate wanted = http(server_.url("/ok"));
  wanted.inquiry.body = "fine";
  EXPECT_EQ(ask(wanted).kind, OutcomeKind::ok);
  wanted.inquiry.body = "well";
  const Outcome lacking = ask(wanted);
  EXPECT_EQ(lacking.kind, OutcomeKind::failed);
  EXPECT_EQ(lacking.reason, "status 200; the body lacks `well`");
}

TEST_F(AskServer, HttpWithoutAnAnswer_SaysNothing) {
  EXPECT_EQ(ask(http(server_.url("/hang")), 300ms).kind, OutcomeKind::timed_out);
  EXPECT_EQ(ask(http("http://127.0.0.1:1/")).kind, OutcomeKind::unreachable);
  EXPECT_EQ(ask(http(server_.url("/garbage"))).kind, OutcomeKind::inconclusive);
  EXPECT_EQ(ask(http(server_.url("/cut"))).kind, OutcomeKind::inconclusive);
  EXPECT_EQ(ask(http(server_.url("/ok", "https"))).kind, OutcomeKind::unreachable)
      << "no TLS there";
}

TEST_F(AskServer, SecretOfAHeader_IsSentAndNeverSaid) {
  ::setenv("SITEWIDE_TEST_TOKEN", "sesame-open", 1);
  Gate gate = http(server_.url("/ok"));
  gate.inquiry.headers = {{"Authorization", {"", "SITEWIDE_TEST_TOKEN", "", "Bearer "}}};
  gate.inquiry.body = "sesame";
  const Outcome outcome = ask(gate);
  EXPECT_THAT(server_.requests().back(), HasSubstr("Bearer sesame-open"));
  EXPECT_THAT(outcome.reason, Not(HasSubstr("sesame-open")));
  ::unsetenv("SITEWIDE_TEST_TOKEN");
  const Outcome refused = ask(gate);
  EXPECT_EQ(refused.kind, OutcomeKind::refused);
  EXPECT_THAT(refused.reason, HasSubstr("SITEWIDE_TEST_TOKEN"));
  EXPECT_EQ(server_.requests().size(), 1U) << "nothing is sent without it";
}

TEST_F(AskServer, Prometheus_IsAskedByFormAndJudgedByItsValues) {
  Gate gate;
  gate.kind = Gate::Kind::prometheus;
  gate.inquiry.url = server_.url("/");
  gate.inquiry.query = "sum(up{job=\"tills\"}) & 1";
  gate.inquiry.at_least = "0.99";
  const auto answers = [&](const std::string& result) {
    std::ofstream(folder_.path() / "requests.prometheus")
        << R"({"status":"success","data":{"resultType":"vector","result":[)" << result << "]}}";
    return ask(gate);
  };
  EXPECT_EQ(ask(gate).kind, OutcomeKind::inconclusive) << "there is no such service yet: 404";
  EXPECT_EQ(answers(R"({"metric":{},"value":[1,"1"]})").kind, OutcomeKind::ok);
  EXPECT_THAT(server_.requests().back(), HasSubstr("\"path\": \"/api/v1/query\""));
  EXPECT_THAT(server_.requests().back(),
              HasSubstr("query=sum%28up%7Bjob%3D%22tills%22%7D%29%20%26%201"));
  const Outcome low = answers(R"({"metric":{"shop":"a"},"value":[1,"0.5"]})");
  EXPECT_EQ(low.kind, OutcomeKind::failed);
  EXPECT_EQ(low.reason, "{shop=\"a\"} is 0.5");
  EXPECT_EQ(answers("").kind, OutcomeKind::inconclusive);
  gate.inquiry.empty_fails = true;
  EXPECT_EQ(answers("").kind, OutcomeKind::failed);
}

Inquiry between(const char* least, const char* most) {
  Inquiry inquiry;
  inquiry.at_least = least;
  inquiry.at_most = most;
  return inquiry;
}

TEST(PrometheusAnswer, Values_AreReadAsTheyAreWritten) {
  const auto samples =
      parse_prometheus(R"({"status":"success","data":{"resultType":"vector","result":[)"
                       R"({"metric":{"__name__":"up","job":"a"},"value":[1700000000.5,"1e+06"]},)"
                       R"({"metric":{},"value":[1,"-Inf"]}]},"warnings":["x"]})");
  ASSERT_TRUE(samples) << samples.error().message;
  ASSERT_EQ(samples->size(), 2U);
  EXPECT_EQ((*samples)[0].series, "up{job=\"a\"}");
  EXPECT_EQ((*samples)[0].value, 1e6);
  EXPECT_LT((*samples)[1].value, -1e300);
  const auto scalar = parse_prometheus(
      R"({"status":"success","data":{"resultType":"scalar","result":[1,"0.25"]}})");
  ASSERT_TRUE(scalar);
  EXPECT_EQ(scalar->at(0).value, 0.25);
}

TEST(PrometheusAnswer, AnythingElse_IsRefusedWithTheReason) {
  const auto why = [](const char* body) {
    const auto samples = parse_prometheus(body);
    return samples ? std::string("accepted") : samples.error().message;
  };
  EXPECT_EQ(why("<html>"), "it is not a JSON object");
  EXPECT_EQ(why(R"({"status":"error","error":"parse error\n at 3"})"),
            "Prometheus says: parse error\\n at 3");
  EXPECT_EQ(why(R"({"status":"ok"})"), "it is not what Prometheus answers to a query");
  EXPECT_THAT(why(R"({"status":"success","data":{"resultType":"matrix","result":[]}})"),
              StartsWith("its result is of type `matrix`"));
  EXPECT_EQ(
      why(R"({"status":"success","data":{"resultType":"vector","result":[{"value":[1,2]}]}})"),
      "one of its series has no value")
      << "a number where text is";
  EXPECT_EQ(why(R"({"status":"success","data":{"resultType":"scalar","result":[1,"0x10"]}})"),
            "its scalar has no value");
}

TEST(PrometheusAnswer, EachSeriesMustBeWithin_TheWorstIsNamed) {
  const std::vector<Sample> samples{{"a", 0.9}, {"b", 3}, {"c", 1.5}};
  const Outcome outcome = judge_samples(samples, between("0.5", "1"));
  EXPECT_EQ(outcome.kind, OutcomeKind::failed);
  EXPECT_EQ(outcome.reason, "b is 3, the worst of 3 series");
  EXPECT_EQ(judge_samples(samples, between("0.9", "3")).kind, OutcomeKind::ok) << "bounds pass";
  EXPECT_EQ(judge_samples({{"", -2}}, between("-2.5", "")).reason, "it is -2");
}

TEST(PrometheusAnswer, NoNumber_SaysNothingWhateverTheOthersSay) {
  const Outcome outcome = judge_samples({{"a", 1}, {"b", std::nan("")}}, between("1", ""));
  EXPECT_EQ(outcome.kind, OutcomeKind::inconclusive);
  EXPECT_EQ(outcome.reason, "b is no number");
}

}  // namespace
}  // namespace sitewide
