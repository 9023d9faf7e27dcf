#include "plans/host_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sitewide {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Listing read(std::string_view json, const std::vector<std::string>& wanted = {}) {
  auto listing = read_host_list(json, wanted);
  EXPECT_TRUE(listing) << listing.error().message;
  return listing ? *listing : Listing();
}

std::string fault(std::string_view json) {
  const auto listing = read_host_list(json, {});
  return listing ? "it was read" : listing.error().message;
}

/// Each client as `name address label=value …`.
std::vector<std::string> lines(const Listing& listing) {
  std::vector<std::string> lines;
  for (const ListedClient& client : listing.clients) {
    std::string line = client.name + " " + client.address;
    for (const auto& [label, value] : client.labels)
      line += " " + listing.labels.at(label) + "=" + value;
    lines.push_back(line);
  }
  return lines;
}

TEST(HostList, HostsOfGroupsAndVariables_AreAllThere) {
  EXPECT_THAT(lines(read(R"({"_meta": {"hostvars": {"b": {"ansible_host": "10.0.0.2"}}},
                             "all": {"hosts": ["c"]}, "ungrouped": {"hosts": ["a"]}})")),
              ElementsAre("a ", "b 10.0.0.2", "c "));
}

TEST(HostList, Groups_AreLabelsOfAllBelowThem) {
  EXPECT_THAT(lines(read(R"({"all": {"children": ["top"]}, "top": {"children": ["mid", "gone"]},
                             "mid": {"children": ["top"], "hosts": ["b"]}, "old": ["a", "b"]})")),
              ElementsAre("a  group.old=yes", "b  group.mid=yes group.old=yes group.top=yes"));
}

TEST(HostList, TextsNumbersAndBooleans_AreLabels) {
  EXPECT_THAT(lines(read(R"({"_meta": {"hostvars": {"a": {"s": "x y", "i": -5, "f": 1.10,
                 "u": 18446744073709551615, "t": true, "n": null, "e": "",
                 "w": {"__ansible_unsafe": "{{ plain }}"},
                 "ansible_user": "sms", "ansible_port": 2222, "ansible_connection": "ssh"}}}})")),
              ElementsAre("a  s=x y i=-5 f=1.1 u=18446744073709551615 t=true w={{ plain }} "
                          "ansible_user=sms ansible_port=2222"));
}

TEST(HostList, NamesOfOlderAnsible_StandForTheirNewOnes) {
  EXPECT_THAT(
      lines(read(R"({"_meta": {"hostvars": {
          "a": {"ansible_ssh_host": "10.0.0.1", "ansible_ssh_user": "sms", "ansible_ssh_port": 2222},
          "b": {"ansible_host": "10.0.0.2", "ansible_ssh_host": "10.9.9.9",
                "ansible_user": "x", "ansible_ssh_user": "y"}}}})")),
      ElementsAre("a 10.0.0.1 ansible_user=sms ansible_port=2222", "b 10.0.0.2 ansible_user=x"));
  const Listing bad = read(R"({"_meta": {"hostvars": {"a": {"ansible_ssh_host": "-oProxy"}}}})");
  EXPECT_THAT(bad.faults, ElementsAre("host `a`: its variable `ansible_ssh_host` is `-oProxy`, "
                                      "which is no host name or IP address"));
}

TEST(HostList, NamesOfOlderAnsible_AreFoundUnderTheNewOnes_OrUnderTheirOwnWhenThatIsAskedFor) {
  const char* hosts = R"({"_meta": {"hostvars": {"a": {"ansible_ssh_user": "sms", "x": 1}}}})";
  EXPECT_THAT(lines(read(hosts, {"ansible_user"})), ElementsAre("a  ansible_user=sms"));
  EXPECT_THAT(lines(read(hosts, {"ansible_ssh_user"})), ElementsAre("a  ansible_ssh_user=sms"));
}

TEST(HostList, WhatIsNoLabel_IsLeftOutCountedAndNamed) {
  const Listing listing = read(R"({"_meta": {"hostvars": {
      "a": {"list": [], "map": {}, "v": {"__ansible_vault": "x"}, "db_password": "x", "pass": "x",
            "API_TOKEN": 5, "t": "{{ x }}", "lines": "a\nb", "1st": "x", "name": "x",
            "group.hq": "yes", "bypass": "no"},
      "b": {"list": [1]}}}})");
  EXPECT_THAT(lines(listing), ElementsAre("a  bypass=no", "b "));
  EXPECT_THAT(
      listing.notes,
      ElementsAre("host variables left out as labels: 3 lists or maps (`list`, `map`); 4 secrets "
                  "(`API_TOKEN`, `db_password`, `pass`, `v`); 1 template that only a play resolves "
                  "(`t`); 3 of names that no label has (`1st`, `group.hq`, `name`); 1 of several "
                  "lines or more than 1,024 bytes (`lines`)"));
}

TEST(HostList, WantedVariables_AreTheOnlyOnes) {
  const Listing listing =
      read(R"({"_meta": {"hostvars": {"a": {"x": 1, "y": 2, "z": []}}}})", {"y", "rnig"});
  EXPECT_THAT(lines(listing), ElementsAre("a  y=2"));
  EXPECT_THAT(listing.notes, ElementsAre("no host has the variable `rnig`"));
}

TEST(HostList, AddressThatIsNone_NamesHostAndVariable) {
  const Listing listing = read(R"({"_meta": {"hostvars": {"a": {"ansible_host": "-oProxy"},
      "b": {"ansible_host": "{{ ip }}"}, "c": {"ansible_host": 7}}}})");
  EXPECT_THAT(listing.faults,
              ElementsAre("host `a`: its variable `ansible_host` is `-oProxy`, which is no host "
                          "name or IP address",
                          "host `b`: its variable `ansible_host` is the template `{{ ip }}`, which "
                          "only a play resolves",
                          "host `c`: its variable `ansible_host` is no text"));
}

TEST(HostList, OtherForms_AreRefusedByName) {
  EXPECT_EQ(fault(" \n"), "it printed nothing");
  EXPECT_THAT(fault("<html>"), HasSubstr("is no JSON"));
  EXPECT_THAT(fault("{} {}"), HasSubstr("is no JSON"));
  EXPECT_THAT(fault(std::string(100, '[')), HasSubstr("is no JSON"));
  EXPECT_EQ(fault("[]"), "the JSON that it printed is no map of groups");
  EXPECT_EQ(fault(R"({"_meta": []})"), "its `_meta` is no map with `hostvars`");
  EXPECT_EQ(fault(R"({"_meta": {"hostvars": {"a": 1}}})"), "the variables of host `a` are no map");
  EXPECT_EQ(fault(R"({"hq": {"hosts": {"a": {}}}})"), "`hosts` of group `hq` is no list of names");
  EXPECT_EQ(fault(R"({"hq": {"children": [1]}})"), "`children` of group `hq` is no list of names");
  EXPECT_EQ(fault(R"({"hq": 5})"), "group `hq` is no map");
  EXPECT_THAT(fault(R"({"hq": {"vars": {"ring": "a"}}})"), HasSubstr("group `hq` has `vars`"));
  EXPECT_THAT(read(R"({"hq": {"vars": {}}})").clients, IsEmpty());
}

TEST(HostList, KeysThatStandTwice_AreRefused) {
  EXPECT_EQ(fault(R"({"hq": {"hosts": ["a"]}, "hq": {"hosts": ["b"]}})"),
            "the JSON that it printed has `hq` twice in one map, and one of them would be lost");
  EXPECT_THAT(fault(R"({"_meta": {"hostvars": {"a": {"x": [{"k": 1}, {"k": 2}], "\u0078": 2}}}})"),
              HasSubstr("has `x` twice"));
  EXPECT_EQ(fault(R"({"a": {"hosts": ["x"]}, "b": {"hosts": ["x"]}})"), "it was read");
}

TEST(HostList, TooManyLabels_AreAnError) {
  std::string json = R"({"_meta": {"hostvars": {"a": {)";
  for (int i = 0; i <= 1000; ++i) json += (i == 0 ? "\"v" : ", \"v") + std::to_string(i) + "\": 1";
  EXPECT_THAT(fault(json + "}}}}"), HasSubstr("which are too many labels"));
}

}  // namespace
}  // namespace sitewide
