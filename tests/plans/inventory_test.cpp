#include "plans/inventory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/plans/loading.h"

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::lines_of;

/// Writes CSV files and reads them as an inventory.
class InventoryTest : public ::testing::Test {
 protected:
  InventoryTest() {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              ("sitewide_inventory_" +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder_);
  }
  ~InventoryTest() override { std::filesystem::remove_all(folder_); }

  void csv(const std::string& text) {
    InventorySource source;
    source.number = static_cast<std::uint16_t>(sources_.size() + 1);
    source.file = (folder_ / ("clients" + std::to_string(source.number) + ".csv")).string();
    source.place = {7, 11, 1, 0};
    std::ofstream(source.file, std::ios::binary) << text;
    sources_.push_back(source);
  }
  void hosts(const std::string& pattern) {
    InventorySource source;
    source.hosts.push_back({pattern, {9, 13, 5, 0}});
    source.place = {9, 5, 1, 0};
    sources_.push_back(source);
  }
  ClientTable read() { return read_inventory(sources_, problems_); }
  std::vector<std::string> complaints() {
    read();
    return lines_of(problems_);
  }

  std::filesystem::path folder_;
  std::vector<InventorySource> sources_;
  Problems problems_;
};

TEST_F(InventoryTest, Csv_GivesNamesAddressesAndLabels) {
  csv("name,address,site,ring\npc1,10.0.0.1,HQ,canary\npc2,,HQ,\n\"pc3\",pc3,\"a, b\",canary\n");
  const ClientTable clients = read();
  ASSERT_THAT(problems_, IsEmpty());
  ASSERT_EQ(clients.size(), 3U);
  EXPECT_EQ(clients.name(1), "pc2");
  EXPECT_EQ(clients.address(0), "10.0.0.1");
  EXPECT_EQ(clients.address(1), "pc2");
  EXPECT_EQ(clients.address(2), "pc3");
  EXPECT_EQ(clients.label(2, "site"), "a, b");
  EXPECT_EQ(clients.label(1, "ring"), "");
  EXPECT_EQ(clients.label(1, "floor"), "");
  EXPECT_EQ(clients.place(2).line, 4U);
  EXPECT_EQ(clients.place(2).source, 1U);
}

TEST_F(InventoryTest, Labels_FillWhatTheFileLeavesOpen) {
  csv("name,site\npc1,\npc2,PLANT\n");
  sources_[0].labels = {{"site", "HQ"}, {"os", "nt"}};
  hosts("kiosk[1-2]");
  sources_[1].labels = {{"site", "SHOP"}};
  const ClientTable clients = read();
  ASSERT_THAT(problems_, IsEmpty());
  EXPECT_EQ(clients.label(0, "site"), "HQ");
  EXPECT_EQ(clients.label(1, "site"), "PLANT");
  EXPECT_EQ(clients.label(1, "os"), "nt");
  EXPECT_EQ(clients.label(3, "site"), "SHOP");
  EXPECT_EQ(clients.label(3, "os"), "");
  EXPECT_EQ(clients.place(3).line, 9U);
}

TEST_F(InventoryTest, OneNameTwice_NamesBothPlaces) {
  csv("name\npc1\npc2\nPC1\n");
  csv("name\nother\npc2\n");
  hosts("pc[1-3]");
  const ClientTable clients = read();
  EXPECT_THAT(lines_of(problems_),
              ::testing::UnorderedElementsAre(
                  "4:1 client `PC1` is listed twice", "3:1 client `pc2` is listed twice",
                  "9:13 client `pc1` is listed twice", "9:13 client `pc2` is listed twice"));
  for (const Problem& problem : problems_) EXPECT_EQ(problem.related->source, 1U);
}

TEST_F(InventoryTest, Twins_AreFoundAmongMany) {
  std::string text = "name\n";
  for (int i = 0; i < 20'000; ++i) text += "pc" + std::to_string(i) + "\n";
  csv(text + "pc17\n" + "PC19999\n");
  EXPECT_THAT(complaints(), ElementsAre("20002:1 client `pc17` is listed twice",
                                        "20003:1 client `PC19999` is listed twice"));
}

TEST_F(InventoryTest, Names_FollowTheGrammar) {
  csv("name,address\n-x,\n$(id),\na "
      "b,\n,\n..,\nok,-oProxyCommand=x\nok2,a;b\nok3,[fe80::1%eth0]\n");
  EXPECT_THAT(
      complaints(),
      ElementsAre("2:1 `-x` is not a client's name", "3:1 `$(id)` is not a client's name",
                  "4:1 `a b` is not a client's name", "5:1 a client without a name",
                  "6:1 `..` is not a client's name", "7:1 `-oProxyCommand=x` is not an address",
                  "8:1 `a;b` is not an address"));
}

TEST_F(InventoryTest, MalformedRows_AreReportedWithTheirLine) {
  csv("name,site\npc1\npc2,HQ,x\npc3,\x1b[2J\npc4,\xff\n");
  EXPECT_THAT(complaints(), ElementsAre("2:1 this row has 1 cell, the first row has 2",
                                        "3:1 this row has 3 cells, the first row has 2",
                                        "4:1 `\\x1b[2J` is not a label's value",
                                        "5:1 `\\xff` is not UTF-8 text"));
}

TEST_F(InventoryTest, Headers_AreChecked) {
  csv("host,site\npc1,HQ\n");
  csv("name;site\npc1;HQ\n");
  csv("name,site,site\npc1,a,b\n");
  csv("name,2nd\npc1,a\n");
  EXPECT_THAT(complaints(),
              ElementsAre("1:1 no column is called `name`", "1:1 the columns are separated by `;`",
                          "1:1 two columns are called `site`", "1:1 `2nd` is not a column's name"));
}

TEST_F(InventoryTest, SourcesWithoutClients_AreErrors) {
  csv("name,site\n");
  csv("");
  csv("\xFF\xFE"
      "n\0");
  csv("name\npc1\n");
  std::filesystem::remove(sources_[3].file);
  EXPECT_THAT(complaints(),
              ElementsAre("7:11 this source lists no clients", "7:11 the file is empty",
                          HasSubstr("is UTF-16"), HasSubstr("there is no such file")));
}

TEST_F(InventoryTest, FolderOrPipe_IsNoFile) {
  csv("");
  sources_[0].file = folder_.string();
  EXPECT_THAT(complaints(), ElementsAre(HasSubstr("it is a folder")));
}

TEST_F(InventoryTest, ManyBadRows_StopTheReading) {
  std::string text = "name\n";
  for (int i = 0; i < 5000; ++i) text += "$\n";
  csv(text);
  EXPECT_LE(complaints().size(), 200U);
}

TEST_F(InventoryTest, Hosts_ReportBadPatterns) {
  hosts("pc[1-");
  EXPECT_THAT(complaints(), ElementsAre(HasSubstr("9:13 a bracket `[` without its other half")));
}

/// Fifty bytes of a plan must not become fifty million clients.
TEST_F(InventoryTest, RangesOfAllItems_AreLimitedTogether) {
  for (int i = 0; i < 50; ++i) hosts("p" + std::to_string(i) + "-[1-1000000]");
  const ClientTable clients = read();
  EXPECT_EQ(clients.size(), 1'000'000U);
  ASSERT_EQ(problems_.size(), 49U);
  EXPECT_THAT(problems_.front().message, HasSubstr("more than 1,000,000 names"));
}

TEST_F(InventoryTest, ManyBadSources_StopTheReading) {
  for (int i = 0; i < 1000; ++i) hosts("-bad[1-1000]");
  EXPECT_LE(complaints().size(), 2200U);
}

TEST_F(InventoryTest, AHundredThousandClients_TakeFewBytes) {
  std::string text = "name,address,site,platform,os,ring\n";
  for (int i = 0; i < 100'000; ++i) {
    text +=
        "pc" + std::to_string(i) + ".corp,10.0.0.1,S" + std::to_string(i % 40) + ",x86,nt,broad\n";
  }
  csv(text);
  const ClientTable clients = read();
  ASSERT_THAT(problems_, IsEmpty());
  EXPECT_EQ(clients.size(), 100'000U);
  EXPECT_LT(clients.memory() / clients.size(), 120U);
}

/// Brings what the test says, and notes what was asked.
class FakeAsker : public InventoryAsker {
 public:
  Result<ListOutput> run(const ListProgram& program) override {
    ran.push_back(program.argv.front());
    return ListOutput{json, ""};
  }
  Result<LdapAnswer> search(const LdapSearch&) override { return answer; }

  std::string json;
  LdapAnswer answer;
  std::vector<std::string> ran;
};

class AskedTest : public InventoryTest {
 protected:
  void program(bool merge = false) {
    InventorySource source;
    source.program.argv = {"lister"};
    source.name = "command lister";
    source.merge = merge;
    source.place = {20 + static_cast<std::uint32_t>(sources_.size()), 5, 7, 0};
    sources_.push_back(source);
  }
  void directory() {
    InventorySource source;
    source.ldap.url = "ldaps://dc1";
    source.ldap.base = "dc=x";
    source.attributes = {{"name", "cn"}, {"address", "dNSHostName"}, {"site", "l"}};
    source.name = "ldap ldaps://dc1";
    source.place = {30, 5, 4, 0};
    sources_.push_back(source);
  }
  ClientTable ask() { return read_inventory(sources_, problems_, &asker_); }
  std::vector<std::string> words() {
    ask();
    return lines_of(problems_);
  }
  FakeAsker asker_;
};

TEST_F(AskedTest, WithoutAsker_SourcesArePassedOver) {
  hosts("pc1");
  program();
  EXPECT_EQ(read().size(), 1U);
  EXPECT_THAT(problems_, IsEmpty());
  EXPECT_THAT(asker_.ran, IsEmpty());
}

TEST_F(AskedTest, WrongNames_PointToTheSourceAndNameTheHost) {
  program();
  asker_.json = R"({"all": {"hosts": ["a b", "-x", "pc1"]}})";
  EXPECT_THAT(words(), ElementsAre("20:5 host `-x`: `-x` is not a client's name",
                                   "20:5 host `a b`: `a b` is not a client's name"));
}

TEST_F(AskedTest, NamesThatDifferInCase_AreTwiceTheSame) {
  program();
  asker_.json = R"({"all": {"hosts": ["pc1", "PC1"]}})";
  EXPECT_THAT(words(), ElementsAre("20:5 client `pc1` is listed twice by this source, also as "
                                   "`PC1`"));
}

TEST_F(AskedTest, Merge_AddsWhatIsMissingAndChangesNothing) {
  csv("name,address,site\npc1,,HQ\npc2,10.0.0.2,Plant\n");
  program(true);
  sources_[1].labels = {{"site", "Other"}, {"os", "nt"}};
  asker_.json = R"({"_meta": {"hostvars": {"PC1": {"ansible_host": "10.0.0.1", "ring": "a"},
                    "pc2": {"ansible_host": "10.0.0.2", "site": "Plant"}, "pc3": {}}}})";
  const ClientTable clients = ask();
  ASSERT_THAT(lines_of(problems_), IsEmpty());
  ASSERT_EQ(clients.size(), 3U);
  EXPECT_EQ(clients.name(0), "pc1");
  EXPECT_EQ(clients.address(0), "10.0.0.1");
  EXPECT_EQ(clients.label(0, "ring"), "a");
  EXPECT_EQ(clients.label(0, "site"), "HQ");
  EXPECT_EQ(clients.label(1, "os"), "nt");
  EXPECT_EQ(clients.label(2, "site"), "Other");
  EXPECT_EQ(clients.place(0).source, 1U);
}

TEST_F(AskedTest, MergeThatContradicts_NamesBothValuesAndPlaces) {
  csv("name,address,ring\npc1,10.0.0.1,a\n");
  program(true);
  asker_.json = R"({"_meta": {"hostvars": {"pc1": {"ansible_host": "10.0.0.9", "ring": "b"}}}})";
  EXPECT_THAT(words(),
              ElementsAre("21:5 client `pc1` has the address `10.0.0.9` here and `10.0.0.1` before",
                          "21:5 client `pc1` has the label `ring` with `b` here and `a` before"));
  ASSERT_TRUE(problems_[0].related);
  EXPECT_EQ(problems_[0].related->line, 2U);
  EXPECT_EQ(problems_[0].related->source, 1U);
}

TEST_F(AskedTest, MergeOfOneSourceTwice_IsStillTwice) {
  hosts("pc1");
  csv("name\npc1\npc1\npc2\npc2\n");
  sources_[1].merge = true;
  EXPECT_THAT(words(), ElementsAre("3:1 client `pc1` is listed twice by this source",
                                   "5:1 client `pc2` is listed twice by this source"));
}

TEST_F(AskedTest, Directory_GivesNamesAddressesAndLabels) {
  directory();
  asker_.answer.entries = {{"cn=pc2", {{"cn", {"pc2"}}, {"l", {"HQ"}}}},
                           {"cn=pc1", {{"cn", {"pc1"}}, {"dNSHostName", {"pc1.example.org"}}}}};
  const ClientTable clients = ask();
  ASSERT_THAT(lines_of(problems_), IsEmpty());
  ASSERT_EQ(clients.size(), 2U);
  EXPECT_EQ(clients.address(0), "pc1.example.org");
  EXPECT_EQ(clients.label(1, "site"), "HQ");
}

TEST_F(AskedTest, PartsOfADirectoryOnOtherServers_AreWarnedOf) {
  directory();
  asker_.answer.entries = {{"cn=pc1", {{"cn", {"pc1"}}}}};
  asker_.answer.references = {{"ldap://child.x/DC=child,DC=x", "DC=child,DC=x"},
                              {"ldap://child.x/DC=child,DC=x", "DC=child,DC=x"},
                              {"ldap://odd.x", ""}};
  EXPECT_EQ(ask().size(), 1U);
  EXPECT_THAT(lines_of(problems_),
              ElementsAre("30:5 ldap ldaps://dc1: other servers hold `DC=child,DC=x`, "
                          "`ldap://odd.x`, and are not asked: clients there are not in this list"));
  EXPECT_EQ(problems_[0].severity, Problem::Severity::warning);
}

TEST_F(AskedTest, PartsOfADirectoryThatHoldNoClients_OrAreAskedToo_AreNotWarnedOf) {
  directory();
  directory();
  sources_[1].ldap.base = "dc=child,dc=x";
  sources_[1].merge = true;
  asker_.answer.entries = {{"cn=pc1", {{"cn", {"pc1"}}}}};
  for (const char* dn : {"DC=child,DC=x", "DC=DomainDnsZones,DC=x", "DC=ForestDnsZones,DC=x",
                         "CN=Configuration,DC=x"})
    asker_.answer.references.push_back({"ldap://dc1/", dn});
  ask();
  EXPECT_THAT(lines_of(problems_), IsEmpty());
}

TEST_F(AskedTest, EntriesThatAreNoClients_AreNamed) {
  directory();
  asker_.answer.entries = {{"cn=a", {{"l", {"HQ"}}}},
                           {"cn=b", {{"cn", {"b"}}, {"l", {"HQ", "Plant"}}}},
                           {"cn=c", {{"cn", {std::string("\x00\xff", 2)}}}},
                           {"cn=d", {{"cn", {"d"}}, {"dNSHostName", {"no host"}}}}};
  EXPECT_THAT(words(),
              ElementsAre("30:5 entry `cn=a`: it has no `cn`, which is to be its name",
                          "30:5 entry `cn=b`: its `l` has 2 values, and `site` can have one",
                          "30:5 entry `cn=c`: its `cn` is no text of one line: `\\x00\\xff`",
                          "30:5 entry `cn=d`: `no host` is not an address"));
}

TEST_F(InventoryTest, WhatSpreadsheetsSave_IsNamed) {
  csv(std::string("n\0a\0m\0e\0", 8));
  csv("PK\x03\x04rest");
  csv("name,site\rpc1,HQ\r");
  csv("name\tsite\npc1\tHQ\n");
  csv("sep=;\nname;site\n");
  csv("name;site\npc1;HQ\n");
  const auto said = complaints();
  ASSERT_EQ(said.size(), 6U);
  EXPECT_THAT(said[0], HasSubstr("clients1.csv is UTF-16"));
  EXPECT_THAT(said[1], HasSubstr("clients2.csv is a workbook, not CSV"));
  EXPECT_THAT(said[2], HasSubstr("clients3.csv ends its lines with CR alone"));
  EXPECT_EQ(said[3], "1:1 the columns are separated by tabs");
  EXPECT_EQ(said[4], "1:1 the first line is the hint `sep=` for spreadsheets");
  EXPECT_EQ(said[5], "1:1 the columns are separated by `;`");
}

}  // namespace
}  // namespace sitewide
