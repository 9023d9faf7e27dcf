#include "adapters/password_logins.h"

#include <algorithm>

#include "orchestrator/base/digest.h"
#include "orchestrator/base/text.h"
#include "orchestrator/core/time.h"

namespace sitewide {

PasswordLogins& PasswordLogins::all() {
  static PasswordLogins logins;
  return logins;
}

std::string PasswordLogins::key_of(const std::string& user, const std::string& password) {
  return sha256(std::to_string(user.size()) + ":" + user + password).hex();
}

std::optional<std::string> PasswordLogins::why_not(const Password& password,
                                                   const std::string& server) const {
  const auto now = Clock::now();
  const std::string rest = "; it is tried again " + describe_duration(limits_.again) +
                           " after that, for each try counts towards locking the account";
  if (password.in_a_row >= limits_.servers && now < password.until)
    return std::to_string(password.in_a_row) +
           " servers, one after another, refused this password" + rest;
  const auto refused = password.refused.find(server);
  if (refused == password.refused.end() || refused->second <= now) return std::nullopt;
  return "it refused this password before" + rest;
}

std::optional<std::string> PasswordLogins::begin(const std::string& key, const std::string& server,
                                                 Clock::time_point until,
                                                 const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  Password& password = passwords_[key];
  const auto may_go = [&] { return password.is_proven || !password.is_tried; };
  const auto patience = std::min(until, Clock::now() + limits_.turn);
  [[maybe_unused]] const bool its_turn = changed_.wait_until(lock, stop, patience, may_go);
  if (auto why = why_not(password, server)) return why;
  // Whoever finds the hour over asks for all the others.
  if (password.in_a_row >= limits_.servers) password.until = Clock::now() + limits_.again;
  password.is_tried = true;
  return std::nullopt;
}

void PasswordLogins::end(const std::string& key, const std::string& server, End how) {
  const std::lock_guard lock(mutex_);
  Password& password = passwords_[key];
  password.is_tried = false;
  const auto until = Clock::now() + limits_.again;
  switch (how) {
    case End::taken:
      password.is_proven = true;
      // What was refused while nobody took it says nothing about those servers any more.
      if (password.in_a_row >= limits_.servers) password.refused.clear();
      password.in_a_row = 0;
      password.refused.erase(server);
      break;
    case End::refused:
      password.is_proven = false;
      if (password.refused.insert_or_assign(server, until).second || password.in_a_row == 0)
        ++password.in_a_row;
      password.until = until;
      break;
    case End::unknown:
      break;
  }
  changed_.notify_all();
}

}  // namespace sitewide
