// Addresses of web servers: what is read, and what is refused with which reason.
#include "orchestrator/base/url.h"

#include <gtest/gtest.h>

namespace sitewide {
namespace {

std::string read(std::string_view text) {
  const auto url = parse_url(text);
  return url ? url->text() : "refused: " + url.error().message;
}

TEST(Url, SchemeHostPortPathAndQuery_AreTakenApart) {
  const auto url = parse_url("HTTPS://Hooks.Example.org:8443/a/b?c=d%20e");
  ASSERT_TRUE(url);
  EXPECT_TRUE(url->secure);
  EXPECT_EQ(url->host, "hooks.example.org");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/a/b?c=d%20e");
  EXPECT_EQ(url->authority(), "hooks.example.org:8443");
  EXPECT_EQ(url->origin(), "https://hooks.example.org:8443");
}

TEST(Url, NoPortAndNoPath_AreTheSchemesPortAndTheRoot) {
  EXPECT_EQ(parse_url("http://h")->port, 80);
  EXPECT_EQ(parse_url("https://h")->port, 443);
  EXPECT_EQ(read("https://h:443"), "https://h/");
  EXPECT_EQ(read("http://h?x"), "http://h/?x");
}

TEST(Url, AddressesOfBothKinds_AreHosts) {
  EXPECT_EQ(read("http://127.0.0.1:9/x"), "http://127.0.0.1:9/x");
  const auto url = parse_url("http://[2001:DB8::1]:8080/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "2001:db8::1");
  EXPECT_EQ(url->authority(), "[2001:db8::1]:8080");
  EXPECT_EQ(read("http://[::ffff:10.0.0.1]"), "http://[::ffff:10.0.0.1]/");
}

TEST(Url, HostsThatOtherProgramsReadAsAnAddress_AreRefused) {
  for (const char* host : {"127.1", "256.0.0.1", "1.2.3.4.5", "0177.0.0.1", "10.0.0.0x1", "1"})
    EXPECT_EQ(read(std::string("http://") + host).rfind("refused", 0), 0U) << host;
}

TEST(Url, BadAddressInBrackets_IsRefused) {
  for (const char* host : {"[]", "[::1", "[1:2]", "[::1::2]", "[1:2:3:4:5:6:7:8:9]", "[::12345]",
                           "[fe80::1%25eth0]", "[::1]8080", "[1:2:3:4:5:6:7::8:]"})
    EXPECT_EQ(read(std::string("http://") + host).rfind("refused", 0), 0U) << host;
}

TEST(Url, NamesAndPasswords_AreRefusedAndNotRepeated) {
  const std::string why = read("https://anna:s3cret@example.org/");
  EXPECT_NE(why.find("use a header"), std::string::npos);
  EXPECT_EQ(why.find("s3cret"), std::string::npos);
}

TEST(Url, OtherSchemesAndFragments_SayWhatToWrite) {
  EXPECT_EQ(read("ftp://h/"), "refused: it has to begin with `https://` or `http://`");
  EXPECT_EQ(read("h/x"), "refused: it has to begin with `https://` or `http://`");
  EXPECT_EQ(read("http://h/#x"), "refused: a part after `#` is never sent; leave it out");
}

TEST(Url, WhatCouldBeginAnotherHeader_IsRefused) {
  using namespace std::literals;
  for (const auto text :
       {"http://h/\r\nX: y"sv, "http://h/a b"sv, "http://h\r\n/"sv, "http://h/\0"sv,
        "http://h/\xc3\xa4"sv, "http://h/%zz"sv, "http://h/%1"sv})
    EXPECT_EQ(read(text).rfind("refused", 0), 0U) << text;
}

TEST(Url, PortsOutOfRange_AreRefused) {
  for (const char* port : {"", "0", "65536", "99999", "123456", "8o"})
    EXPECT_EQ(read(std::string("http://h:") + port).rfind("refused", 0), 0U) << port;
}

TEST(Url, TooLong_IsRefused) {
  EXPECT_TRUE(parse_url("http://h/" + std::string(kLongestUrl - 9, 'a')));
  EXPECT_FALSE(parse_url("http://h/" + std::string(kLongestUrl - 8, 'a')));
}

}  // namespace
}  // namespace sitewide
