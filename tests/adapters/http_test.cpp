// The HTTP client against a real server (tests/support/http_server.py) that behaves well and badly.
#include "adapters/http/http.h"

#include <gmock/gmock.h>

#include <thread>

#include "orchestrator/base/text.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/support/http_server.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Http : public ::testing::Test {
 protected:
  HttpRequest get(const std::string& path) {
    HttpRequest request;
    request.url = server_.url(path);
    request.timeout = 10s;
    return request;
  }
  HttpAnswer ask(const std::string& path) { return http_exchange(get(path)); }

  test::TemporaryFolder folder_;
  test::HttpServer server_{folder_.path() / "requests"};
};

TEST_F(Http, Answer_HasStatusHeadersAndBody) {
  const HttpAnswer answer = ask("/ok");
  ASSERT_TRUE(answer.arrived()) << answer.why;
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "fine");
  EXPECT_EQ(answer.header("x-seen"), "yes");
  EXPECT_EQ(answer.header("X-Other"), "");
}

TEST_F(Http, Post_SendsHeadersAndBody) {
  HttpRequest request = get("/status/204");
  request.method = "POST";
  request.body = "{\"a\":1}";
  request.headers = {{"Content-Type", "application/json"}, {"Authorization", "Bearer secret"}};
  const HttpAnswer answer = http_exchange(request);
  ASSERT_TRUE(answer.arrived()) << answer.why;
  EXPECT_EQ(answer.status, 204);
  ASSERT_EQ(server_.requests().size(), 1U);
  const std::string seen = server_.requests().front();
  EXPECT_THAT(seen, HasSubstr("\"method\": \"POST\""));
  EXPECT_THAT(seen, HasSubstr("[\"Authorization\", \"Bearer secret\"]"));
  EXPECT_THAT(seen, HasSubstr("{\\\"a\\\":1}"));
  EXPECT_THAT(seen, HasSubstr("[\"Host\", \"127.0.0.1:" + std::to_string(server_.port()) + "\"]"));
}

TEST_F(Http, Head_HasNoBody) {
  HttpRequest request = get("/ok");
  request.method = "HEAD";
  const HttpAnswer answer = http_exchange(request);
  ASSERT_TRUE(answer.arrived()) << answer.why;
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
}

TEST_F(Http, ErrorStatus_IsAnAnswer) {
  EXPECT_EQ(ask("/status/503").status, 503);
  EXPECT_EQ(ask("/status/401").status, 401);
}

TEST_F(Http, Redirect_IsNotFollowed) {
  HttpRequest request = get("/redirect");
  request.headers = {{"Authorization", "Bearer secret"}};
  const HttpAnswer answer = http_exchange(request);
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.header("Location"), "/ok");
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(Http, InterimAnswers_ArePassedOver) {
  const HttpAnswer answer = ask("/interim");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "at last");
}

TEST_F(Http, BodyWithoutLength_EndsWithTheConnection) {
  EXPECT_EQ(ask("/no-length").body, "until the end");
}

TEST_F(Http, AnswerBeforeTheBodyIsTaken_IsRead) {
  HttpRequest request = get("/early");
  request.method = "POST";
  request.body = std::string(8U << 20U, 'x');
  const HttpAnswer answer = http_exchange(request);
  // The server's kernel may throw its answer away when it closes with unread bytes.
  if (answer.arrived()) {
    EXPECT_EQ(answer.status, 413);
  } else {
    EXPECT_EQ(answer.trouble, HttpTrouble::broken_off) << answer.why;
  }
}

TEST_F(Http, NobodyListens_IsRefused) {
  int port = 0;
  {
    const test::HttpServer gone(folder_.path() / "gone");
    port = gone.port();
  }
  HttpRequest request;
  request.url = "http://127.0.0.1:" + std::to_string(port) + "/";
  const HttpAnswer answer = http_exchange(request);
  EXPECT_EQ(answer.trouble, HttpTrouble::refused);
  EXPECT_EQ(answer.why, "127.0.0.1 refuses connections at port " + std::to_string(port));
}

TEST_F(Http, UnknownName_IsNotFound) {
  HttpRequest request;
  request.url = "http://no-such-host.invalid/";
  request.timeout = 60s;
  const HttpAnswer answer = http_exchange(request);
  EXPECT_EQ(answer.trouble, HttpTrouble::name_not_found) << answer.why;
  EXPECT_THAT(answer.why, HasSubstr("no address for no-such-host.invalid"));
}

TEST_F(Http, SilentServer_TimesOutAtTheDeadline) {
  HttpRequest request = get("/hang");
  request.timeout = 300ms;
  const auto began = std::chrono::steady_clock::now();
  const HttpAnswer answer = http_exchange(request);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_EQ(answer.trouble, HttpTrouble::timed_out);
  EXPECT_EQ(answer.why, "no answer within 300 ms: still waiting for the answer");
  EXPECT_GE(took, 300ms);
  EXPECT_LT(took, 5s);
}

// A deadline for each read would never pass: a byte comes every second.
TEST_F(Http, DripFeed_TimesOutAtTheDeadline) {
  HttpRequest request = get("/slow");
  request.timeout = 1500ms;
  EXPECT_EQ(http_exchange(request).trouble, HttpTrouble::timed_out);
}

TEST_F(Http, Stop_EndsAWaitAtOnce) {
  HttpRequest request = get("/hang");
  request.timeout = 60s;
  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(200ms);
    stop.request_stop();
  });
  const HttpAnswer answer = http_exchange(request, stop.get_token());
  stopper.join();
  EXPECT_EQ(answer.trouble, HttpTrouble::cancelled);
  EXPECT_EQ(http_exchange(get("/hang"), stop.get_token()).trouble, HttpTrouble::cancelled);
}

TEST_F(Http, EndlessBodies_AreTooLarge) {
  for (const char* path : {"/huge", "/huge-chunked"}) {
    const HttpAnswer answer = ask(path);
    EXPECT_EQ(answer.trouble, HttpTrouble::too_large) << path;
    EXPECT_THAT(answer.why, HasSubstr("a body over 1,048,576 bytes")) << path;
  }
}

TEST_F(Http, EndlessBodies_CanBeShortened) {
  for (const char* path : {"/huge", "/huge-chunked"}) {
    HttpRequest request = get(path);
    request.most_bytes = 1000;
    request.may_shorten = true;
    const HttpAnswer answer = http_exchange(request);
    ASSERT_TRUE(answer.arrived()) << path << answer.why;
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.shortened);
    EXPECT_LE(answer.body.size(), 1000U);
  }
}

TEST_F(Http, LongHeaders_AreTooLarge) {
  EXPECT_EQ(ask("/long-header").trouble, HttpTrouble::too_large);
}

TEST_F(Http, OtherProtocol_IsMalformedAndSafeToShow) {
  const HttpAnswer answer = ask("/garbage");
  EXPECT_EQ(answer.trouble, HttpTrouble::malformed);
  EXPECT_FALSE(has_control_character(answer.why)) << answer.why;
}

TEST_F(Http, EarlyEnds_AreBrokenOff) {
  for (const char* path : {"/close", "/cut", "/cut-chunk"}) {
    const HttpAnswer answer = ask(path);
    EXPECT_EQ(answer.trouble, HttpTrouble::broken_off) << path << ": " << answer.why;
  }
}

TEST_F(Http, UnusableRequests_AreNotSentAndHoldBackSecrets) {
  HttpRequest request = get("/ok");
  request.headers = {{"Authorization", "s3cret\r\nX: y"}};
  HttpAnswer answer = http_exchange(request);
  EXPECT_EQ(answer.trouble, HttpTrouble::unusable);
  EXPECT_THAT(answer.why, HasSubstr("`Authorization`"));
  EXPECT_THAT(answer.why, Not(HasSubstr("s3cret")));
  request.headers = {{"Bad name", "x"}};
  EXPECT_EQ(http_exchange(request).trouble, HttpTrouble::unusable);
  request.headers = {{"content-length", "5"}};
  EXPECT_EQ(http_exchange(request).trouble, HttpTrouble::unusable);
  request = get("/ok");
  request.method = "DELETE";
  EXPECT_EQ(http_exchange(request).trouble, HttpTrouble::unusable);
  request = get("/ok");
  request.url = "ftp://127.0.0.1/";
  EXPECT_EQ(http_exchange(request).trouble, HttpTrouble::unusable);
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(Http, PlainServer_GivesNoTls) {
  HttpRequest request = get("/ok");
  request.url = server_.url("/ok", "https");
  const HttpAnswer answer = http_exchange(request);
  EXPECT_EQ(answer.trouble, HttpTrouble::tls) << answer.why;
  EXPECT_THAT(server_.requests(), IsEmpty());
}

class HttpTls : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(localhost_.made && address_.made) << "openssl made no certificate";
  }
  HttpAnswer ask(const test::HttpServer& server, const std::string& host, const std::string& ca) {
    HttpRequest request;
    request.url = server.url("/ok", "https", host);
    request.ca_file = ca;
    return http_exchange(request);
  }

  test::TemporaryFolder folder_;
  test::TestCertificate localhost_{folder_.path(), "localhost"};
  test::TestCertificate address_{folder_.path(), "127.0.0.1"};
};

TEST_F(HttpTls, TrustedCertificateOfThatName_IsAccepted) {
  const test::HttpServer server(folder_.path() / "requests", &localhost_);
  const HttpAnswer answer = ask(server, "localhost", localhost_.certificate);
  ASSERT_TRUE(answer.arrived()) << answer.why;
  EXPECT_EQ(answer.body, "fine");
}

TEST_F(HttpTls, TrustedCertificateOfThatAddress_IsAccepted) {
  const test::HttpServer server(folder_.path() / "requests", &address_);
  const HttpAnswer answer = ask(server, "127.0.0.1", address_.certificate);
  EXPECT_TRUE(answer.arrived()) << answer.why;
}

TEST_F(HttpTls, CertificateOfAnotherName_IsNotAccepted) {
  const test::HttpServer server(folder_.path() / "requests", &address_);
  const HttpAnswer answer = ask(server, "localhost", address_.certificate);
  EXPECT_EQ(answer.trouble, HttpTrouble::tls);
  EXPECT_EQ(answer.why, "the certificate of localhost is not accepted: hostname mismatch");
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST_F(HttpTls, UnknownIssuer_IsNotAccepted) {
  const test::HttpServer server(folder_.path() / "requests", &localhost_);
  const HttpAnswer answer = ask(server, "localhost", "");
  EXPECT_EQ(answer.trouble, HttpTrouble::tls);
  EXPECT_EQ(answer.why, "the certificate of localhost is not accepted: self-signed certificate");
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST_F(HttpTls, MissingCaFile_IsUnusableAndNamed) {
  const test::HttpServer server(folder_.path() / "requests", &localhost_);
  const HttpAnswer answer = ask(server, "localhost", "/nowhere/ca.pem");
  EXPECT_EQ(answer.trouble, HttpTrouble::unusable);
  EXPECT_THAT(answer.why, HasSubstr("/nowhere/ca.pem"));
}

TEST_F(HttpTls, TlsServerThatHangs_TimesOut) {
  const test::HttpServer server(folder_.path() / "requests", &localhost_);
  HttpRequest request;
  request.url = server.url("/hang", "https", "localhost");
  request.ca_file = localhost_.certificate;
  request.timeout = 500ms;
  EXPECT_EQ(http_exchange(request).trouble, HttpTrouble::timed_out);
}

TEST_F(HttpTls, ManyAtATime_EachGetItsOwnAnswer) {
  const test::HttpServer server(folder_.path() / "requests", &localhost_);
  std::vector<std::thread> threads;
  std::array<int, 8> status{};
  for (std::size_t i = 0; i < status.size(); ++i) {
    threads.emplace_back([&, i] {
      HttpRequest request;
      request.url = server.url("/status/" + std::to_string(200 + i), "https", "localhost");
      request.ca_file = localhost_.certificate;
      request.timeout = 30s;
      status[i] = http_exchange(request).status;
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < status.size(); ++i) EXPECT_EQ(status[i], 200 + static_cast<int>(i));
}

}  // namespace
}  // namespace sitewide
