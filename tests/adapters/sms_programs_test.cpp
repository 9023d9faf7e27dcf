// The SMS client steps over a transport whose files are reached by programs that read, write and
// digest and do no more (ExecTransport): the method needs nothing else.
#include <gtest/gtest.h>

#include "adapters/sms/client/steps.h"
#include "tests/adapters/sms_world.h"

namespace sitewide::sms {
namespace {

/// Files that offer what ExecFiles does.
class ProgramFiles : public Files {
 public:
  explicit ProgramFiles(std::shared_ptr<Files> files) : files_(std::move(files)) {}
  Result<std::optional<FileState>> state(std::string_view path) override {
    return files_->state(path);
  }
  Result<bool> exists(std::string_view path) override { return files_->exists(path); }
  Result<std::optional<std::string>> read(std::string_view path, std::size_t most) override {
    return files_->read(path, most);
  }
  Result<> write(std::string_view path, const Expected& expected, std::string_view bytes,
                 std::optional<Timestamp>) override {
    return files_->write(path, expected, bytes, {});
  }
  Result<std::optional<Timestamp>> modified(std::string_view) override {
    return no("tells no times");
  }
  Result<> remove(std::string_view, const Digest&) override { return no("removes nothing"); }
  Result<> touch(std::string_view, Timestamp) override { return no("sets no times"); }
  Result<std::vector<std::string>> list(std::string_view) override { return no("lists nothing"); }

 private:
  static Error no(const char* what) { return {ErrorKind::refused, what}; }
  std::shared_ptr<Files> files_;
};

class SmsPrograms : public SmsWorld {
 protected:
  Work through_programs(Step step, Purpose purpose = Purpose::execute) {
    Work result = work(step, purpose);
    result.files = std::make_shared<ProgramFiles>(result.files);
    return result;
  }
};

TEST_F(SmsPrograms, BackUpThenUpgradeThenRestore_BytesAreAsBefore) {
  const std::string ini = read(client_root / "Sms.ini");
  EXPECT_TRUE(is_done(run(inspect, through_programs(Step::inspect)), OutcomeKind::ok));
  EXPECT_TRUE(is_done(run(back_up, through_programs(Step::back_up)), OutcomeKind::ok));
  write(client_root / "MS/SMS/BIN/pcmwin32.exe", hotfix);
  EXPECT_TRUE(
      is_done(run(converge, through_programs(Step::converge, Purpose::poll)), OutcomeKind::ok));
  EXPECT_TRUE(is_done(run(restore, through_programs(Step::restore)), OutcomeKind::ok));
  EXPECT_EQ(read(client_root / "MS/SMS/BIN/pcmwin32.exe"), old);
  EXPECT_EQ(read(client_root / "Sms.ini"), ini);
}

TEST_F(SmsPrograms, IniInTheWindowsFolder_IsFoundWithoutListing) {
  std::filesystem::create_directories(client_root / "WINNT");
  std::filesystem::rename(client_root / "Sms.ini", client_root / "WINNT" / "Sms.ini");
  EXPECT_TRUE(is_done(run(inspect, through_programs(Step::inspect)), OutcomeKind::ok));
}

}  // namespace
}  // namespace sitewide::sms
