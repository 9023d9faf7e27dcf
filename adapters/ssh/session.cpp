#include "adapters/ssh/session.h"

#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include "adapters/password_logins.h"
#include "adapters/ssh/config_check.h"
#include "adapters/ssh/host_key_words.h"
#include "adapters/ssh/tcp_connect.h"
#include "orchestrator/base/text.h"
#include "orchestrator/core/time.h"

namespace sitewide::ssh {
namespace {

using std::chrono::milliseconds;
using Kind = Fault::Kind;

// After so many keepalives without a sign of life the connection is given up.
constexpr int kUnanswered = 3;

milliseconds until(Deadline deadline) {
  return std::chrono::ceil<milliseconds>(deadline - Clock::now());
}

// A text of libssh's, which is freed.
std::string taken(char* text) {
  std::string copy = text != nullptr ? text : "";
  ::ssh_string_free_char(text);
  return copy;
}

std::string option(ssh_session handle, ssh_options_e which) {
  char* value = nullptr;
  return ::ssh_options_get(handle, which, &value) == SSH_OK ? taken(value) : std::string();
}

Fault denied(std::string reason) { return {Kind::denied, std::move(reason)}; }

HostKey key_of(ssh_session handle) {
  HostKey key;
  ssh_key server = nullptr;
  if (::ssh_get_server_publickey(handle, &server) != SSH_OK) return key;
  const char* type = ::ssh_key_type_to_char(::ssh_key_type(server));
  key.type = type != nullptr ? type : "";
  unsigned char* hash = nullptr;
  std::size_t size = 0;
  if (::ssh_get_publickey_hash(server, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) == SSH_OK) {
    key.fingerprint = taken(::ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size));
    ::ssh_clean_pubkey_hash(&hash);
  }
  ::ssh_key_free(server);
  return key;
}

std::string methods_of(ssh_session handle) {
  const int methods = ::ssh_userauth_list(handle, nullptr);
  std::string words;
  const auto add = [&](int method, const char* name) {
    if ((methods & method) != 0) words += (words.empty() ? "" : ", ") + std::string(name);
  };
  add(SSH_AUTH_METHOD_PUBLICKEY, "publickey");
  add(SSH_AUTH_METHOD_PASSWORD, "password");
  add(SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive");
  add(SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi");
  add(SSH_AUTH_METHOD_HOSTBASED, "hostbased");
  return words.empty() ? "nothing we know" : words;
}

// A password that is not enough was taken all the same.
PasswordLogins::End how_it_ended(int result) {
  switch (result) {
    case SSH_AUTH_SUCCESS:
    case SSH_AUTH_PARTIAL:
      return PasswordLogins::End::taken;
    case SSH_AUTH_DENIED:
      return PasswordLogins::End::refused;
    default:
      return PasswordLogins::End::unknown;
  }
}

}  // namespace

struct Session::Traffic {
  ssh_counter_struct sent{};
  ssh_counter_struct counted{};
  std::uint64_t seen = 0;
  int unanswered = 0;
  Deadline next{};
};

Session::Session(Settings settings)
    : settings_(std::move(settings)), traffic_(std::make_unique<Traffic>()) {}

Session::~Session() {
  if (event_ != nullptr) {
    ::ssh_event_remove_session(event_, handle_);
    ::ssh_event_free(event_);
  }
  if (handle_ == nullptr) return;
  ::ssh_set_blocking(handle_, 0);
  if (is_connected()) ::ssh_disconnect(handle_);
  ::ssh_free(handle_);
  // Whether libssh closes a descriptor that it was given depends on how the session ended.
  if (given_ >= 0 && is_same_socket(given_, socket_.get())) ::close(given_);
}

std::string Session::last_words() const {
  return escaped(trim(std::string_view(::ssh_get_error(handle_))), 200);
}

bool Session::is_connected() const {
  return ::ssh_is_connected(handle_) != 0 &&
         (::ssh_get_status(handle_) & (SSH_CLOSED | SSH_CLOSED_ERROR)) == 0;
}

bool Session::limit(Deadline deadline) {
  const milliseconds left = until(deadline);
  if (left <= milliseconds::zero()) return false;
  long seconds = static_cast<long>(left.count() / 1000);
  long microseconds = static_cast<long>(left.count() % 1000) * 1000;
  ::ssh_options_set(handle_, SSH_OPTIONS_TIMEOUT, &seconds);
  ::ssh_options_set(handle_, SSH_OPTIONS_TIMEOUT_USEC, &microseconds);
  return true;
}

Fault Session::fault_while(const std::string& doing, Deadline deadline,
                           const Stopper* stopper) const {
  if (stopper != nullptr && stopper->stopped()) return {Kind::stopped, "stopped"};
  if (until(deadline) <= milliseconds::zero()) {
    return {Kind::unreachable, place_ + " did not go on while " + doing + ", within " +
                                   describe_duration(settings_.connect_within)};
  }
  return {Kind::unreachable,
          place_ + ": the connection broke off while " + doing + ": " + last_words()};
}

std::optional<Fault> Session::configure() {
  if (!is_host(settings_.host)) {
    return denied("host " + escaped(settings_.host, 80) + " is no name and no address");
  }
  if (const auto place = find_match_exec(settings_.config)) {
    return denied("ssh_config runs a program to choose what counts (`Match exec`, " +
                  escaped(*place, 300) +
                  "); say `via: openssh`, which does that, or name another `config`");
  }
  handle_ = ::ssh_new();
  if (handle_ == nullptr) return Fault{Kind::unreachable, "there is no memory for an SSH session"};
  const bool process = false;  // done here, once, before what the plan says
  ::ssh_options_set(handle_, SSH_OPTIONS_PROCESS_CONFIG, &process);
  ::ssh_options_set(handle_, SSH_OPTIONS_HOST, settings_.host.c_str());
  const char* config = settings_.config.empty() ? nullptr : settings_.config.c_str();
  if (::ssh_options_parse_config(handle_, config) != SSH_OK) {
    return denied("its ssh_config cannot be used: " + last_words());
  }
  ::ssh_set_log_level(SSH_LOG_NOLOG);
  if (!settings_.user.empty()) ::ssh_options_set(handle_, SSH_OPTIONS_USER, settings_.user.c_str());
  if (settings_.port != 0) {
    const unsigned port = settings_.port;
    ::ssh_options_set(handle_, SSH_OPTIONS_PORT, &port);
  }
  if (!settings_.known_hosts.empty()) {
    ::ssh_options_set(handle_, SSH_OPTIONS_KNOWNHOSTS, settings_.known_hosts.c_str());
    ::ssh_options_set(handle_, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  }
  const std::string proxy = option(handle_, SSH_OPTIONS_PROXYCOMMAND);
  host_ = option(handle_, SSH_OPTIONS_HOST);
  if (host_.empty()) host_ = settings_.host;
  ::ssh_options_get_port(handle_, &port_);
  const std::string user = option(handle_, SSH_OPTIONS_USER);
  place_ = (user.empty() ? "" : escaped(user, 60) + "@") + escaped(settings_.host);
  if (proxy.empty() || proxy == "none") return std::nullopt;
  return denied("ssh_config reaches " + escaped(settings_.host) +
                " by ProxyJump or ProxyCommand; say `via: openssh`, which does that");
}

std::optional<Fault> Session::connect(Deadline deadline, Stopper* stopper) {
  if (auto fault = configure()) return fault;
  Connected connected = tcp_connect(host_, static_cast<std::uint16_t>(port_), deadline,
                                    settings_.connect_within, stopper);
  if (!connected.socket.is_open()) return std::move(connected.fault);
  socket_ = Descriptor(::fcntl(connected.socket.get(), F_DUPFD_CLOEXEC, 0));
  if (!socket_.is_open()) return Fault{Kind::unreachable, "there are too many files open here"};
  const Stopper::Guard guard(stopper, socket_.get());
  given_ = connected.socket.release();
  ::ssh_options_set(handle_, SSH_OPTIONS_FD, &given_);
  ::ssh_set_counters(handle_, &traffic_->counted, nullptr);
  ::ssh_set_blocking(handle_, 1);
  if (!limit(deadline) || ::ssh_connect(handle_) != SSH_OK) {
    if (last_words().find("no match for method") == std::string::npos)
      return fault_while("the keys were agreed on", deadline, stopper);
    return denied(place_ + " and libssh have no algorithm in common: " + last_words() +
                  "; `via: openssh` may know one");
  }
  if (auto fault = check_host_key()) return fault;
  if (auto fault = log_in(deadline, stopper)) return fault;
  event_ = ::ssh_event_new();
  ::ssh_set_blocking(handle_, 0);
  if (event_ != nullptr && ::ssh_event_add_session(event_, handle_) == SSH_OK) return std::nullopt;
  return Fault{Kind::unreachable, "there is no memory for an SSH session"};
}

std::optional<Fault> Session::check_host_key() {
  static std::mutex writing;  // of known_hosts, by the threads of this process
  const ssh_known_hosts_e verdict = ::ssh_session_is_known_server(handle_);
  if (verdict == SSH_KNOWN_HOSTS_OK) return std::nullopt;
  HostKey key = key_of(handle_);
  key.host = host_;
  key.port = port_;
  key.known_hosts = option(handle_, SSH_OPTIONS_KNOWNHOSTS);
  if (key.known_hosts.empty()) key.known_hosts = "~/.ssh/known_hosts";
  switch (verdict) {
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
      return denied(changed_key_words(key, verdict == SSH_KNOWN_HOSTS_OTHER));
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND: {
      if (!settings_.accept_new) return denied(unknown_key_words(key));
      const std::lock_guard lock(writing);
      if (::ssh_session_update_known_hosts(handle_) == SSH_OK) return std::nullopt;
      return denied("the host key of " + place_ + " cannot be written to " +
                    escaped(key.known_hosts) + ": " + last_words());
    }
    case SSH_KNOWN_HOSTS_OK:
    case SSH_KNOWN_HOSTS_ERROR:
      break;
  }
  return denied("the host key of " + place_ + " cannot be checked: " + last_words());
}

// SSH_AUTH_INFO: the key cannot be read. It may have a passphrase, which nobody is there to give.
int Session::try_key(const std::string& file) {
  ssh_key key = nullptr;
  if (::ssh_pki_import_privkey_file(file.c_str(), nullptr, nullptr, nullptr, &key) != SSH_OK)
    return SSH_AUTH_INFO;
  const int result = ::ssh_userauth_publickey(handle_, nullptr, key);
  ::ssh_key_free(key);
  return result;
}

int Session::try_password() {
  const char* password = settings_.password->c_str();
  int result = ::ssh_userauth_password(handle_, nullptr, password);
  const int methods = ::ssh_userauth_list(handle_, nullptr);
  if (result != SSH_AUTH_DENIED || (methods & SSH_AUTH_METHOD_INTERACTIVE) == 0 ||
      (methods & SSH_AUTH_METHOD_PASSWORD) != 0)
    return result;
  result = ::ssh_userauth_kbdint(handle_, nullptr, nullptr);
  // Some ask for the password, then for nothing, to say that it was right.
  for (int round = 0; result == SSH_AUTH_INFO && round < 3; ++round) {
    const int prompts = ::ssh_userauth_kbdint_getnprompts(handle_);
    if (prompts > 1 || (prompts == 1 && round > 0)) return SSH_AUTH_DENIED;
    if (prompts == 1) ::ssh_userauth_kbdint_setanswer(handle_, 0, password);
    result = ::ssh_userauth_kbdint(handle_, nullptr, nullptr);
  }
  return result;
}

std::optional<Fault> Session::log_in(Deadline deadline, Stopper* stopper) {
  int result = SSH_AUTH_DENIED;
  std::string tried;
  if (!limit(deadline)) return fault_while("logging in", deadline, stopper);
  if (!settings_.identity.empty()) {
    tried = "the key " + escaped(settings_.identity);
    if (::access(settings_.identity.c_str(), R_OK) != 0)
      return denied(tried + " cannot be read: " + std::generic_category().message(errno));
    result = try_key(settings_.identity);
    if (result == SSH_AUTH_INFO) result = ::ssh_userauth_agent(handle_, nullptr);
  } else if (!settings_.password) {
    tried = "the agent's keys and the key files";
    // The first file is ssh_config's; libssh would ask first whether that key may come, then send
    // it.
    result = try_key(option(handle_, SSH_OPTIONS_IDENTITY));
    if (result == SSH_AUTH_INFO || result == SSH_AUTH_DENIED)
      result = ::ssh_userauth_publickey_auto(handle_, nullptr, nullptr);
  }
  const bool is_open = result == SSH_AUTH_DENIED || result == SSH_AUTH_PARTIAL;
  if (settings_.password && is_open && is_connected()) {
    tried += (tried.empty() ? "" : " and ") + std::string("the password");
    PasswordLogins& logins = PasswordLogins::all();
    const std::string key =
        PasswordLogins::key_of("ssh:" + option(handle_, SSH_OPTIONS_USER), *settings_.password);
    const std::string server = host_ + ":" + std::to_string(port_);
    const std::stop_token stop = stopper != nullptr ? stopper->token() : std::stop_token();
    if (const auto why = logins.begin(key, server, deadline, stop))
      return denied("authentication failed: " + place_ + ": " + *why);
    result = limit(deadline) ? try_password() : SSH_AUTH_AGAIN;
    logins.end(key, server, how_it_ended(result));
  }
  if (result == SSH_AUTH_SUCCESS) return std::nullopt;
  const bool answered = result == SSH_AUTH_DENIED || result == SSH_AUTH_PARTIAL;
  const bool too_often = last_words().find("Too many") != std::string::npos;
  const bool broken = result == SSH_AUTH_AGAIN || !is_connected();
  if (!answered && broken && !too_often) return fault_while("logging in", deadline, stopper);
  const std::string more = result == SSH_AUTH_PARTIAL ? "; it wants more than that" : "";
  return denied("authentication failed: " + place_ + " takes " + methods_of(handle_) + "; tried " +
                tried + more);
}

bool Session::is_alive() {
  if (!is_connected()) return false;
  return ::ssh_event_dopoll(event_, 0) != SSH_ERROR && is_connected();
}

void Session::keep_alive() {
  Traffic& traffic = *traffic_;
  const Deadline now = Clock::now();
  if (traffic.counted.in_bytes != traffic.seen || traffic.next == Deadline{}) {
    traffic.seen = traffic.counted.in_bytes;
    traffic.unanswered = 0;
    traffic.next = now + settings_.keepalive;
  }
  if (now < traffic.next) return;
  traffic.next = now + settings_.keepalive;
  ++traffic.unanswered;
  // libssh gives the answer to one call with the next one; the second asks anew.
  ::ssh_send_keepalive(handle_);
  ::ssh_send_keepalive(handle_);
}

// The session is the event's only socket but for the stopper's.
bool Session::wait(milliseconds patience, const Stopper* stopper) {
  keep_alive();
  if (traffic_->unanswered > kUnanswered) return false;
  const milliseconds beat = std::chrono::ceil<milliseconds>(traffic_->next - Clock::now());
  const auto longest = std::clamp(std::min(patience, beat), milliseconds(0), milliseconds(60'000));
  const int wake = stopper != nullptr ? stopper->wake() : -1;
  const auto woken = [](int, int, void*) { return 0; };
  if (wake >= 0) ::ssh_event_add_fd(event_, wake, POLLIN, woken, nullptr);
  const int result = ::ssh_event_dopoll(event_, static_cast<int>(longest.count()));
  if (wake >= 0) ::ssh_event_remove_fd(event_, wake);
  return result != SSH_ERROR && is_connected();
}

}  // namespace sitewide::ssh
