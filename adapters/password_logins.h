// PasswordLogins: which passwords were refused, and where, for as long as this controller lives. A
// password that expires in the middle of a rollout would otherwise be tried by every poll of every
// client, and lock the account that they share. The passwords themselves are not kept.
//
// Threads: any. Nobody is asked before begin() says so, and end() is said in any case.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace sitewide {

class PasswordLogins {
 public:
  using Clock = std::chrono::steady_clock;
  enum class End { taken, refused, unknown };
  struct Limits {
    /// A password is tried again after that, by one login alone: an account may have been unlocked.
    std::chrono::milliseconds again = std::chrono::hours(1);
    /// Refused by so many servers, one after another: not one more is asked.
    std::size_t servers = 3;
    /// How long a login waits for another one of a password that nobody took yet.
    std::chrono::milliseconds turn = std::chrono::seconds(5);
  };

  PasswordLogins() = default;
  explicit PasswordLogins(Limits limits) : limits_(limits) {}
  /// Those of this process.
  static PasswordLogins& all();

  /// Names a user and a password.
  static std::string key_of(const std::string& user, const std::string& password);
  /// Whether the server may be asked: nothing, or in words why not. While nobody took the password
  /// one login at a time is let through, so that a wrong one is not tried by a whole wave at once;
  /// it blocks for `turn` at most, and not beyond `until` or a stop.
  std::optional<std::string> begin(const std::string& key, const std::string& server,
                                   Clock::time_point until, const std::stop_token& stop = {});
  /// What came of it.
  void end(const std::string& key, const std::string& server, End how);

 private:
  struct Password {
    std::map<std::string, Clock::time_point> refused;  ///< by server: until when it is not asked
    std::size_t in_a_row = 0;   ///< servers that refused it since one took it
    Clock::time_point until{};  ///< when nobody is asked any more
    bool is_proven = false;
    bool is_tried = false;  ///< at this moment, by somebody whose turn it is
  };
  std::optional<std::string> why_not(const Password& password, const std::string& server) const;

  const Limits limits_{};
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Password> passwords_;
};

}  // namespace sitewide
