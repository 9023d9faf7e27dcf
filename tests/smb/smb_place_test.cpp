#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "orchestrator/core/smb.h"

namespace sitewide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SmbPlace, ServerShareAndFolders_AreTakenApart) {
  const auto place = parse_smb_place("smb://siteserver:1445/SMS_C/Sms root/X86.bin/");
  ASSERT_TRUE(place) << place.error().message;
  EXPECT_EQ(place->host, "siteserver");
  EXPECT_EQ(place->port, 1445);
  EXPECT_EQ(place->share, "SMS_C");
  EXPECT_THAT(place->folders, ElementsAre("Sms root", "X86.bin"));
  EXPECT_EQ(place->share_text(), "//siteserver:1445/SMS_C");
  EXPECT_EQ(place->unc(), R"(\\siteserver\SMS_C\Sms root\X86.bin)");
}

TEST(SmbPlace, Addresses_MayBeOfEitherVersion) {
  EXPECT_EQ(parse_smb_place("//10.0.0.7/C$").value().host, "10.0.0.7");
  EXPECT_EQ(parse_smb_place("//[fe80::1]:1445/C$").value().host, "fe80::1");
  EXPECT_EQ(parse_smb_place("//[fe80::1]:1445/C$").value().port, 1445);
  EXPECT_EQ(parse_smb_place("//fe80::1/C$").value().share_text(), "//[fe80::1]/C$");
}

TEST(SmbPlace, SpellingsOfOneFolder_HaveOneCanonicalText) {
  const std::string canonical = parse_smb_place("smb://Server/SMS_C/Sms").value().canonical();
  EXPECT_EQ(canonical, "smb://server/sms_c/sms");
  for (const char* other : {"SMB://SERVER:445/sms_c/SMS", "//server/SMS_C/sms//"})
    EXPECT_EQ(parse_smb_place(other).value().canonical(), canonical) << other;
}

TEST(SmbPlace, WhatIsNone_IsRefusedWithTheReason) {
  const auto reason = [](const std::string& text) {
    const auto place = parse_smb_place(text);
    return place ? "none" : place.error().message;
  };
  EXPECT_THAT(reason("/mnt/share"), HasSubstr("is smb://server/share"));
  EXPECT_THAT(reason("smb://server"), HasSubstr("names no share"));
  EXPECT_THAT(reason("smb:///share"), HasSubstr("names no server"));
  EXPECT_THAT(reason("smb://-oProxy/share"), HasSubstr("begins wrongly"));
  EXPECT_THAT(reason("smb://me:pw@server/share"), HasSubstr("stand under `smb`"));
  EXPECT_THAT(reason("smb://server:0/share"), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(reason("smb://server:65536/share"), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(reason("smb://[::1/share"), HasSubstr("not closed"));
  EXPECT_THAT(reason("smb://server/share/../other"), HasSubstr("leaves its folder"));
  EXPECT_THAT(reason("smb://server/share//x"), HasSubstr("a name is missing"));
  EXPECT_THAT(reason("smb://server/a\"b"), HasSubstr("not handed to smbclient"));
  EXPECT_THAT(reason("smb://server/a;b"), HasSubstr("not handed to smbclient"));
  EXPECT_THAT(reason("smb://server/a\nb"), HasSubstr("control character"));
  EXPECT_THAT(reason("smb://server/" + std::string(300, 'x')), HasSubstr("longer than 255"));
}

TEST(SmbPlace, OnlyTheScheme_TellsAPlaceFromAFolder) {
  EXPECT_TRUE(is_smb_place("smb://server/share"));
  EXPECT_TRUE(is_smb_place("SMB:"));
  EXPECT_FALSE(is_smb_place("//server/share"));
  EXPECT_FALSE(is_smb_place("smb/share"));
}

}  // namespace
}  // namespace sitewide
