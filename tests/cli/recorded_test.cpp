// Journals that released formats wrote are read for ever: each recorded one still has its chain,
// replays, and says of every client what it said then. tests/recorded/README.md tells how they were
// made.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "orchestrator/cli/exit_code.h"
#include "orchestrator/cli/stored_rollout.h"
#include "tests/adapters/temporary_folder.h"
#include "tests/support/lab.h"
#include "tests/support/paths.h"

namespace sitewide::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> recorded() {
  std::vector<std::string> names;
  for (const auto& format : fs::directory_iterator(source_dir() + "/tests/recorded")) {
    if (!format.is_directory()) continue;
    for (const auto& rollout : fs::directory_iterator(format.path()))
      names.push_back(fs::relative(rollout.path(), source_dir() + "/tests/recorded").string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Recorded : public testing::TestWithParam<std::string> {};

TEST_P(Recorded, JournalOfAnOlderProgram_ReplaysToWhatItSaidThen) {
  const fs::path folder = fs::path(source_dir()) / "tests/recorded" / GetParam();
  // Read from a copy: SQLite makes an index beside a journal that is read.
  const TemporaryFolder copy;
  fs::copy(folder, copy.path());
  const RolloutDirectory directory(copy.path(), Timestamp{});
  auto reader = JournalReader::open(directory.journal());
  ASSERT_TRUE(reader) << reader.error().message;
  const auto head = reader->verify_chain();
  ASSERT_TRUE(head) << head.error().message;
  const auto stored = read_rollout(directory);
  ASSERT_TRUE(stored) << stored.error().message;
  const Rollout& rollout = (*stored)->rollout;
  std::string text = std::string(name_of(rollout.state())) + ", exit " +
                     std::to_string(static_cast<int>(exit_code_of(rollout))) + ", " +
                     std::to_string(head->seq) + " events\n";
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    text += std::string(rollout.schedule().clients.name(c)) + " " +
            std::string(name_of(rollout.client(c).state)) + "\n";
  }
  EXPECT_EQ(text, read_file(folder / "expected.txt"));
}

INSTANTIATE_TEST_SUITE_P(Journals, Recorded, testing::ValuesIn(recorded()),
                         [](const auto& journal) {
                           std::string name = journal.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

}  // namespace
}  // namespace sitewide::test
