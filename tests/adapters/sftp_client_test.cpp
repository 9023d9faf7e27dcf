// What an SFTP server can do to us that no honest one does.
#include "adapters/ssh/sftp_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/ssh/sftp_files.h"
#include "orchestrator/base/digest.h"
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
  EXPECT_TRUE(client_.is_gone());
}

TEST_F(SftpClientTest, SecondAnswerToOneRequest_EndsTheConnection) {
  ASSERT_TRUE(client_.look({"/"}));
  server_.unasked = data_of(1, 10);
  EXPECT_FALSE(client_.look({"/"}));
}

TEST_F(SftpClientTest, ClientWhoseLinkFailed_IsGone_AndOneWhoseFileIsMissingIsNot) {
  EXPECT_FALSE(client_.look({"/none"}).value().front());
  EXPECT_FALSE(client_.is_gone());
  server_.fault = Fault{Fault::Kind::late, "too late"};
  EXPECT_FALSE(client_.look({"/"}));
  EXPECT_TRUE(client_.is_gone());
}

TEST_F(SftpClientTest, NamesWithoutEnd_AreAnError) {
  for (int i = 0; i < 700; ++i)
    server_.files["/" + std::to_string(i) + std::string(100'000, 'n')] = "";
  std::vector<std::string> names;
  EXPECT_FALSE(client_.list("/", names));
}

/// Files on that server.
class SftpWriteTest : public SftpClientTest {
 protected:
  Result<> write(std::string_view bytes) {
    SftpAccess access = [this](const SftpWork& work) { return work(client_); };
    return SftpFiles("/", access).write("file", sha256("bytes"), bytes, std::nullopt);
  }
};

TEST_F(SftpWriteTest, Write_ReplacesTheFile) {
  const auto written = write("new");
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(server_.files, (std::map<std::string, std::string>{{"/file", "new"}}));
}

TEST_F(SftpWriteTest, WriteThatFailsWhenItIsClosed_LeavesTheOldFile) {
  server_.close_status = SftpStatus::failure;
  const auto written = write("new");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_THAT(written.error().message, HasSubstr("cannot write /file: so it is"));
  EXPECT_EQ(server_.files, (std::map<std::string, std::string>{{"/file", "bytes"}}));
}

TEST_F(SftpWriteTest, WriteOfWhichAPartIsMissing_LeavesTheOldFile) {
  server_.takes = 2;
  const auto written = write("new");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_THAT(written.error().message, HasSubstr("not all of it arrived"));
  EXPECT_EQ(server_.files, (std::map<std::string, std::string>{{"/file", "bytes"}}));
}

}  // namespace
}  // namespace sitewide::ssh
