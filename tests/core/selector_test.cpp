#include "orchestrator/core/selector.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

ClientTable table() {
  ClientTable clients;
  const std::uint32_t site = clients.column("site");
  const std::uint32_t ring = clients.column("ring");
  const auto add = [&](std::string_view name, std::string_view its_site,
                       std::string_view its_ring) {
    const std::uint32_t client = clients.add(name, "");
    clients.set(client, site, its_site);
    clients.set(client, ring, its_ring);
  };
  add("pc1", "HQ", "canary");
  add("pc2", "HQ", "");
  add("pc3", "PLANT", "broad");
  add("pc4", "", "canary");
  return clients;
}

/// The names that a selector takes, with blanks between.
std::string matching(std::string_view text) {
  const ClientTable clients = table();
  const Selector selector = parse_selector(text);
  EXPECT_FALSE(selector.error) << text << ": " << selector.error->message;
  const Matcher matcher(selector, clients);
  std::string names;
  for (std::uint32_t i = 0; i < clients.size(); ++i) {
    if (matcher.matches(i)) names += (names.empty() ? "" : " ") + std::string(clients.name(i));
  }
  return names;
}

std::string error(std::string_view text) {
  const Selector selector = parse_selector(text);
  if (!selector.error) return "none";
  return std::to_string(selector.error->column) + " " + selector.error->message;
}

TEST(Selector, Operators_MeanWhatTheyMeanInKubernetes) {
  EXPECT_EQ(matching("site=HQ"), "pc1 pc2");
  EXPECT_EQ(matching("site == HQ"), "pc1 pc2");
  EXPECT_EQ(matching("site!=HQ"), "pc3 pc4");
  EXPECT_EQ(matching("ring in (canary, broad)"), "pc1 pc3 pc4");
  EXPECT_EQ(matching("ring notin(canary)"), "pc2 pc3");
  EXPECT_EQ(matching("ring"), "pc1 pc3 pc4");
  EXPECT_EQ(matching("!ring"), "pc2");
  EXPECT_EQ(matching("! site ,ring=canary"), "pc4");
  EXPECT_EQ(matching("site=HQ, ring notin (canary)"), "pc2");
}

TEST(Selector, NameAndAddress_AreKeysToo) {
  EXPECT_EQ(matching("name"), "pc1 pc2 pc3 pc4");
  EXPECT_EQ(matching("name in (pc3,pc1,pc9)"), "pc1 pc3");
  EXPECT_EQ(matching("address!=pc2"), "pc1 pc3 pc4");
  EXPECT_EQ(matching("!name"), "");
}

TEST(Selector, UnknownValueOrLabel_MatchesAsIfUnset) {
  EXPECT_EQ(matching("site=MOON"), "");
  EXPECT_EQ(matching("site!=MOON"), "pc1 pc2 pc3 pc4");
  EXPECT_EQ(matching("floor"), "");
  EXPECT_EQ(matching("!floor"), "pc1 pc2 pc3 pc4");
}

TEST(Selector, UnknownLabels_AreNamed) {
  const ClientTable clients = table();
  const Selector selector = parse_selector("site=HQ,flor=1,name=x");
  const Matcher matcher(selector, clients);
  ASSERT_EQ(matcher.unknown().size(), 1U);
  EXPECT_EQ(matcher.unknown()[0].key, "flor");
  EXPECT_EQ(matcher.unknown()[0].column, 9U);
}

TEST(Selector, Malformed_SaysWhere) {
  EXPECT_EQ(error(""), "1 the selector is empty");
  EXPECT_EQ(error("  "), "3 the selector is empty");
  EXPECT_EQ(error("a=1 and b=2"), "5 expected `,` or the end, found `a`");
  EXPECT_EQ(error("a is b"), "3 expected `=`, `!=`, `in`, `notin` or `,`, found `is`");
  EXPECT_EQ(error("a in b"), "6 expected `(` after `in` or `notin`, found `b`");
  EXPECT_EQ(error("a in ()"), "7 expected a value, found `)`");
  EXPECT_EQ(error("a in (b"), "8 expected `,` or `)`, but the selector ends here");
  EXPECT_EQ(error("a="), "3 expected a value, but the selector ends here");
  EXPECT_EQ(error("a,"), "3 expected a label, but the selector ends here");
  EXPECT_EQ(error(",a"), "1 expected a label, found `,`");
  EXPECT_EQ(error("!a=b"), "3 expected `,` or the end, found `=`");
}

}  // namespace
}  // namespace sitewide
