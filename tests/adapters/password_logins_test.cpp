// A password that is refused must not lock the account that all clients share.
#include "adapters/password_logins.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using End = PasswordLogins::End;

class PasswordLoginsTest : public testing::Test {
 protected:
  std::optional<std::string> try_at(const std::string& server, End how,
                                    const std::string& key = "sms") {
    auto why = logins_.begin(key, server, PasswordLogins::Clock::now() + 1min);
    if (!why) logins_.end(key, server, how);
    return why;
  }

  PasswordLogins logins_;
};

TEST_F(PasswordLoginsTest, ServerThatRefusedIt_IsNotAskedAgain) {
  EXPECT_FALSE(try_at("pc1", End::refused));
  const auto why = try_at("pc1", End::taken);
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, StartsWith("it refused this password before"));
  EXPECT_THAT(*why, HasSubstr("locking the account"));
}

TEST_F(PasswordLoginsTest, OneServerWithAnotherPassword_KeepsNobodyElseOut) {
  EXPECT_FALSE(try_at("pc1", End::refused));
  for (const char* server : {"pc2", "pc3", "pc4"}) EXPECT_FALSE(try_at(server, End::taken));
  EXPECT_TRUE(try_at("pc1", End::taken));
}

TEST_F(PasswordLoginsTest, PasswordThatSeveralServersRefuse_IsTriedNowhereAnyMore) {
  EXPECT_FALSE(try_at("pc0", End::taken));
  for (const char* server : {"pc1", "pc2", "pc3"}) EXPECT_FALSE(try_at(server, End::refused));
  const auto why = try_at("pc4", End::taken);
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, StartsWith("3 servers, one after another, refused this password"));
  EXPECT_TRUE(try_at("pc0", End::taken));
  EXPECT_FALSE(try_at("pc4", End::taken, "another password"));
}

TEST_F(PasswordLoginsTest, AccountThatIsUnlocked_IsFoundAgainByOneTry) {
  PasswordLogins quick(PasswordLogins::Limits{.again = 0ms});
  const auto ask = [&quick](const char* server) {
    return quick.begin("sms", server, PasswordLogins::Clock::now());
  };
  for (const char* server : {"pc1", "pc2", "pc3", "pc4"}) {
    EXPECT_FALSE(ask(server)) << "no time has passed that nobody is asked in";
    quick.end("sms", server, End::refused);
  }
  EXPECT_FALSE(ask("pc5"));
  quick.end("sms", "pc5", End::taken);
  EXPECT_FALSE(ask("pc1"));
}

TEST_F(PasswordLoginsTest, ConnectionThatBrokeOff_SaysNothing) {
  for (const char* server : {"pc1", "pc2", "pc3", "pc4", "pc1"})
    EXPECT_FALSE(try_at(server, End::unknown));
}

TEST_F(PasswordLoginsTest, WaveOfClients_TriesAWrongPasswordThreeTimesAndNotMore) {
  std::atomic<int> tries{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back([this, i, &tries] {
      const std::string server = "pc" + std::to_string(i);
      if (logins_.begin("sms", server, PasswordLogins::Clock::now() + 1min)) return;
      ++tries;
      logins_.end("sms", server, End::refused);
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(tries, 3);
}

TEST_F(PasswordLoginsTest, PasswordThatWasTaken_IsUsedByAllAtOnce) {
  EXPECT_FALSE(try_at("pc1", End::taken));
  EXPECT_FALSE(logins_.begin("sms", "pc2", PasswordLogins::Clock::time_point::max()));
  EXPECT_FALSE(logins_.begin("sms", "pc3", PasswordLogins::Clock::time_point::max()));
}

TEST_F(PasswordLoginsTest, StoppedLogin_DoesNotWaitForItsTurn) {
  EXPECT_FALSE(logins_.begin("sms", "pc1", PasswordLogins::Clock::now()));
  std::stop_source stop;
  stop.request_stop();
  PasswordLogins patient(PasswordLogins::Limits{.turn = std::chrono::hours(1)});
  EXPECT_FALSE(patient.begin("sms", "pc1", PasswordLogins::Clock::now()));
  patient.begin("sms", "pc2", PasswordLogins::Clock::now() + std::chrono::hours(1),
                stop.get_token());  // would not come back
}

TEST_F(PasswordLoginsTest, Key_TellsUserAndPasswordApartAndHoldsNeither) {
  EXPECT_NE(PasswordLogins::key_of("ab", "c"), PasswordLogins::key_of("a", "bc"));
  EXPECT_EQ(PasswordLogins::key_of("sms", "geheim").find("geheim"), std::string::npos);
}

}  // namespace
}  // namespace sitewide
