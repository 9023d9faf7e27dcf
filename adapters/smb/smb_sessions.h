// SmbSessions: the smbclient processes of one controller or one look, kept for the next call on
// the same share by the same login, few a share and bounded together. Idle ones are ended.
//
// Threads: any; taking one blocks while it logs in, or while all are in use. Ownership: a lease
// keeps what it needs, so it may outlive this object's last other user. Nothing runs before the
// first is taken. What it starts ends with it, or when this process is gone.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "adapters/smb/smb_process.h"
#include "orchestrator/core/smb.h"

namespace sitewide {

struct SmbLimits {
  std::size_t processes = 64;  ///< all together
  std::size_t of_a_share = 4;  ///< by one login
  std::chrono::milliseconds log_in = std::chrono::seconds(30);
  std::chrono::milliseconds queue = std::chrono::minutes(2);  ///< for one that others use
  std::chrono::milliseconds idle = std::chrono::seconds(90);
  /// A refused login is not tried again so soon, for each try counts towards locking the account;
  /// a server that is away is not waited for again by every file that is looked at.
  std::chrono::milliseconds denied_again = std::chrono::minutes(1);
  std::chrono::milliseconds away_again = std::chrono::seconds(3);
};

class SmbSessions : public std::enable_shared_from_this<SmbSessions> {
 public:
  static std::shared_ptr<SmbSessions> make(SmbLimits limits = {});
  ~SmbSessions();
  SmbSessions(const SmbSessions&) = delete;
  SmbSessions& operator=(const SmbSessions&) = delete;

  /// One process, given back when this goes.
  class Lease {
   public:
    Lease(std::shared_ptr<SmbSessions> owner, std::string key, std::unique_ptr<SmbProcess> process,
          bool is_fresh);
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease();
    SmbProcess& process() const { return *process_; }
    /// Whether it has just logged in; else the server may have gone since it was last used.
    bool is_fresh() const { return is_fresh_; }

   private:
    std::shared_ptr<SmbSessions> owner_;
    std::string key_;
    std::unique_ptr<SmbProcess> process_;
    bool is_fresh_;
  };

  /// An idle one, or a new one. Errors as SmbProcess::connect() has them, or unreachable when all
  /// stay in use, or those of the secret.
  Result<Lease> take(const SmbPlace& place, const SmbLogin& login);

  /// How many processes there are, in use or idle.
  std::size_t count() const;

 private:
  struct State;
  explicit SmbSessions(SmbLimits limits);
  void give_back(const std::string& key, std::unique_ptr<SmbProcess> process);
  Result<std::unique_ptr<SmbProcess>> log_in(const SmbPlace& place, const SmbLogin& login);

  std::unique_ptr<State> state_;
};

}  // namespace sitewide
