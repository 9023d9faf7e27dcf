#include "adapters/smb/smb_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sitewide {
namespace {

using testing::HasSubstr;

TEST(SmbListing, Columns_AreCountedFromTheRight) {
  const auto entries = parse_smb_listing(
      "  .                                   D        0  Thu Nov 26 22:29:30 2026\n"
      "  Sms.ini                          AHSR        6  Thu Jan  2 03:04:05 2020\n"
      "  a name of more than thirty bytes  that ends so  D  1     A 123456789012  "
      "Tue Jun 22 13:12:59 1999\n"
      "  junction                           Dr        0  Tue Jun 22 13:12:59 1999\n"
      "\n\t\t264212084 blocks of size 1024. 71069324 blocks available\n");
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_EQ(entries->size(), 4U);
  EXPECT_TRUE((*entries)[0].is_folder);
  EXPECT_EQ((*entries)[1].name, "Sms.ini");
  EXPECT_TRUE((*entries)[1].hidden && (*entries)[1].system && (*entries)[1].read_only);
  EXPECT_EQ((*entries)[1].size, 6U);
  EXPECT_EQ(format_timestamp((*entries)[1].modified), "2020-01-02T03:04:05Z");
  EXPECT_EQ((*entries)[2].size, 123456789012U);
  EXPECT_EQ((*entries)[3].name, "junction");
  EXPECT_TRUE((*entries)[3].is_folder && (*entries)[3].is_link);
}

TEST(SmbListing, WhatIsNoLine_IsAnError) {
  for (const char* text :
       {"short", "  x\n",
        "  Sms.ini                          AHSR        6  Thu Jan 32 03:04:05 2020",
        "  Sms.ini                          AHSR        6  Thu Foo  2 03:04:05 2020",
        "  Sms.ini                          AHSR        x  Thu Jan  2 03:04:05 2020",
        "  Sms.ini                          AHSR        6  Thu Jan  2 25:04:05 2020"})
    EXPECT_FALSE(parse_smb_listing(text)) << text;
}

TEST(SmbStatus, NamesOfFiles_AreNoComplaints) {
  EXPECT_EQ(smb_status_in("NT_STATUS_ACCESS_DENIED opening remote file \\NT_STATUS_DISK_FULL"),
            "NT_STATUS_ACCESS_DENIED");
  EXPECT_EQ(smb_status_in("cli_push returned NT_STATUS_DISK_FULL\nputting file x as \\y"),
            "NT_STATUS_DISK_FULL");
  EXPECT_EQ(smb_status_in("putting file /proc/1/fd/3 as \\NT_STATUS_DISK_FULL (0.7 kb/s)\n"), "");
  EXPECT_EQ(smb_status_in("  NT_STATUS_DISK_FULL   N   1  Thu Jan  2 03:04:05 2020\n"), "");
}

TEST(SmbError, WhatCanBeTriedAgain_IsToldFromWhatCannot) {
  const auto kind = [](std::string_view status, SmbStage stage) {
    return smb_error(status, "x", stage).kind;
  };
  EXPECT_EQ(kind("NT_STATUS_LOGON_FAILURE", SmbStage::connecting), ErrorKind::denied);
  EXPECT_EQ(kind("NT_STATUS_ACCOUNT_LOCKED_OUT", SmbStage::connecting), ErrorKind::denied);
  EXPECT_EQ(kind("NT_STATUS_ACCESS_DENIED", SmbStage::connecting), ErrorKind::denied);
  EXPECT_EQ(kind("NT_STATUS_ACCESS_DENIED", SmbStage::working), ErrorKind::io);
  EXPECT_EQ(kind("NT_STATUS_SHARING_VIOLATION", SmbStage::working), ErrorKind::io);
  EXPECT_EQ(kind("NT_STATUS_IO_TIMEOUT", SmbStage::connecting), ErrorKind::unreachable);
  EXPECT_EQ(kind("NT_STATUS_WHATEVER", SmbStage::connecting), ErrorKind::unreachable);
  EXPECT_EQ(kind("NT_STATUS_WHATEVER", SmbStage::working), ErrorKind::io);
  EXPECT_EQ(
      smb_error("NT_STATUS_SHARING_VIOLATION", "cannot write a.exe", SmbStage::working).message,
      "cannot write a.exe: in use by another program (NT_STATUS_SHARING_VIOLATION)");
}

}  // namespace
}  // namespace sitewide
