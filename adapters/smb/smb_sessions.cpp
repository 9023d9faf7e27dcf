#include "adapters/smb/smb_sessions.h"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/password_logins.h"
#include "adapters/secret.h"
#include "adapters/smb/smb_answer.h"
#include "orchestrator/base/digest.h"

namespace sitewide {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kSweep{1};
/// Kept before those are dropped that count no more.
constexpr std::size_t kMostFailures = 1000;

/// What tells one kind of session from another, a line each.
std::string key_of(const SmbPlace& place, const SmbLogin& login) {
  SmbPlace share = place;
  share.folders.clear();
  std::string key = share.canonical();
  for (const std::string* part :
       {&login.user, &login.domain, &login.password.env, &login.password.file,
        &login.password.prefix, &login.password.text})
    key += "\n" + *part;
  if (login.kerberos) key += "\nkerberos";
  if (login.encrypt) key += "\nencrypt";
  return key;
}

/// Other shares of the server, and other servers, may have refused the same password.
Result<std::unique_ptr<SmbProcess>> connect(const SmbPlace& place, const SmbLogin& login,
                                            const std::string& password, const SmbLimits& limits) {
  const bool by_password = !login.kerberos && !password.empty();
  if (!by_password) return SmbProcess::connect(place, login, password, limits.log_in);
  PasswordLogins& logins = PasswordLogins::all();
  const std::string key =
      PasswordLogins::key_of("smb:" + login.domain + "\\" + login.user, password);
  const std::string server = place.host + ":" + std::to_string(place.port);
  if (const auto why = logins.begin(key, server, Clock::now() + limits.log_in))
    return Error{ErrorKind::denied, place.share_text() + ": " + *why};
  auto process = SmbProcess::connect(place, login, password, limits.log_in);
  auto how = PasswordLogins::End::taken;
  if (!process) {
    const Error error = process.error();
    const auto status = smb_status_in(error.message);
    const bool denied = error.kind == ErrorKind::denied && !status.empty();
    how = is_smb_login_refusal(status) ? PasswordLogins::End::refused
          : denied                     ? PasswordLogins::End::taken
                                       : PasswordLogins::End::unknown;
  }
  logins.end(key, server, how);
  return process;
}

struct Idle {
  std::string key;
  std::unique_ptr<SmbProcess> process;
  Clock::time_point since;
};

/// A login that failed, and until when it is not tried again.
struct Failure {
  Error error;
  Clock::time_point until;
};

}  // namespace

struct SmbSessions::State {
  explicit State(SmbLimits bounds) : limits(bounds) {}

  const SmbLimits limits;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::list<Idle> idle;                     // the longest idle first
  std::map<std::string, std::size_t> live;  // by key: in use, idle, logging in
  std::size_t total = 0;
  std::map<std::string, Failure> failures;  // by key and the password's digest
  bool leaving = false;
  std::thread janitor;  // made with the first that is given back

  void count_out(const std::string& key) {
    --total;
    if (--live[key] == 0) live.erase(key);
    changed.notify_all();
  }
  // One of the key, as idle as possible a short time.
  std::unique_ptr<SmbProcess> take_idle(const std::string& key) {
    const auto found =
        std::find_if(idle.rbegin(), idle.rend(), [&](const Idle& one) { return one.key == key; });
    if (found == idle.rend()) return nullptr;
    auto process = std::move(found->process);
    idle.erase(std::next(found).base());
    return process;
  }
  // Room for one more; what is to be ended for it, once the lock is gone.
  bool make_room(const std::string& key, std::unique_ptr<SmbProcess>& ended) {
    const auto of_key = live.find(key);
    if (of_key != live.end() && of_key->second >= limits.of_a_share) return false;
    if (total >= limits.processes) {
      if (idle.empty()) return false;
      ended = std::move(idle.front().process);
      const std::string other = idle.front().key;
      idle.pop_front();
      count_out(other);
    }
    ++live[key];
    ++total;
    return true;
  }
  void sweep();
};

std::shared_ptr<SmbSessions> SmbSessions::make(SmbLimits limits) {
  return std::shared_ptr<SmbSessions>(new SmbSessions(limits));
}

SmbSessions::SmbSessions(SmbLimits limits) : state_(std::make_unique<State>(limits)) {}

SmbSessions::~SmbSessions() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->leaving = true;
    state_->changed.notify_all();
  }
  if (state_->janitor.joinable()) state_->janitor.join();
}

// Ends what was idle long enough, and buries what ended by itself: an ended child that nobody waits
// for would hide those of others from reap_adopted().
void SmbSessions::State::sweep() {
  std::unique_lock lock(mutex);
  while (!leaving) {
    if (idle.empty()) {
      changed.wait(lock);
      continue;
    }
    std::vector<std::unique_ptr<SmbProcess>> ended;
    for (auto one = idle.begin(); one != idle.end();) {
      const bool over = one->process->has_ended() || Clock::now() - one->since >= limits.idle;
      if (!over) {
        ++one;
        continue;
      }
      ended.push_back(std::move(one->process));
      count_out(one->key);
      one = idle.erase(one);
    }
    lock.unlock();
    ended.clear();
    lock.lock();
    if (!leaving) changed.wait_for(lock, kSweep);
  }
}

Result<SmbSessions::Lease> SmbSessions::take(const SmbPlace& place, const SmbLogin& login) {
  const std::string key = key_of(place, login);
  const auto until = Clock::now() + state_->limits.queue;
  std::unique_ptr<SmbProcess> ended;
  {
    std::unique_lock lock(state_->mutex);
    for (;;) {
      if (auto process = state_->take_idle(key))
        return Lease(shared_from_this(), key, std::move(process), false);
      if (state_->make_room(key, ended)) break;
      if (state_->changed.wait_until(lock, until) == std::cv_status::timeout)
        return Error{ErrorKind::unreachable,
                     place.share_text() + ": all connections to it are in use"};
    }
  }
  ended.reset();
  auto process = log_in(place, login);
  if (process) return Lease(shared_from_this(), key, std::move(*process), true);
  const std::lock_guard lock(state_->mutex);
  state_->count_out(key);
  return process.error();
}

Result<std::unique_ptr<SmbProcess>> SmbSessions::log_in(const SmbPlace& place,
                                                        const SmbLogin& login) {
  const auto password = reveal(login.password);
  if (!password) return Error{ErrorKind::denied, password.error().message};
  // Another password is another login: the old one's failure says nothing about it.
  const std::string key = key_of(place, login) + "\n" + sha256(*password).hex();
  {
    const std::lock_guard lock(state_->mutex);
    const auto failed = state_->failures.find(key);
    if (failed != state_->failures.end() && Clock::now() < failed->second.until)
      return failed->second.error;
  }
  auto process = connect(place, login, *password, state_->limits);
  const std::lock_guard lock(state_->mutex);
  state_->failures.erase(key);
  if (process) return process;
  const bool denied = process.error().kind == ErrorKind::denied;
  const auto pause = denied ? state_->limits.denied_again : state_->limits.away_again;
  if (state_->failures.size() >= kMostFailures) {
    std::erase_if(state_->failures,
                  [](const auto& one) { return one.second.until <= Clock::now(); });
  }
  state_->failures.emplace(key, Failure{process.error(), Clock::now() + pause});
  return process;
}

void SmbSessions::give_back(const std::string& key, std::unique_ptr<SmbProcess> process) {
  const bool ended = process->has_ended();
  const std::lock_guard lock(state_->mutex);
  if (ended) return state_->count_out(key);
  state_->idle.push_back({key, std::move(process), Clock::now()});
  if (!state_->janitor.joinable())
    state_->janitor = std::thread([state = state_.get()] { state->sweep(); });
  state_->changed.notify_all();
}

std::size_t SmbSessions::count() const {
  const std::lock_guard lock(state_->mutex);
  return state_->total;
}

SmbSessions::Lease::Lease(std::shared_ptr<SmbSessions> owner, std::string key,
                          std::unique_ptr<SmbProcess> process, bool is_fresh)
    : owner_(std::move(owner)),
      key_(std::move(key)),
      process_(std::move(process)),
      is_fresh_(is_fresh) {}

SmbSessions::Lease& SmbSessions::Lease::operator=(Lease&& other) noexcept {
  if (process_) owner_->give_back(key_, std::move(process_));
  owner_ = std::move(other.owner_);
  key_ = std::move(other.key_);
  process_ = std::move(other.process_);
  is_fresh_ = other.is_fresh_;
  return *this;
}

SmbSessions::Lease::~Lease() {
  if (process_) owner_->give_back(key_, std::move(process_));
}

}  // namespace sitewide
