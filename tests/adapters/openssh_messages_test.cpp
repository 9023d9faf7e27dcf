// What ssh's own words mean. The real ones come from the real program in openssh_test.cpp, here are
// those that a test cannot bring about, and what must not be taken for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/openssh/messages.h"

namespace sitewide::openssh {
namespace {

using Kind = ssh::Fault::Kind;
using testing::HasSubstr;
using testing::StartsWith;

TEST(SshMessages, Silence_SaysNothing) {
  EXPECT_FALSE(fault_in("", "pc1"));
  EXPECT_FALSE(fault_in("\r\n \n", "pc1"));
}

TEST(SshMessages, KeyThatWasTaken_IsNoFault) {
  EXPECT_FALSE(fault_in(
      "Warning: Permanently added 'pc1' (ED25519) to the list of known hosts.\r\n", "pc1"));
}

// openssh_test.cpp brings it about.
TEST(SshMessages, SilenceOfASharedConnection_IsLost) {
  EXPECT_EQ(silent_fault("pc1").kind, Kind::lost);
  EXPECT_THAT(silent_fault("pc1").reason, StartsWith("pc1: the connection was lost"));
}

TEST(SshMessages, ConnectionThatBreaksWhileItIsUsed_IsLost) {
  for (const char* line :
       {"Connection to pc1 closed by remote host.\r\n", "Timeout, server pc1 not responding.\r\n",
        "client_loop: send disconnect: Broken pipe\r\n",
        "Read from remote host pc1: Connection reset by peer\r\n",
        "mux_client_read_packet: read header failed: Connection reset by peer\r\n"}) {
    const auto fault = fault_in(line, "pc1");
    ASSERT_TRUE(fault) << line;
    EXPECT_EQ(fault->kind, Kind::lost) << line;
    EXPECT_THAT(fault->reason, StartsWith("pc1: "));
  }
}

TEST(SshMessages, ConnectionClosedAtAnUnknownMoment_IsLost_ForAStartCannotBeRuledOut) {
  EXPECT_EQ(fault_in("Connection closed by 10.0.0.7 port 22\r\n", "pc1")->kind, Kind::lost);
  EXPECT_EQ(fault_in("Connection reset by 10.0.0.7 port 22\r\n", "pc1")->kind, Kind::lost);
}

TEST(SshMessages, SeveralLines_TheTellingOneCounts) {
  const auto fault = fault_in(
      "ssh: connect to host jump port 22: No route to host\r\n"
      "kex_exchange_identification: Connection closed by remote host\r\n"
      "Connection closed by UNKNOWN port 65535\r\n",
      "pc1");
  EXPECT_EQ(fault->kind, Kind::unreachable);
  EXPECT_EQ(fault->reason, "pc1: no connection: No route to host");
}

TEST(SshMessages, TooManyKeysOfAnAgent_AreALoginThatIsRefused) {
  const auto fault = fault_in(
      "Received disconnect from 10.0.0.7 port 22:2: Too many authentication failures\r\n"
      "Disconnected from 10.0.0.7 port 22\r\n",
      "pc1");
  EXPECT_EQ(fault->kind, Kind::denied);
  EXPECT_THAT(fault->reason, HasSubstr("Too many authentication failures"));
}

TEST(SshMessages, BytesOfAServer_AreEscaped) {
  const auto fault = fault_in("\x1b[31mBanner\x07 of somebody\r\n",
                              "pc\033"
                              "1");
  EXPECT_EQ(fault->kind, Kind::lost);
  EXPECT_EQ(fault->reason.find('\x1b'), std::string::npos);
  EXPECT_EQ(fault->reason.find('\x07'), std::string::npos);
}

}  // namespace
}  // namespace sitewide::openssh
