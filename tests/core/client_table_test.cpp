#include "orchestrator/core/client_table.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

TEST(ClientTable, AddedClients_KeepNameAddressAndPlace) {
  ClientTable table;
  EXPECT_EQ(table.add("pc1", "10.0.0.1", {4, 2, 1, 3}), 0U);
  EXPECT_EQ(table.add("pc2", "pc2"), 1U);
  EXPECT_EQ(table.add("pc3", ""), 2U);
  EXPECT_EQ(table.size(), 3U);
  EXPECT_EQ(table.name(0), "pc1");
  EXPECT_EQ(table.address(0), "10.0.0.1");
  EXPECT_EQ(table.address(1), "pc2");
  EXPECT_EQ(table.address(2), "pc3");
  const Place place = table.place(0);
  EXPECT_EQ(place.line, 4U);
  EXPECT_EQ(place.column, 2U);
  EXPECT_EQ(place.length, 3U);
  EXPECT_EQ(place.source, 3U);
}

TEST(ClientTable, Labels_AreEmptyUntilSet) {
  ClientTable table;
  const std::uint32_t site = table.column("site");
  EXPECT_EQ(table.column("site"), site);
  const std::uint32_t ring = table.column("ring");
  table.add("pc1", "");
  table.add("pc2", "");
  table.set(1, site, "HQ");
  EXPECT_EQ(table.cell(0, site), "");
  EXPECT_EQ(table.label(1, "site"), "HQ");
  EXPECT_EQ(table.cell(1, ring), "");
  EXPECT_EQ(table.label(1, "floor"), "");
  EXPECT_FALSE(table.find_column("floor"));
  table.set(1, site, "");
  EXPECT_EQ(table.label(1, "site"), "");
}

TEST(ClientTable, EqualValues_HaveEqualNumbers) {
  ClientTable table;
  const std::uint32_t a = table.column("a");
  const std::uint32_t b = table.column("b");
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t client = table.add("pc" + std::to_string(i), "");
    table.set(client, a, "v" + std::to_string(i % 300));
    table.set(client, b, "v" + std::to_string((i + 300) % 300));
  }
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(table.cell_id(i, a), table.cell_id(i, b));
    EXPECT_EQ(table.cell(i, a), "v" + std::to_string(i % 300));
  }
  EXPECT_EQ(table.value_count(), 301U);
  EXPECT_EQ(table.value_of(0), "");
  EXPECT_FALSE(table.find_value("w"));
  EXPECT_EQ(table.value_of(*table.find_value("v7")), "v7");
}

TEST(ClientTable, Pick_TakesClientsInTheGivenOrder) {
  ClientTable table;
  const std::uint32_t site = table.column("site");
  table.column("ring");
  for (int i = 0; i < 4; ++i) {
    table.add("pc" + std::to_string(i), i == 2 ? "10.0.0.2" : "", {7, 1, 1, 1});
    table.set(static_cast<std::uint32_t>(i), site, i % 2 == 0 ? "HQ" : "PLANT");
  }
  const ClientTable picked = table.pick({3, 2});
  ASSERT_EQ(picked.size(), 2U);
  EXPECT_EQ(picked.name(0), "pc3");
  EXPECT_EQ(picked.address(1), "10.0.0.2");
  EXPECT_EQ(picked.label(0, "site"), "PLANT");
  EXPECT_EQ(picked.label(1, "site"), "HQ");
  EXPECT_EQ(picked.label(1, "ring"), "");
  EXPECT_EQ(picked.columns(), table.columns());
  EXPECT_EQ(picked.place(0).line, 0U);
}

}  // namespace
}  // namespace sitewide
