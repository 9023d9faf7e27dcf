// Replays the inputs that fuzzing left behind, crashes that were mended and a small corpus, with
// every compiler and sanitizer that the other tests run with.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

class Replay : public testing::TestWithParam<NamedTarget> {};

TEST_P(Replay, KeptInputs_HoldTheirProperties) {
  std::size_t replayed = 0;
  for (const char* kind : {"corpus", "crashes"}) {
    const auto folder =
        std::filesystem::path(SITEWIDE_SOURCE_DIR) / "tests/fuzz" / kind / GetParam().name;
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      SCOPED_TRACE(entry.path().string());
      std::ifstream file(entry.path(), std::ios::binary);
      std::ostringstream bytes;
      bytes << file.rdbuf();
      GetParam().run(bytes.str());  // ends the program when a property does not hold
      ++replayed;
    }
  }
  EXPECT_GT(replayed, 0U) << "no input is kept for this target";
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Replay, testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace sitewide::fuzz
