// Secrets by reference: found at the moment of use, refused when anyone could read them, and never
// repeated in a message.
#include "adapters/secret.h"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/adapters/temporary_folder.h"

namespace sitewide {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Secret : public ::testing::Test {
 protected:
  Secret() { ::setenv("SITEWIDE_TEST_SECRET", "t0ken", 1); }
  ~Secret() override { ::unsetenv("SITEWIDE_TEST_SECRET"); }

  SecretText file(std::string_view bytes, mode_t mode) {
    folder_.put("secret", bytes);
    ::chmod((folder_.path() / "secret").c_str(), mode);
    SecretText secret;
    secret.file = folder_.path() / "secret";
    return secret;
  }
  static SecretText variable(const char* name, const char* prefix = "") {
    SecretText secret;
    secret.env = name;
    secret.prefix = prefix;
    return secret;
  }
  static std::string refusal_of(const SecretText& secret) {
    const auto value = reveal(secret);
    if (value) return "found";
    EXPECT_EQ(value.error().kind, ErrorKind::refused);
    return value.error().message;
  }

  test::TemporaryFolder folder_;
};

TEST_F(Secret, TextOfThePlan_IsItself) {
  SecretText secret;
  secret.text = "application/json";
  EXPECT_EQ(*reveal(secret), "application/json");
  EXPECT_FALSE(secret.is_reference());
}

TEST_F(Secret, Variable_IsReadWhenUsedAndHasItsPrefix) {
  EXPECT_EQ(*reveal(variable("SITEWIDE_TEST_SECRET", "Bearer ")), "Bearer t0ken");
  ::setenv("SITEWIDE_TEST_SECRET", "other", 1);
  EXPECT_EQ(*reveal(variable("SITEWIDE_TEST_SECRET")), "other");
}

TEST_F(Secret, MissingOrEmptyVariable_IsRefusedByName) {
  EXPECT_EQ(refusal_of(variable("SITEWIDE_NOT_SET")),
            "the secret in variable SITEWIDE_NOT_SET is missing: the variable is not set");
  ::setenv("SITEWIDE_TEST_SECRET", "", 1);
  EXPECT_THAT(refusal_of(variable("SITEWIDE_TEST_SECRET")), HasSubstr("is empty"));
}

TEST_F(Secret, File_LosesOneLineEnd) {
  EXPECT_EQ(*reveal(file("t0ken\n", 0600)), "t0ken");
  EXPECT_EQ(*reveal(file("t0ken\r\n", 0600)), "t0ken");
  EXPECT_EQ(*reveal(file("t0ken\n\n", 0600)), "t0ken\n");
  EXPECT_EQ(*reveal(file("t0ken", 0640)), "t0ken");
}

TEST_F(Secret, FileThatOthersMayUse_IsRefusedWithoutItsText) {
  for (const mode_t mode : {0644U, 0604U, 0602U, 0660U, 0601U}) {
    const std::string why = refusal_of(file("t0ken", mode));
    EXPECT_THAT(why, HasSubstr("chmod 600")) << mode;
    EXPECT_THAT(why, Not(HasSubstr("t0ken"))) << mode;
  }
}

TEST_F(Secret, FilesThatHoldNone_AreRefused) {
  EXPECT_THAT(refusal_of(file("", 0600)), HasSubstr("is empty"));
  EXPECT_THAT(refusal_of(file("\n", 0600)), HasSubstr("is empty"));
  EXPECT_THAT(refusal_of(file(std::string(kLongestSecret + 1, 'x'), 0600)), HasSubstr("64 KiB"));
  SecretText folder;
  folder.file = folder_.path();
  EXPECT_THAT(refusal_of(folder), HasSubstr("no regular file"));
  SecretText nothing;
  nothing.file = folder_.path() / "nothing";
  EXPECT_THAT(refusal_of(nothing), HasSubstr("No such file"));
  SecretText pipe;
  pipe.file = folder_.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.file.c_str(), 0600), 0);
  EXPECT_THAT(refusal_of(pipe), HasSubstr("no regular file"));
}

TEST_F(Secret, Masking_HidesEachUse) {
  EXPECT_EQ(masked("t0ken and t0ken", {"t0ken"}), "*** and ***");
  EXPECT_EQ(masked("a cat", {"a"}), "a cat");
  EXPECT_EQ(masked("****", {"****"}), "***");
}

}  // namespace
}  // namespace sitewide
