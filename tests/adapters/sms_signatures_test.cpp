// The table of known failures, and what texts alone show of them.
#include <set>

#include "adapters/sms/log_signatures.h"
#include "adapters/sms/signatures.h"
#include "tests/adapters/sms_signature_world.h"

namespace sitewide::sms {
namespace {

using testing::HasSubstr;

class SmsSignatureTable : public SmsWorld {};

TEST(SmsSignatures, AreThe37InOrder_EachWithArticleAndCure) {
  ASSERT_EQ(all_signatures().size(), 37U);
  unsigned number = 0;
  for (const Signature& signature : all_signatures()) {
    EXPECT_EQ(static_cast<unsigned>(signature.failure), ++number);
    EXPECT_EQ(&signature_of(signature.failure), &signature);
    EXPECT_EQ(id_of(signature.failure), (number < 10 ? "F0" : "F") + std::to_string(number));
    EXPECT_EQ(signature.articles.front(), 'Q');
    EXPECT_FALSE(signature.wrong.empty() || signature.cure.empty());
  }
}

TEST(SmsSignatures, EachIsRecognisedAndTested_OrSaysWhyItCannotBeSeen) {
  std::set<Failure> tested;
  for (const SignatureCase& one : client_signature_cases()) tested.insert(one.failure);
  for (const SignatureCase& one : site_signature_cases()) tested.insert(one.failure);
  for (const Signature& signature : all_signatures()) {
    EXPECT_NE(signature.seen.empty(), signature.unseen.empty()) << id_of(signature.failure);
    EXPECT_EQ(tested.contains(signature.failure), !signature.seen.empty())
        << id_of(signature.failure);
  }
}

TEST(SmsSignatures, AddAtMost200BytesToTheirEvidence) {
  for (const Signature& signature : all_signatures()) {
    EXPECT_LE(told(signature.failure, "x").size(), 201U) << id_of(signature.failure);
    EXPECT_LE(signature.wrong.size(), 120U) << id_of(signature.failure);
  }
}

TEST(SmsSignatures, TellWhatWasSeen_ThenNumberArticleAndCure) {
  EXPECT_EQ(told(Failure::component_in_use, "component in use: Pcmwin32.exe"),
            "component in use: Pcmwin32.exe (F01, Q168463): stop it or take it out of Startup; the "
            "client tries again at its next start");
  EXPECT_THAT(told(Failure::smsrun_twice), HasSubstr("Win.ini loads Smsrun twice (F24, Q230660)"));
}

// The reader of adapters/sms/README.md sees what the program knows.
TEST_F(SmsSignatureTable, StandsInTheReadme) {
  std::string table =
      "| | rank | what is wrong | articles | seen | cure |\n| --- | --- | --- | --- | --- | --- "
      "|\n";
  for (const Signature& signature : all_signatures()) {
    const std::string place = signature.seen.empty()
                                  ? "*not observable:* " + std::string(signature.unseen)
                                  : std::string(signature.seen);
    table += "| " + id_of(signature.failure) + " | " + std::string(signature.severity) + " | " +
             std::string(signature.wrong) + " | " + std::string(signature.articles) + " | " +
             place + " | " + std::string(signature.cure) + " |\n";
  }
  const std::string readme = read(std::string(SITEWIDE_SOURCE_DIR) + "/adapters/sms/README.md");
  EXPECT_NE(readme.find(table), std::string::npos) << "adapters/sms/README.md should hold:\n"
                                                   << table;
}

TEST(SmsLogSignatures, OfAnEarlierRun_AreForgotten) {
  EXPECT_EQ(setup_signature("Error: 259\nReading configuration...\nAll is well\n"), "");
  EXPECT_THAT(setup_signature("Reading configuration...\nError: 259\n"), HasSubstr("F25"));
  EXPECT_EQ(package_agent_signature("Failed to connect to SMS Logon Server.\n"
                                    "Connected to logon server: \\\\SRV\\SMS_SHR\n"),
            "");
}

TEST(SmsLogSignatures, ATextThatOnlyLooksAlike_IsNone) {
  for (const char* text : {"errorlevel 259", "error 2590", "no errors: 529 files", "#### done ####",
                           "SMS.INI was read", "cannot find the file x.exe", ""}) {
    EXPECT_EQ(setup_signature(text), "") << text;
  }
}

TEST(SmsLogSignatures, NumberBehindAWord) {
  EXPECT_EQ(number_after("ERROR: 53", "error"), 53U);
  EXPECT_EQ(number_after("(error 144), skipping", "error"), 144U);
  EXPECT_EQ(number_after("an error, then error = 5", "error"), 5U);
  EXPECT_EQ(number_after("errors 7", "error"), std::nullopt);
  EXPECT_EQ(number_after("error", "error"), std::nullopt);
}

TEST(SmsLogSignatures, AScriptForcesVerification_ByAnUncommentedSlashFAlone) {
  EXPECT_TRUE(forces_verification("@echo off\r\n%SMS%\\x86.bin\\CLI_NT /p:x /F\r\n"));
  EXPECT_FALSE(forces_verification("rem cli_nt /f\r\n"));
  EXPECT_FALSE(forces_verification("cli_nt /from\r\n"));
  EXPECT_FALSE(forces_verification("if exist /f cli_nt /u\r\n"));
}

}  // namespace
}  // namespace sitewide::sms
