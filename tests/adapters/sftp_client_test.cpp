// What an SFTP server can do to us that no honest one does.
#include "adapters/ssh/sftp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/sftp_memory_server.h"

namespace sitewide::ssh {
namespace {

using testing::HasSubstr;

class SftpClientTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.files["/file"] = "bytes";
    ASSERT_TRUE(client_.begin());
  }
  /// A packet of data that answers the request of this number.
  static std::string data_of(std::uint32_t id, std::size_t size) {
    return SftpWriter(SftpKind::data).number(id).text(std::string(size, 'x')).finished();
  }

  test::SftpMemoryServer server_;
  SftpClient client_{server_};
};

TEST_F(SftpClientTest, AnswersThatNobodyAskedFor_EndTheConnectionAtTheFirst) {
  for (std::uint32_t id = 1000; id < 1004; ++id) server_.unasked += data_of(id, 200'000);
  const auto looked = client_.look({"/", "/file"});
  ASSERT_FALSE(looked);
  EXPECT_EQ(looked.error().kind, ErrorKind::unreachable);
  EXPECT_THAT(looked.error().message, HasSubstr("sends what is not SFTP"));
}

TEST_F(SftpClientTest, SecondAnswerToOneRequest_EndsTheConnection) {
  ASSERT_TRUE(client_.look({"/"}));
  server_.unasked = data_of(1, 10);
  EXPECT_FALSE(client_.look({"/"}));
}

TEST_F(SftpClientTest, NamesWithoutEnd_AreAnError) {
  for (int i = 0; i < 700; ++i)
    server_.files["/" + std::to_string(i) + std::string(100'000, 'n')] = "";
  std::vector<std::string> names;
  EXPECT_FALSE(client_.list("/", names));
}

}  // namespace
}  // namespace sitewide::ssh
