// A smbd for one test, with shares for all that can go wrong, and Files on them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "adapters/descendants.h"
#include "adapters/smb/smb_files.h"
#include "tests/adapters/left_behind.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/support/smb_server.h"

namespace sitewide::test {

class SmbWorld : public testing::Test {
 protected:
  static void SetUpTestSuite() { prepare_for_children(); }
  void SetUp() override {
    const std::string missing = SmbServer::missing();
    if (!missing.empty()) GTEST_SKIP() << missing;
    for (const char* name : {"hq/SMS", "ro", "guests", "full"})
      std::filesystem::create_directories(folder_.path() / name);
    disk_.emplace(folder_.path() / "full", 256);
    server_.emplace(folder_.path() / "samba",
                    std::vector<SmbShare>{{"SMS_C", folder_.path() / "hq"},
                                          {"ReadOnly", folder_.path() / "ro", true},
                                          {"Guests", folder_.path() / "guests", false, true},
                                          {"Full", folder_.path() / "full"}});
    ::setenv("SMB_TEST_PASSWORD", SmbServer::kPassword, 1);
    descriptors_ = open_descriptors();
  }
  void TearDown() override {
    sessions_.reset();
    EXPECT_EQ(open_descriptors(), descriptors_);
    EXPECT_EQ(smbclients_of(::getpid()), 0U);
  }

  static SmbLogin login(const std::string& variable = "SMB_TEST_PASSWORD") {
    SmbLogin login;
    login.user = SmbServer::kUser;
    login.domain = "HQ";
    login.password.env = variable;
    return login;
  }
  SmbPlace place(const std::string& below) const {
    return parse_smb_place(server_->url(below)).value();
  }
  /// The files of a folder, `SMS_C/SMS`.
  SmbFiles files(const std::string& below, SmbOptions options = {}) const {
    return {place(below), login(), sessions_, options};
  }
  void put(const std::string& path, std::string_view bytes) const { folder_.put(path, bytes); }
  std::string get(const std::string& path) const { return folder_.get(path); }
  /// All that lies below a folder, sorted.
  std::vector<std::string> everything(const std::string& below) const {
    std::vector<std::string> found;
    const auto root = folder_.path() / below;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root))
      found.push_back(std::filesystem::relative(entry.path(), root).string());
    std::ranges::sort(found);
    return found;
  }

  TemporaryFolder folder_;
  std::optional<TinyDisk> disk_;
  std::optional<SmbServer> server_;
  std::shared_ptr<SmbSessions> sessions_ = SmbSessions::make();
  std::size_t descriptors_ = 0;
};

}  // namespace sitewide::test
