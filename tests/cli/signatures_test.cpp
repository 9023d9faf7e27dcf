// Known failures of SMS on the lab, by the real program: log, why and report tell them with number,
// article and cure.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kEverybodyByBatch = R"(groups:
  - name: everyone
    select: site=HQ
    method: upgrade_bat
    tolerate: {failed: 2}
    converge: {within: 8s, poll: 1s}
)";

TEST(Signatures, OfAComponentInUseAndAMissingFile_AreToldByLogWhyAndReport) {
  const auto lab = small_lab(3, 3);
  set_groups(*lab, kEverybodyByBatch);
  lab->set("pc001", "in_use=0");
  lab->set("pc002", "missing_file");
  lab->play();
  const Finished run = run_on(*lab, {"run", "--yes", lab->plan()});
  const std::string in_use =
      "component in use: PCMWIN32.EXE (F01, Q168463): stop it or take it out of Startup";
  const std::string missing = "not downloaded: NWNETAPI.DLL, which S768AA";
  EXPECT_THAT(run.out, HasSubstr("pc001 failed: " + in_use)) << run.err;
  EXPECT_THAT(run.out, HasSubstr("pc002 failed: " + missing));
  EXPECT_THAT(lab->run({"log", "latest"}).out, HasSubstr("pc001 converge: " + in_use));
  EXPECT_THAT(lab->run({"why", "latest", "pc001"}).out, HasSubstr(in_use));
  EXPECT_THAT(lab->run({"why", "latest", "pc002"}).out, HasSubstr("(F04, Q168598)"));
  EXPECT_THAT(lab->run({"why", "latest", "pc003"}).out, Not(HasSubstr("(F")));
  const std::string report = (lab->root() / "report.html").string();
  lab->run({"report", "latest", "--html", report});
  EXPECT_THAT(read_file(report), HasSubstr(in_use));
}

}  // namespace
}  // namespace sitewide::test
