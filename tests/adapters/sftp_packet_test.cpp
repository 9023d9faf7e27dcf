#include "adapters/ssh/sftp_packet.h"

#include <gtest/gtest.h>

namespace sitewide::ssh {
namespace {

TEST(SftpPacket, Fields_ComeBackAsTheyWereWritten) {
  SftpAttributes attributes;
  attributes.size = 0x1'0000'0002;
  attributes.mode = 0100644;
  attributes.owner.emplace(1, 2);
  attributes.times.emplace(3, 4);
  std::string bytes =
      SftpWriter(SftpKind::open).number(7).text("a\0b").attributes(attributes).finished();
  bool broken = false;
  const auto packet = take_sftp_packet(bytes, broken);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(bytes.empty());
  SftpReader reader(*packet);
  EXPECT_EQ(reader.byte(), 3);
  EXPECT_EQ(reader.number(), 7U);
  EXPECT_EQ(reader.text(), "a\0b");
  const SftpAttributes read = reader.attributes();
  EXPECT_EQ(read.size, attributes.size);
  EXPECT_EQ(read.owner, attributes.owner);
  EXPECT_EQ(read.times, attributes.times);
  EXPECT_TRUE(read.is_file());
  EXPECT_TRUE(reader.complete() && reader.at_end());
}

TEST(SftpPacket, PartOfAPacket_IsWaitedFor) {
  std::string bytes = SftpWriter(SftpKind::init).number(3).finished();
  std::string part = bytes.substr(0, bytes.size() - 1);
  bool broken = false;
  EXPECT_FALSE(take_sftp_packet(part, broken));
  EXPECT_FALSE(broken);
  EXPECT_EQ(part.size(), bytes.size() - 1);
}

TEST(SftpPacket, EmptyAndEndlessPackets_AreBroken) {
  for (const std::string& length : {std::string(4, '\0'), std::string(4, '\xff')}) {
    std::string bytes = length;
    bool broken = false;
    EXPECT_FALSE(take_sftp_packet(bytes, broken));
    EXPECT_TRUE(broken);
  }
}

TEST(SftpPacket, TextThatIsLongerThanItsPacket_IsNotRead) {
  SftpReader reader(
      std::string_view("\0\0\0\x05"
                       "abc",
                       7));
  EXPECT_EQ(reader.text(), "");
  EXPECT_FALSE(reader.complete());
  EXPECT_EQ(reader.number(), 0U);
}

}  // namespace
}  // namespace sitewide::ssh
