// The main job on the lab, by the real program, with the batch stand-in that needs no Wine (the
// quickstart uses Wine).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lab.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

TEST(LabRollout, EverybodyWell_EndsOnTarget) {
  Lab lab({"--clients", "12", "--canary", "3", "--story", "quiet"});
  lab.play();
  const Finished run = lab.run({"run", "--yes", lab.plan()});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  const Finished audit = lab.run({"audit", "latest"});
  EXPECT_EQ(audit.exit_code, 0) << audit.out << audit.err;
}

TEST(LabRollout, OneOffOneBricked_OthersProvenAndOneNeedsHands) {
  Lab lab({"--clients", "20", "--canary", "3"});
  lab.play();
  const Finished run = lab.run({"run", "--yes", lab.plan()});
  EXPECT_EQ(run.exit_code, 16) << run.out << run.err;
  const Finished status = lab.run({"status", "--json"});
  EXPECT_THAT(status.out, HasSubstr("\"upgraded\":18"));
  EXPECT_THAT(status.out, HasSubstr("\"late\":1"));
  EXPECT_THAT(status.out, HasSubstr("\"needs_hands\":1"));
}

}  // namespace
}  // namespace sitewide::test
