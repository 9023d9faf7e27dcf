#include "orchestrator/journal/admission.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "orchestrator/journal/claims_file.h"
#include "tests/journal/scratch.h"

namespace sitewide {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Admissions : public Scratch {
 protected:
  static Claims claims(std::vector<std::string> sites, std::vector<std::string> clients) {
    Claims result;
    for (const auto& site : sites) result.add_site(site);
    for (const auto& client : clients) result.add_client(client);
    return result;
  }
  Result<ClaimsFolder> folder() const {
    return ClaimsFolder::open(file("claims"), file("fallback"));
  }
  Result<Admission> admit(const std::string& rollout, Claims claims) {
    return Admission::admit(*folder(), {rollout, {"hq1", 4711, "alice", {}}, "/home/alice/state"},
                            std::move(claims),
                            [](std::uint32_t claim) { return "claim " + std::to_string(claim); });
  }
  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(file("claims"))) ++count;
    return count;
  }
};

TEST_F(Admissions, DisjointRollouts_RunSideBySide) {
  const auto a = admit("a-1", claims({"/hq"}, {"pc1", "pc2"}));
  const auto b = admit("b-1", claims({"/plant"}, {"pc3", "hq"}));
  EXPECT_TRUE(a);
  EXPECT_TRUE(b);
}

TEST_F(Admissions, SharedSite_IsRefusedNamingTheOther) {
  const auto a = admit("a-1", claims({"/hq"}, {"pc1"}));
  ASSERT_TRUE(a);
  const auto b = admit("b-1", claims({"/plant", "/hq"}, {"pc2"}));
  ASSERT_FALSE(b);
  EXPECT_EQ(b.error().kind, ErrorKind::held);
  EXPECT_THAT(b.error().message, HasSubstr("claim 1 is held by rollout a-1 (pid 4711 of alice"));
  EXPECT_THAT(b.error().message, HasSubstr("in /home/alice/state"));
}

TEST_F(Admissions, SharedClient_IsRefused) {
  const auto a = admit("a-1", claims({}, {"pc1", "pc2"}));
  const auto b = admit("b-1", claims({}, {"pc9", "pc2"}));
  ASSERT_FALSE(b);
  EXPECT_THAT(b.error().message, HasSubstr("claim 1 "));
}

TEST_F(Admissions, MuchShared_NamesWhatComesFirst) {
  std::vector<std::string> clients;
  for (int number = 0; number < 50; ++number) clients.push_back("pc" + std::to_string(number));
  const auto a = admit("a-1", claims({"/hq"}, clients));
  const auto b = admit("b-1", claims({"/plant", "/hq"}, clients));
  ASSERT_FALSE(b);
  EXPECT_THAT(b.error().message, HasSubstr("claim 1 "));
}

TEST_F(Admissions, SameWordAsSiteAndClient_DoNotMeet) {
  const auto a = admit("a-1", claims({"x"}, {}));
  EXPECT_TRUE(admit("b-1", claims({}, {"x"})));
}

TEST_F(Admissions, ControllerGone_HoldsNothing) {
  std::optional<Admission> a(*admit("a-1", claims({"/hq"}, {"pc1"})));
  a.reset();
  const auto b = admit("b-1", claims({"/hq"}, {"pc1"}));
  EXPECT_TRUE(b);
  EXPECT_FALSE(admit("a-1", claims({"/hq"}, {"pc1"})));
}

TEST_F(Admissions, Refused_HoldsNothingItself) {
  const auto a = admit("a-1", claims({"/hq"}, {}));
  const auto b = admit("b-1", claims({"/hq", "/plant"}, {}));
  ASSERT_FALSE(b);
  EXPECT_TRUE(admit("c-1", claims({"/plant"}, {})));
}

TEST_F(Admissions, ControllerThatEnds_LeavesNothing) {
  { const auto a = admit("a-1", claims({"/hq"}, {})); }
  EXPECT_EQ(files(), 0U);
}

TEST_F(Admissions, ControllerThatWasKilled_HoldsNothingAndIsCleanedUp) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto a = admit("a-1", claims({"/hq"}, {}));
    ::_exit(a && files() == 1 ? 0 : 1);  // no destructor runs
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  ASSERT_EQ(files(), 1U);
  const auto b = admit("b-1", claims({"/hq"}, {}));
  EXPECT_TRUE(b);
  EXPECT_EQ(files(), 1U);
}

TEST_F(Admissions, FilesOfOthers_AreLeftAlone) {
  ASSERT_TRUE(folder());
  spill(file("claims") / "precious", "x");
  EXPECT_TRUE(admit("a-1", claims({"/hq"}, {})));
  EXPECT_EQ(slurp(file("claims") / "precious"), "x");
}

TEST_F(Admissions, LiveClaimsThatCannotBeRead_RefuseEverybody) {
  ASSERT_TRUE(folder());
  const auto path = file("claims") / "claims-of-a-later-version";
  spill(path, "sitewide claims 2");
  {
    const auto held = open_file(ErrorKind::journal, path, O_RDWR);
    ASSERT_TRUE(held && *try_lock(*held, path));
    EXPECT_EQ(admit("a-1", claims({"/hq"}, {})).error().kind, ErrorKind::held);
  }
  EXPECT_TRUE(admit("a-1", claims({"/hq"}, {})));
}

TEST_F(Admissions, LiveClaimsThatEndInHalfANumber_RefuseEverybody) {
  ASSERT_TRUE(folder());
  const auto path = file("claims") / "claims-1";
  spill(path, encode_claims("a-1", {1, 2}) + "1234567");
  const auto held = open_file(ErrorKind::journal, path, O_RDWR);
  ASSERT_TRUE(held && *try_lock(*held, path));
  EXPECT_EQ(admit("a-1", claims({"/hq"}, {})).error().kind, ErrorKind::held);
}

TEST_F(Admissions, Claims_CanBeReadByEverybody) {
  const auto a = admit("a-1", claims({"/hq"}, {}));
  for (const auto& entry : fs::directory_iterator(file("claims"))) {
    EXPECT_EQ(static_cast<unsigned>(entry.status().permissions()), 0644U);
  }
}

TEST_F(Admissions, Folder_IsEverybodysWhateverTheUmask) {
  const mode_t before = ::umask(077);
  const auto made = folder();
  ::umask(before);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->path(), file("claims"));
  EXPECT_EQ(made->doubt(), "");
  struct stat status {};
  ASSERT_EQ(::stat(file("claims").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 01777U);
}

TEST_F(Admissions, FolderThatIsALinkOrNotSticky_IsNotTrusted) {
  fs::create_directory(file("elsewhere"));
  fs::create_directory_symlink(file("elsewhere"), file("claims"));
  ASSERT_TRUE(folder());
  EXPECT_EQ(folder()->path(), file("fallback"));
  EXPECT_THAT(folder()->doubt(), HasSubstr("claims is not a folder"));
  fs::remove(file("claims"));
  fs::create_directory(file("claims"));
  EXPECT_EQ(folder()->path(), file("fallback"));
  EXPECT_THAT(folder()->doubt(), HasSubstr("claims is not sticky"));
}

TEST_F(Admissions, FolderThatCannotBeMade_FallsBack) {
  const auto made = ClaimsFolder::open(file("no") / "such" / "place", file("fallback"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->path(), file("fallback"));
  EXPECT_THAT(made->doubt(), HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace sitewide
