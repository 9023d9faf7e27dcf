// The courier: what arrives at a real web server, a program and a mail program, and what is said of
// those that take nothing.
#include "adapters/courier.h"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/adapters/run_awaitable.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/support/http_server.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Kind = Delivery::Kind;

class CourierTest : public ::testing::Test {
 protected:
  Delivery carry(const NotifyTarget& target) {
    Pool pool(loop_.get_executor());
    Courier courier(loop_.get_executor(), pool);
    Parcel parcel{R"({"id":"r-1/3"})", "To: root\nSubject: s\n\ntext\n.\nmore\n"};
    return test::run_on(loop_, courier.carry(target, std::move(parcel)));
  }
  NotifyTarget webhook(const std::string& path) {
    NotifyTarget target;
    target.webhook.url.text = server_.url(path);
    return target;
  }
  NotifyTarget program(Argv argv) {
    NotifyTarget target;
    target.kind = NotifyTarget::Kind::command;
    target.command = std::move(argv);
    return target;
  }
  std::string script(const std::string& name, const std::string& text) {
    folder_.put(name, "#!/bin/sh\n" + text);
    ::chmod((folder_.path() / name).c_str(), 0755);
    return folder_.path() / name;
  }

  test::TemporaryFolder folder_;
  test::HttpServer server_{folder_.path() / "requests"};
  boost::asio::io_context loop_;
};

TEST_F(CourierTest, Webhook_IsPostedAsACloudEventWithItsSecret) {
  ::setenv("SITEWIDE_TEST_HOOK", "t0ken", 1);
  NotifyTarget target = webhook("/ok");
  PlannedHeader header;
  header.name = "Authorization";
  header.value.env = "SITEWIDE_TEST_HOOK";
  header.value.prefix = "Bearer ";
  target.webhook.headers.push_back(header);
  const Delivery delivery = carry(target);
  EXPECT_EQ(delivery.kind, Kind::delivered) << delivery.why;
  ASSERT_EQ(server_.requests().size(), 1U);
  const std::string seen = server_.requests().front();
  EXPECT_THAT(seen, HasSubstr("\"POST\""));
  EXPECT_THAT(seen, HasSubstr("application/cloudevents+json; charset=utf-8"));
  EXPECT_THAT(seen, HasSubstr("[\"Authorization\", \"Bearer t0ken\"]"));
  EXPECT_THAT(seen, HasSubstr("{\\\"id\\\":\\\"r-1/3\\\"}"));
}

TEST_F(CourierTest, UrlByReference_IsReadWhenItIsUsed) {
  NotifyTarget target;
  target.webhook.url.env = "SITEWIDE_TEST_URL";
  ::unsetenv("SITEWIDE_TEST_URL");
  Delivery delivery = carry(target);
  EXPECT_EQ(delivery.kind, Kind::failed) << "an operator may still set it";
  EXPECT_THAT(delivery.why, HasSubstr("variable SITEWIDE_TEST_URL"));
  ::setenv("SITEWIDE_TEST_URL", server_.url("/ok").c_str(), 1);
  EXPECT_EQ(carry(target).kind, Kind::delivered);
}

TEST_F(CourierTest, AnswersThatMayChange_AreTriedAgain) {
  for (const char* status : {"401", "404", "429", "500", "503", "302"}) {
    const Delivery delivery = carry(webhook("/status/" + std::string(status)));
    EXPECT_EQ(delivery.kind, Kind::failed) << status;
    EXPECT_THAT(delivery.why, HasSubstr(status));
  }
}

TEST_F(CourierTest, AnswersThatWillNotChange_AreFinal) {
  for (const char* status : {"400", "410", "413", "422"})
    EXPECT_EQ(carry(webhook("/status/" + std::string(status))).kind, Kind::refused) << status;
}

TEST_F(CourierTest, EndlessAnswer_IsDeliveredAllTheSame) {
  EXPECT_EQ(carry(webhook("/huge")).kind, Kind::delivered);
}

TEST_F(CourierTest, SecretOfTwoLines_IsRefusedAndNotRepeated) {
  ::setenv("SITEWIDE_TEST_HOOK", "t0ken\nX: y", 1);
  NotifyTarget target = webhook("/ok");
  PlannedHeader header;
  header.name = "Authorization";
  header.value.env = "SITEWIDE_TEST_HOOK";
  target.webhook.headers.push_back(header);
  const Delivery delivery = carry(target);
  EXPECT_NE(delivery.kind, Kind::delivered);
  EXPECT_THAT(delivery.why, Not(HasSubstr("t0ken")));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(CourierTest, GivingUp_EndsARequestAtOnce) {
  Pool pool(loop_.get_executor());
  Courier courier(loop_.get_executor(), pool);
  NotifyTarget target = webhook("/hang");
  target.timeout = 60s;
  courier.give_up();
  Parcel parcel;
  const Delivery delivery = test::run_on(loop_, courier.carry(target, std::move(parcel)));
  EXPECT_EQ(delivery.kind, Kind::failed);
  EXPECT_TRUE(pool.close(5s));
}

TEST_F(CourierTest, Command_GetsTheEventOnItsInputAndNoShell) {
  const std::string tell =
      script("tell", "cat > \"" + (folder_.path() / "got").string() + "\"; echo \"$1\" > \"" +
                         (folder_.path() / "argument").string() + "\"\n");
  EXPECT_EQ(carry(program({tell, "$HOME; `id`"})).kind, Kind::delivered);
  EXPECT_EQ(folder_.get("got"), R"({"id":"r-1/3"})");
  EXPECT_EQ(folder_.get("argument"), "$HOME; `id`\n");
}

TEST_F(CourierTest, CommandThatFails_SaysHow) {
  Delivery delivery = carry(program({script("no", "echo line one; echo no pager >&2; exit 3\n")}));
  EXPECT_EQ(delivery.kind, Kind::failed);
  EXPECT_EQ(delivery.why, "it ended with 3: no pager");
  delivery = carry(program({(folder_.path() / "missing").string()}));
  EXPECT_EQ(delivery.kind, Kind::failed);
  EXPECT_THAT(delivery.why, HasSubstr("could not be started"));
  NotifyTarget slow = program({"sleep", "60"});
  slow.timeout = 200ms;
  delivery = carry(slow);
  EXPECT_EQ(delivery.kind, Kind::failed);
  EXPECT_THAT(delivery.why, HasSubstr("did not end within"));
}

TEST_F(CourierTest, Email_IsGivenToTheMailProgramWhole) {
  NotifyTarget target;
  target.kind = NotifyTarget::Kind::email;
  target.email.to = {"root"};
  target.email.sendmail =
      script("sendmail", "echo \"$@\" > \"" + (folder_.path() / "argv").string() + "\"; cat > \"" +
                             (folder_.path() / "mail").string() + "\"\n");
  EXPECT_EQ(carry(target).kind, Kind::delivered);
  EXPECT_EQ(folder_.get("argv"), "-t -i\n");
  EXPECT_EQ(folder_.get("mail"), "To: root\nSubject: s\n\ntext\n.\nmore\n");
}

}  // namespace
}  // namespace sitewide
