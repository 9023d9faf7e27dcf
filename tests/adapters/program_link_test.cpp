// The program that carries SFTP, and what it may do with our memory.
#include "adapters/openssh/program_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace sitewide::openssh {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// The bytes of the files in memory that programs of ours print their errors to.
std::size_t bytes_of_errors() {
  std::size_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
    struct stat status {};
    if (target.find("memfd:errors") == std::string::npos) continue;
    if (::stat(entry.path().c_str(), &status) == 0)
      bytes += static_cast<std::size_t>(status.st_blocks) * 512;
  }
  return bytes;
}

TEST(ProgramLink, ClientThatFloodsStandardError_FillsNoMemoryAndDisturbsNothing) {
  const auto link = ProgramLink::start(
      {"sh", "-c", "head -c 8000000 /dev/zero | tr '\\0' x >&2; echo words; sleep 60"}, "pc1");
  ASSERT_TRUE(link);
  (*link)->set_deadline(ssh::Clock::now() + 60s, nullptr);
  std::string received;
  EXPECT_FALSE((*link)->receive(received));
  EXPECT_EQ(received, "words\n");
  EXPECT_LE(bytes_of_errors(), std::size_t{16} << 10);
}

TEST(ProgramLink, ProgramThatFails_IsQuoted_AndASilentOneNamed) {
  const auto quiet = ProgramLink::start(
      {"sh", "-c", "echo 'ssh: connect to host pc1 port 22: No route to host' >&2; exit 255"},
      "pc1");
  ASSERT_TRUE(quiet);
  (*quiet)->set_deadline(ssh::Clock::now() + 60s, nullptr);
  std::string received;
  auto fault = (*quiet)->receive(received);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->reason, "pc1: no connection: No route to host");
  const auto silent = ProgramLink::start({"sh", "-c", "exit 3"}, "pc1");
  (*silent)->set_deadline(ssh::Clock::now() + 60s, nullptr);
  fault = (*silent)->receive(received);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->reason, "pc1: its SFTP server ended (exit 3)");
}

}  // namespace
}  // namespace sitewide::openssh
