// Every article whose files are known, by each method that it offers: rolled out on a lab of its
// own, run again, and rolled back. What the targets are comes from the articles' tables, not from
// the catalogue.
#include "tests/articles/rollout.h"

#include <gtest/gtest.h>

namespace sitewide::test {
namespace {

void by_upgrade_bat(const std::string& article, const std::string& clients = "") {
  rolls_out_and_back(article, {.method = "upgrade_bat", .clients = clients});
}
void by_site_wide(const std::string& article, const std::string& clients = "") {
  rolls_out_and_back(article, {.method = "site_wide", .clients = clients});
}

void settings(const std::string& article, const std::string& method, const std::string& clients) {
  rolls_out_and_back(article, {.method = method, .clients = clients, .has_files = false});
}

TEST(ByUpgradeBat, Q237690) { by_upgrade_bat("Q237690", "nt=4,win95=2"); }
TEST(ByUpgradeBat, Q231378) { by_upgrade_bat("Q231378"); }
TEST(ByUpgradeBat, Q230242) { by_upgrade_bat("Q230242"); }
TEST(ByUpgradeBat, Q225056) { by_upgrade_bat("Q225056"); }
TEST(ByUpgradeBat, Q195944) { by_upgrade_bat("Q195944"); }
TEST(ByUpgradeBat, Q241656) { by_upgrade_bat("Q241656"); }
TEST(ByUpgradeBat, Q255284) { by_upgrade_bat("Q255284"); }
TEST(ByUpgradeBat, Q193784) { by_upgrade_bat("Q193784"); }
TEST(ByUpgradeBat, Q236913) { by_upgrade_bat("Q236913"); }
TEST(ByUpgradeBat, Q222988) { by_upgrade_bat("Q222988"); }
TEST(ByUpgradeBat, Q243159) { by_upgrade_bat("Q243159"); }
TEST(ByUpgradeBat, Q234750) { by_upgrade_bat("Q234750"); }
TEST(ByUpgradeBat, Q256071) { by_upgrade_bat("Q256071"); }
TEST(ByUpgradeBat, Q286819) { by_upgrade_bat("Q286819"); }
TEST(ByUpgradeBat, Q301692) { by_upgrade_bat("Q301692"); }
TEST(ByUpgradeBat, Q182416) { by_upgrade_bat("Q182416", "win16=3,win95=3"); }
TEST(ByUpgradeBat, Q191320) { by_upgrade_bat("Q191320", "win95=4"); }
TEST(ByUpgradeBat, Q193015) { by_upgrade_bat("Q193015"); }
TEST(ByUpgradeBat, Q193030) { by_upgrade_bat("Q193030"); }
TEST(ByUpgradeBat, Q191067) { by_upgrade_bat("Q191067"); }
TEST(ByUpgradeBat, Q231362) { by_upgrade_bat("Q231362"); }
TEST(ByUpgradeBat, Q216552) { by_upgrade_bat("Q216552"); }
TEST(ByUpgradeBat, Q157589) { by_upgrade_bat("Q157589"); }
TEST(ByUpgradeBat, Q192788) { by_upgrade_bat("Q192788"); }
TEST(ByUpgradeBat, Q194559) { by_upgrade_bat("Q194559"); }
TEST(ByUpgradeBat, Q229097) { by_upgrade_bat("Q229097"); }
TEST(ByUpgradeBat, Q195702) { by_upgrade_bat("Q195702", "nt=4"); }
TEST(ByUpgradeBat, Q200791) { by_upgrade_bat("Q200791", "nt=4"); }
TEST(ByUpgradeBat, Q207369) { by_upgrade_bat("Q207369"); }
TEST(ByUpgradeBat, Q185345) { by_upgrade_bat("Q185345"); }
TEST(ByUpgradeBat, Q187287) { by_upgrade_bat("Q187287"); }
TEST(ByUpgradeBat, Q188578) { by_upgrade_bat("Q188578"); }
TEST(ByUpgradeBat, Q229809) { by_upgrade_bat("Q229809"); }
TEST(ByUpgradeBat, Q180151) { by_upgrade_bat("Q180151"); }
TEST(ByUpgradeBat, Q197141) { by_upgrade_bat("Q197141", "nt=5"); }

TEST(BySiteWide, Q237690) { by_site_wide("Q237690", "nt=4,win95=2"); }
TEST(BySiteWide, Q231378) { by_site_wide("Q231378"); }
TEST(BySiteWide, Q230242) { by_site_wide("Q230242"); }
TEST(BySiteWide, Q225056) { by_site_wide("Q225056"); }
TEST(BySiteWide, Q195944) { by_site_wide("Q195944"); }
TEST(BySiteWide, Q241656) { by_site_wide("Q241656"); }
TEST(BySiteWide, Q255284) { by_site_wide("Q255284"); }
TEST(BySiteWide, Q193784) { by_site_wide("Q193784"); }
TEST(BySiteWide, Q236913) { by_site_wide("Q236913"); }
TEST(BySiteWide, Q222988) { by_site_wide("Q222988"); }
TEST(BySiteWide, Q243159) { by_site_wide("Q243159"); }
TEST(BySiteWide, Q234750) { by_site_wide("Q234750"); }
TEST(BySiteWide, Q256071) { by_site_wide("Q256071"); }
TEST(BySiteWide, Q286819) { by_site_wide("Q286819"); }
TEST(BySiteWide, Q301692) { by_site_wide("Q301692"); }
TEST(BySiteWide, Q231821) { by_site_wide("Q231821"); }
TEST(BySiteWide, Q196228) { by_site_wide("Q196228"); }
TEST(BySiteWide, Q193031) { by_site_wide("Q193031"); }
TEST(BySiteWide, Q182416) { by_site_wide("Q182416", "win16=3,win95=3"); }
TEST(BySiteWide, Q191320) { by_site_wide("Q191320", "win95=4"); }
TEST(BySiteWide, Q193015) { by_site_wide("Q193015"); }
TEST(BySiteWide, Q193030) { by_site_wide("Q193030"); }
TEST(BySiteWide, Q191067) { by_site_wide("Q191067"); }
TEST(BySiteWide, Q231362) { by_site_wide("Q231362"); }
TEST(BySiteWide, Q216552) { by_site_wide("Q216552"); }
TEST(BySiteWide, Q157589) { by_site_wide("Q157589"); }
TEST(BySiteWide, Q192788) { by_site_wide("Q192788"); }
TEST(BySiteWide, Q194559) { by_site_wide("Q194559"); }
TEST(BySiteWide, Q229097) { by_site_wide("Q229097"); }
TEST(BySiteWide, Q193269) { by_site_wide("Q193269"); }
TEST(BySiteWide, Q245816) { by_site_wide("Q245816"); }
TEST(BySiteWide, Q254228) { by_site_wide("Q254228"); }
TEST(BySiteWide, Q238247) { by_site_wide("Q238247"); }
TEST(BySiteWide, Q249151) { by_site_wide("Q249151"); }
TEST(BySiteWide, Q274592) { by_site_wide("Q274592"); }
TEST(BySiteWide, Q188779) { by_site_wide("Q188779"); }
TEST(BySiteWide, Q254532) {
  rolls_out_and_back("Q254532", {.method = "site_wide", .leaves_new_files = true});
}
TEST(BySiteWide, Q195702) { by_site_wide("Q195702", "nt=4"); }
TEST(BySiteWide, Q200791) { by_site_wide("Q200791", "nt=4"); }
TEST(BySiteWide, Q207369) { by_site_wide("Q207369"); }
TEST(BySiteWide, Q185345) { by_site_wide("Q185345"); }
TEST(BySiteWide, Q187287) { by_site_wide("Q187287"); }
TEST(BySiteWide, Q188578) { by_site_wide("Q188578"); }
TEST(BySiteWide, Q229809) { by_site_wide("Q229809"); }
TEST(BySiteWide, Q180151) { by_site_wide("Q180151"); }
TEST(BySiteWide, Q171298) { by_site_wide("Q171298"); }
TEST(BySiteWide, Q216197) { by_site_wide("Q216197"); }
TEST(BySiteWide, Q200747) { by_site_wide("Q200747"); }
TEST(BySiteWide, Q197141) { by_site_wide("Q197141", "nt=5"); }

// Articles that come in several languages; the others above are English. The block of the French
// language keeps the Windows 95 list of _WUSER.DLL, which the plan would have to name.
TEST(ByUpgradeBat, Q229097_German) {
  rolls_out_and_back("Q229097", {.method = "upgrade_bat", .language = "00000407"});
}
TEST(BySiteWide, Q254228_French) {
  rolls_out_and_back("Q254228",
                     {.method = "site_wide", .language = "0000040C", .leaves_new_files = true});
}

// Settings alone.
TEST(BySiteWide, Q191336) { settings("Q191336", "site_wide", "nt=4"); }
TEST(BySiteWide, Q173594) { settings("Q173594", "site_wide", "nt=4"); }
TEST(ByUpgradeBat, Q155680) { settings("Q155680", "upgrade_bat", "nt=4"); }
TEST(ByUpgradeBat, Q156233) { settings("Q156233", "upgrade_bat", "nt=4"); }
TEST(ByUpgradeBat, Q170440) { settings("Q170440", "upgrade_bat", "nt=4"); }
TEST(ByUpgradeBat, Q173120) { settings("Q173120", "upgrade_bat", "nt=4"); }
TEST(ByUpgradeBat, Q173594) { settings("Q173594", "upgrade_bat", "nt=4"); }
TEST(ByUpgradeBat, Q171329) { settings("Q171329", "upgrade_bat", "nt=4"); }
TEST(ByUpgradeBat, Q137897) { settings("Q137897", "upgrade_bat", "win95=4"); }
TEST(ByUpgradeBat, Q154445) { settings("Q154445", "upgrade_bat", "win95=4"); }
TEST(ByUpgradeBat, Q174952) { settings("Q174952", "upgrade_bat", "nt=2,win95=2,win16=1,os2=1"); }
TEST(ByUpgradeBat, Q185914) { settings("Q185914", "upgrade_bat", "nt=2,win95=2,win16=1,os2=1"); }
TEST(ByUpgradeBat, Q107245) { settings("Q107245", "upgrade_bat", "nt=2,win95=2,win16=1,os2=1"); }
TEST(ByUpgradeBat, Q279752) { settings("Q279752", "upgrade_bat", "nt=2,win95=2,win16=1,os2=1"); }

}  // namespace
}  // namespace sitewide::test
