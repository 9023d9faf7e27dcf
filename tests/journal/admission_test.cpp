#include "orchestrator/journal/admission.h"

#include <gmock/gmock.h>

#include <optional>

#include "orchestrator/journal/lease.h"
#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;

class Admissions : public Scratch {
 protected:
  void SetUp() override {
    Scratch::SetUp();
    state_.emplace(*StateDirectory::create(file("state")));
    first_.emplace(*state_->create_rollout("a", Timestamp{}));
    second_.emplace(*state_->create_rollout("b", Timestamp{}));
  }

  static Claims claims(std::vector<std::string> sites, std::vector<std::string> clients) {
    Claims result;
    for (const auto& site : sites) result.add_site(site);
    for (const auto& client : clients) result.add_client(client);
    return result;
  }
  Result<Admission> admit(const RolloutDirectory& rollout, Claims claims) {
    return Admission::admit(*state_, rollout, std::move(claims),
                            [](std::uint32_t claim) { return "claim " + std::to_string(claim); });
  }

  std::optional<StateDirectory> state_;
  std::optional<RolloutDirectory> first_, second_;
};

TEST_F(Admissions, DisjointRollouts_RunSideBySide) {
  const auto a = admit(*first_, claims({"/hq"}, {"pc1", "pc2"}));
  const auto b = admit(*second_, claims({"/plant"}, {"pc3", "hq"}));
  EXPECT_TRUE(a);
  EXPECT_TRUE(b);
}

TEST_F(Admissions, SharedSite_IsRefusedNamingTheOther) {
  const auto lease = Lease::acquire(first_->lock(), "a", {"hq1", 4711, "alice", {}});
  const auto a = admit(*first_, claims({"/hq"}, {"pc1"}));
  ASSERT_TRUE(a);
  const auto b = admit(*second_, claims({"/plant", "/hq"}, {"pc2"}));
  ASSERT_FALSE(b);
  EXPECT_EQ(b.error().kind, ErrorKind::held);
  EXPECT_THAT(b.error().message, HasSubstr("claim 1 is held by rollout a-1 (pid 4711 of alice"));
}

TEST_F(Admissions, SharedClient_IsRefused) {
  const auto a = admit(*first_, claims({}, {"pc1", "pc2"}));
  const auto b = admit(*second_, claims({}, {"pc9", "pc2"}));
  ASSERT_FALSE(b);
  EXPECT_THAT(b.error().message, HasSubstr("claim 1 "));
}

TEST_F(Admissions, SameWordAsSiteAndClient_DoNotMeet) {
  const auto a = admit(*first_, claims({"x"}, {}));
  EXPECT_TRUE(admit(*second_, claims({}, {"x"})));
}

TEST_F(Admissions, ControllerGone_HoldsNothing) {
  std::optional<Admission> a(*admit(*first_, claims({"/hq"}, {"pc1"})));
  a.reset();
  const auto b = admit(*second_, claims({"/hq"}, {"pc1"}));
  EXPECT_TRUE(b);
  EXPECT_FALSE(admit(*first_, claims({"/hq"}, {"pc1"})));
}

TEST_F(Admissions, Refused_HoldsNothingItself) {
  const auto third = *state_->create_rollout("c", Timestamp{});
  const auto a = admit(*first_, claims({"/hq"}, {}));
  const auto b = admit(*second_, claims({"/hq", "/plant"}, {}));
  ASSERT_FALSE(b);
  EXPECT_TRUE(admit(third, claims({"/plant"}, {})));
}

TEST_F(Admissions, OwnOlderClaims_AreReplaced) {
  std::optional<Admission> a(*admit(*first_, claims({"/hq"}, {})));
  a.reset();
  a.emplace(*admit(*first_, claims({"/plant"}, {})));
  EXPECT_TRUE(admit(*second_, claims({"/hq"}, {})));
}

}  // namespace
}  // namespace sitewide
