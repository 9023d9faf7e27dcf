// What plans say of SMB servers: places and logins.
#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/placeholders.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

void check_login(const Values& values, const SmbLogin& login, Reading& reading) {
  const bool has_password = values.has("password");
  if (login.user.find_first_of("\\/@") != std::string::npos) {
    reading.error(values.place("user"), "`user` holds the domain too",
                  "the domain has a key of its own: {user: NAME, domain: DOMAIN}");
  }
  if (login.kerberos && has_password) {
    reading.error(values.place("password"), "`password` beside `kerberos`",
                  "a ticket takes the place of the password: leave one of them out");
  }
  if (login.user.empty() && (has_password || values.has("domain"))) {
    const std::string_view key = has_password ? "password" : "domain";
    if (!login.kerberos || key == "domain") {
      reading.error(values.place(key), "`" + std::string(key) + "` without `user`",
                    "name the user who logs in");
    }
  }
  if (!login.user.empty() && !login.kerberos && !has_password && values.has("user")) {
    reading.error(values.place("user"), "`user` without `password`",
                  "add `password: {file: PATH}` or {env: NAME}, or `kerberos: true`");
  }
}

/// Who writes a user into a place writes the password beside it.
void refuse(std::string_view text, const Error& why, const Place& place, std::string help,
            Reading& reading) {
  reading.error(place, why.message, std::move(help));
  reading.problems.back().near_secret = text.find('@') != std::string_view::npos;
}

}  // namespace

SmbLogin read_smb_login(const Values& values, Reading& reading) {
  SmbLogin login;
  assign(login.user, values.text("user"));
  assign(login.domain, values.text("domain"));
  login.password = read_secret(values.find("password"), reading);
  assign(login.kerberos, values.flag("kerberos"));
  assign(login.encrypt, values.flag("encrypt"));
  check_login(values, login, reading);
  return login;
}

std::string read_place(const std::string& text, const Place& place, Reading& reading) {
  if (!is_smb_place(text)) return reading.absolute(text);
  const auto read = parse_smb_place(text);
  if (!read) refuse(text, read.error(), place, "write smb://server/share/folder", reading);
  return text;
}

void read_smb_files(const Values& values, Transport& transport, Reading& reading) {
  assign(transport.files, values.text("files"));
  assign(transport.share, values.text("share"));
  transport.smb = read_smb_login(values.section("smb"), reading);
  if (transport.files.empty()) {
    for (const std::string_view key : {"share", "smb"}) {
      if (!values.has(key)) continue;
      reading.error(values.key_place(key), "`" + std::string(key) + "` without `files: smb`",
                    "add `files: smb` if clients' files are reached over SMB");
    }
    return;
  }
  for (const std::string_view key : {"read", "write", "digest"}) {
    if (!values.has(key)) continue;
    reading.error(values.key_place(key), "`" + std::string(key) + "` beside `files: smb`",
                  "files are reached in one way: leave one of them out");
  }
  if (!values.has("share")) {
    reading.error(values.place("files"), "`files: smb` without `share`",
                  "say where a client's drive C is: share: //{client.address}/C$");
    return;
  }
  const Place place = values.place("share");
  check_placeholders({transport.share, place}, PlaceholderUse::root, reading);
  // Names and addresses stand for placeholders here: what clients make of them is seen when they
  // are reached.
  std::string sample = transport.share;
  for (std::size_t at = sample.find('{'); at != std::string::npos; at = sample.find('{', at)) {
    const std::size_t end = sample.find('}', at);
    if (end == std::string::npos) break;
    sample.replace(at, end - at + 1, "x");
  }
  if (const auto read = parse_smb_place(sample); !read)
    refuse(sample, read.error(), place, "write //{client.address}/C$", reading);
  if (transport.share.find("{client.") == std::string::npos) {
    reading.warning(place, "every client has the same share",
                    "put `{client.address}` into it, unless there is one client only");
  }
}

}  // namespace sitewide
