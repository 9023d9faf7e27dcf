// `report` in its forms, read back by programs that know the formats better than we do: Python's
// csv and XML parsers.
#include <gmock/gmock.h>

#include "tests/cli/command_world.h"

namespace sitewide::test {
namespace {

using testing::HasSubstr;

Finished python(const std::string& script, const std::string& file) {
  return Program({"python3", "-c", script, file}).finish();
}

const char* const kReadCsv =
    "import csv, sys\n"
    "for row in csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8')):\n"
    "  print(row['name'], row['state'], row['exit_code'], row['attempts'] != '0', sep='|')\n";
const char* const kReadXml =
    "import sys, xml.etree.ElementTree as tree\n"
    "for case in tree.parse(sys.argv[1]).iter('testcase'):\n"
    "  print(case.get('name'), *[(part.tag, part.text) for part in case])\n";

TEST(ReportForms, AllAtOnce_AreWrittenAndParsed) {
  const CommandWorld world(CommandWorld::failing(),
                           "    tolerate: {failed: 1}\n    on_failure: leave\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 10);
  const std::string html = (world.root() / "r.html").string();
  const std::string csv = (world.root() / "r.csv").string();
  const std::string junit = (world.root() / "r.xml").string();
  const Finished report =
      world.run({"report", "latest", "--html", html, "--csv", csv, "--junit", junit});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  EXPECT_THAT(report.out, HasSubstr("report written to " + csv));
  EXPECT_THAT(read_file(html), HasSubstr("</html>"));
  const Finished rows = python(kReadCsv, csv);
  EXPECT_THAT(rows.out, HasSubstr("pc01|upgraded|0|True\npc02|failed|1|True\n")) << rows.err;
  const Finished cases = python(kReadXml, junit);
  EXPECT_THAT(cases.out, HasSubstr("pc01\npc02 ('failure', 'failed: exit 1")) << cases.err;
}

TEST(ReportForms, Page_HasExitCodeForecastAndThePlanAsItWasWhenItRan) {
  const CommandWorld world(CommandWorld::failing(),
                           "    tolerate: {failed: 1}\n    on_failure: leave\n");
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 10);
  write_file(world.plan(), "changed: since\n");
  const std::string html = (world.root() / "r.html").string();
  ASSERT_EQ(world.run({"report", "latest", "--html", html}).exit_code, 0);
  const std::string page = read_file(html);
  EXPECT_THAT(page, HasSubstr("<dd>10: finished; some clients failed or are late, within budget"));
  EXPECT_THAT(page, HasSubstr("forecast: 6 after"));
  EXPECT_THAT(page, HasSubstr("  - hosts: [&quot;pc[01-06]&quot;]\n"));
  EXPECT_EQ(page.find("changed: since"), std::string::npos);
  EXPECT_THAT(page, HasSubstr("What each had to reach"));
}

TEST(ReportForms, AnyBytesOfAClient_StayXml) {
  const CommandWorld world("[sh, -c, 'cat ../../bytes; exit 3']");
  std::string bytes = "]]></system-out><evil/>\xef\xbf\xbf\xed\xa0\x80";
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  write_file(world.root() / "bytes", bytes);
  std::string plan = read_file(world.plan());
  plan.replace(plan.find("../../bytes"), 11, (world.root() / "bytes").string());
  write_file(world.plan(), plan);
  EXPECT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 16);
  const std::string junit = (world.root() / "r.xml").string();
  ASSERT_EQ(world.run({"report", "latest", "--junit", junit}).exit_code, 0);
  const Finished cases = python(kReadXml, junit);
  EXPECT_EQ(cases.exit_code, 0) << cases.err;
  EXPECT_THAT(cases.out, HasSubstr("('system-out', ']]></system-out><evil/>"));
}

TEST(ReportForms, Dash_IsStandardOutputAndNothingElseIsOnIt) {
  const CommandWorld world;
  ASSERT_EQ(world.run({"run", "--yes", world.plan()}).exit_code, 0);
  const std::string html = (world.root() / "r.html").string();
  const Finished report = world.run({"report", "latest", "--csv", "-", "--html", html});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_TRUE(report.out.starts_with("name,group,")) << report.out;
  EXPECT_TRUE(report.out.ends_with(",pc06,,on_target\r\n")) << report.out;
  EXPECT_THAT(report.err, HasSubstr("report written to " + html));
}

TEST(ReportForms, WhatCannotBe_IsAMistakeOfTheCommandLine) {
  const CommandWorld world;
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"report", "latest"},
                                             {"report", "latest", "--csv", "-", "--junit", "-"},
                                             {"--json", "report", "latest", "--csv", "-"},
                                             {"report", "latest", "--csv", "x", "--html", "x"}}) {
    SCOPED_TRACE(testing::PrintToString(words));
    EXPECT_EQ(world.run(words).exit_code, 2);
  }
  EXPECT_THAT(world.run({"report", "latest"}).err, HasSubstr("--html FILE, --csv FILE"));
}

}  // namespace
}  // namespace sitewide::test
