#include "adapters/ldap.h"

#include <ldap.h>

#include <chrono>
#include <memory>
#include <optional>

#include "adapters/broken_pipe.h"
#include "adapters/certificate.h"
#include "adapters/ldap_words.h"
#include "adapters/reach.h"
#include "adapters/secret.h"
#include "adapters/watchdog.h"
#include "orchestrator/base/text.h"
#include "orchestrator/base/url.h"

namespace sitewide {
namespace {

using Clock = std::chrono::steady_clock;

// Where the system keeps the certificates that it trusts, when ldap.conf does not say.
constexpr const char* kSystemCertificates = "/etc/ssl/certs/ca-certificates.crt";

struct Freed {
  void operator()(LDAP* connection) const { ::ldap_unbind_ext(connection, nullptr, nullptr); }
  void operator()(LDAPMessage* message) const { ::ldap_msgfree(message); }
  void operator()(LDAPControl* control) const { ::ldap_control_free(control); }
  void operator()(LDAPControl** controls) const { ::ldap_controls_free(controls); }
  void operator()(char* text) const { ::ldap_memfree(text); }
  void operator()(berval** values) const { ::ldap_value_free_len(values); }
};
using Message = std::unique_ptr<LDAPMessage, Freed>;

/// Whether certificates are checked. Without, nothing may be sent; it serves to look at one.
enum class Trust : std::uint8_t { checked, any };

/// One connection, used for one search.
class Directory {
 public:
  Directory(const LdapSearch& search, std::string password, Trust trust = Trust::checked)
      : search_(search),
        password_(std::move(password)),
        deadline_(Clock::now() + search.within),
        trust_(trust) {}

  Result<LdapAnswer> ask() {
    if (auto fault = connect()) return *fault;
    if (auto fault = bind()) return *fault;
    LdapAnswer answer;
    std::string cookie;
    do {
      if (auto fault = page(cookie, answer)) return *fault;
    } while (!cookie.empty());
    return answer;
  }

  /// The server's certificate, trusted or not; empty when there is none.
  std::string certificate() {
    if (connect()) return {};
    berval der{};
    ::ldap_get_option(connection_.get(), LDAP_OPT_X_TLS_PEERCERT, &der);
    const std::unique_ptr<char, Freed> owned(der.bv_val);
    return der.bv_val == nullptr ? std::string() : std::string(der.bv_val, der.bv_len);
  }

 private:
  using Fault = std::optional<Error>;

  Fault connect();
  Fault set_options();
  Fault start_tls();
  Fault secure();
  Fault bind();
  Fault page(std::string& cookie, LdapAnswer& answer);
  Fault take(LDAPMessage* message, LdapAnswer& answer);
  LdapReference reference_in(LDAPMessage* message);
  Fault too_much(const LdapAnswer& answer) const;
  Result<Message> wait(int id);
  LdapVerdict verdict_of(LDAPMessage* message);
  Error connect_fault(int code) const;

  Duration left() const { return std::chrono::duration_cast<Duration>(deadline_ - Clock::now()); }
  timeval left_as_timeval() const {
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(std::max(left(), Duration(1)));
    return {static_cast<time_t>(micros.count() / 1'000'000),
            static_cast<suseconds_t>(micros.count() % 1'000'000)};
  }
  std::string shown(std::string_view text) const {
    return masked(escaped(trim(text), kLdapShown), {password_});
  }
  Error late() const {
    return {ErrorKind::unreachable, "no answer within " + describe_duration(search_.within)};
  }
  std::string diagnostic() const {
    char* text = nullptr;
    ::ldap_get_option(connection_.get(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
    const std::unique_ptr<char, Freed> owned(text);
    return text == nullptr ? std::string() : std::string(text);
  }
  template <class Value>
  bool set(int option, const Value& value) {
    return ::ldap_set_option(connection_.get(), option, &value) == LDAP_OPT_SUCCESS;
  }

  const LdapSearch& search_;
  const std::string password_;
  const Clock::time_point deadline_;
  const Trust trust_;
  Url server_;  // as a web server's address, for its host and port
  std::size_t bytes_ = 0;
  std::unique_ptr<LDAP, Freed> connection_;
};

Directory::Fault Directory::set_options() {
  const int version = LDAP_VERSION3;
  const int demand = trust_ == Trust::checked ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
  const int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
  const int never = LDAP_DEREF_NEVER;
  const int client = 0;
  bool good = set(LDAP_OPT_PROTOCOL_VERSION, version) && set(LDAP_OPT_DEREF, never) &&
              ::ldap_set_option(connection_.get(), LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == 0 &&
              set(LDAP_OPT_X_TLS_REQUIRE_CERT, demand) && set(LDAP_OPT_X_TLS_PROTOCOL_MIN, oldest);
  char* trusted = nullptr;
  ::ldap_get_option(connection_.get(), LDAP_OPT_X_TLS_CACERTFILE, &trusted);
  const std::unique_ptr<char, Freed> owned(trusted);
  const bool own = !search_.ca_file.empty();
  if (own) ::ldap_set_option(connection_.get(), LDAP_OPT_X_TLS_CACERTDIR, "");
  if (own || trusted == nullptr) {
    const char* file = own ? search_.ca_file.c_str() : kSystemCertificates;
    good = good && ::ldap_set_option(connection_.get(), LDAP_OPT_X_TLS_CACERTFILE, file) == 0;
  }
  const timeval patience = left_as_timeval();
  good = good && set(LDAP_OPT_NETWORK_TIMEOUT, patience);
  if (!good) return Error{ErrorKind::internal, "libldap does not take its options"};
  if (search_.is_secure() && !set(LDAP_OPT_X_TLS_NEWCTX, client)) {
    return Error{ErrorKind::invalid,
                 own ? "the certificates " + escaped(search_.ca_file) + " cannot be used"
                     : "the system's certificates cannot be used; name a `ca_file`"};
  }
  return std::nullopt;
}

Error Directory::connect_fault(int code) const {
  if (left() <= Duration::zero() || code == LDAP_TIMEOUT) return late();
  return {ErrorKind::unreachable,
          with_words("it cannot be reached: " + ldap_code_words(code), shown(diagnostic()))};
}

// The port is tried before libldap does: it says the same of all that may be wrong with one. TLS
// comes as a step of its own, so that a watchdog may hold its socket.
Directory::Fault Directory::connect() {
  const auto server = ldap_server(search_.url);
  if (!server) return server.error();
  server_ = *server;
  if (auto reached = reach(server_.host, server_.port, deadline_); !reached)
    return left() <= Duration::zero() ? late() : reached.error();
  const std::string url = "ldap://" +
                          (server_.is_ipv6() ? "[" + server_.host + "]" : server_.host) + ":" +
                          std::to_string(server_.port);
  LDAP* connection = nullptr;
  const int made = ::ldap_initialize(&connection, url.c_str());
  if (made != LDAP_SUCCESS) return Error{ErrorKind::invalid, ldap_code_words(made)};
  connection_.reset(connection);
  if (auto fault = set_options()) return fault;
  const int code = ::ldap_connect(connection_.get());
  if (code != LDAP_SUCCESS) return connect_fault(code);
  if (search_.start_tls) {
    if (auto fault = start_tls()) return fault;
  }
  return search_.is_secure() ? secure() : std::nullopt;
}

Directory::Fault Directory::start_tls() {
  int id = 0;
  const int sent = ::ldap_start_tls(connection_.get(), nullptr, nullptr, &id);
  if (sent != LDAP_SUCCESS) return connect_fault(sent);
  auto message = wait(id);
  if (!message) return message.error();
  const LdapVerdict verdict = verdict_of(message->get());
  if (verdict.code == LDAP_SUCCESS) return std::nullopt;
  return Error{ErrorKind::denied,
               "it does not secure the connection: " +
                   with_words(ldap_code_words(verdict.code), shown(verdict.words))};
}

Directory::Fault Directory::secure() {
  int socket = -1;
  ::ldap_get_option(connection_.get(), LDAP_OPT_DESC, &socket);
  // With a timeout of its own libldap spins until it has passed.
  ::ldap_set_option(connection_.get(), LDAP_OPT_NETWORK_TIMEOUT, nullptr);
  int code = LDAP_SUCCESS;
  {
    const SocketWatchdog watchdog(socket, deadline_);
    code = ::ldap_install_tls(connection_.get());
  }
  if (code == LDAP_SUCCESS) return std::nullopt;
  if (left() <= Duration::zero()) return late();
  if (trust_ == Trust::any) return connect_fault(code);
  const std::string words = shown(diagnostic());
  const std::string der = Directory(search_, {}, Trust::any).certificate();
  return Error{ErrorKind::denied,
               "no secure connection: " + (der.empty() ? with_words(ldap_code_words(code), words)
                                                       : certificate_fault(der, server_.host))};
}

Result<Message> Directory::wait(int id) {
  if (left() <= Duration::zero()) return late();
  timeval patience = left_as_timeval();
  LDAPMessage* message = nullptr;
  const int kind = ::ldap_result(connection_.get(), id, LDAP_MSG_ONE, &patience, &message);
  Message owned(message);
  if (kind == 0) return late();
  if (kind < 0) return Error{ErrorKind::unreachable, "it closed the connection"};
  return owned;
}

LdapVerdict Directory::verdict_of(LDAPMessage* message) {
  LdapVerdict verdict;
  char* matched = nullptr;
  char* words = nullptr;
  char** referrals = nullptr;
  LDAPControl** controls = nullptr;
  const int parsed = ::ldap_parse_result(connection_.get(), message, &verdict.code, &matched,
                                         &words, &referrals, &controls, 0);
  const std::unique_ptr<char, Freed> owned_matched(matched);
  const std::unique_ptr<char, Freed> owned_words(words);
  const std::unique_ptr<LDAPControl*, Freed> owned_controls(controls);
  if (parsed != LDAP_SUCCESS) verdict.code = parsed;
  if (matched != nullptr) verdict.matched = matched;
  if (words != nullptr) verdict.words = words;
  if (referrals != nullptr) {
    if (*referrals != nullptr) verdict.referral = *referrals;
    ::ldap_memvfree(reinterpret_cast<void**>(referrals));
  }
  LDAPControl* paged = ::ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, nullptr);
  if (paged == nullptr) return verdict;
  ber_int_t count = 0;
  berval cookie{};
  const int read = ::ldap_parse_pageresponse_control(connection_.get(), paged, &count, &cookie);
  if (read != LDAP_SUCCESS) {
    verdict.code = read;
  } else if (cookie.bv_val != nullptr) {
    verdict.cookie.assign(cookie.bv_val, cookie.bv_len);
    ::ber_memfree(cookie.bv_val);
  }
  return verdict;
}

// Also as nobody: a server that wants a name says so now.
Directory::Fault Directory::bind() {
  berval password{password_.size(), const_cast<char*>(password_.c_str())};
  int id = 0;
  const int sent = ::ldap_sasl_bind(connection_.get(), search_.bind_dn.c_str(), LDAP_SASL_SIMPLE,
                                    &password, nullptr, nullptr, &id);
  if (sent != LDAP_SUCCESS) return connect_fault(sent);
  auto message = wait(id);
  if (!message) return message.error();
  const LdapVerdict verdict = verdict_of(message->get());
  if (verdict.code == LDAP_SUCCESS) return std::nullopt;
  const std::string who = search_.bind_dn.empty()
                              ? "it wants a name and a password (`bind`)"
                              : "it does not let `" + escaped(search_.bind_dn, kLdapShown) + "` in";
  return Error{ErrorKind::denied,
               with_words(who + ": " + ldap_code_words(verdict.code), shown(verdict.words))};
}

int scope_of(LdapSearch::Scope scope) {
  switch (scope) {
    case LdapSearch::Scope::base:
      return LDAP_SCOPE_BASE;
    case LdapSearch::Scope::one:
      return LDAP_SCOPE_ONELEVEL;
    case LdapSearch::Scope::subtree:
      break;
  }
  return LDAP_SCOPE_SUBTREE;
}

// Asks for one page; `cookie` is the server's mark, before and after.
Directory::Fault Directory::page(std::string& cookie, LdapAnswer& answer) {
  berval mark{cookie.size(), cookie.data()};
  LDAPControl* made = nullptr;
  const int control = ::ldap_create_page_control(
      connection_.get(), static_cast<ber_int_t>(search_.page_size), &mark, 0, &made);
  if (control != LDAP_SUCCESS) return Error{ErrorKind::internal, ldap_code_words(control)};
  const std::unique_ptr<LDAPControl, Freed> paged(made);
  LDAPControl* controls[] = {paged.get(), nullptr};
  std::vector<char*> attributes;
  for (const std::string& attribute : search_.attributes)
    attributes.push_back(const_cast<char*>(attribute.c_str()));
  attributes.push_back(nullptr);
  timeval patience = left_as_timeval();
  int id = 0;
  const int sent = ::ldap_search_ext(
      connection_.get(), search_.base.c_str(), scope_of(search_.scope), search_.filter.c_str(),
      attributes.data(), 0, controls, nullptr, &patience, LDAP_NO_LIMIT, &id);
  if (sent == LDAP_FILTER_ERROR) {
    return Error{ErrorKind::invalid,
                 "`" + escaped(search_.filter, kLdapShown) + "` is not a search filter"};
  }
  if (sent != LDAP_SUCCESS) return connect_fault(sent);
  for (;;) {
    auto message = wait(id);
    if (!message) return message.error();
    if (::ldap_msgtype(message->get()) != LDAP_RES_SEARCH_RESULT) {
      if (auto fault = take(message->get(), answer)) return fault;
      continue;
    }
    LdapVerdict verdict = verdict_of(message->get());
    if (verdict.code != LDAP_SUCCESS) {
      verdict.words = shown(verdict.words);
      return ldap_search_fault(search_, verdict, answer.entries.size());
    }
    cookie = std::move(verdict.cookie);
    return std::nullopt;
  }
}

Directory::Fault Directory::take(LDAPMessage* message, LdapAnswer& answer) {
  if (::ldap_msgtype(message) == LDAP_RES_SEARCH_REFERENCE) {
    answer.references.push_back(reference_in(message));
    bytes_ += answer.references.back().url.size() + answer.references.back().dn.size();
    return too_much(answer);
  }
  if (::ldap_msgtype(message) != LDAP_RES_SEARCH_ENTRY) return std::nullopt;
  LdapEntry& entry = answer.entries.emplace_back();
  const std::unique_ptr<char, Freed> name(::ldap_get_dn(connection_.get(), message));
  if (name) entry.dn = name.get();
  bytes_ += entry.dn.size();
  for (const std::string& attribute : search_.attributes) {
    const std::unique_ptr<berval*, Freed> values(
        ::ldap_get_values_len(connection_.get(), message, attribute.c_str()));
    if (!values) continue;
    for (berval** value = values.get(); *value != nullptr; ++value) {
      entry.values[attribute].emplace_back((*value)->bv_val, (*value)->bv_len);
      bytes_ += (*value)->bv_len;
    }
  }
  return too_much(answer);
}

LdapReference Directory::reference_in(LDAPMessage* message) {
  LdapReference reference;
  char** urls = nullptr;
  const int parsed =
      ::ldap_parse_reference(connection_.get(), message, &urls, nullptr, /*freeit=*/0);
  if (parsed != LDAP_SUCCESS || urls == nullptr) return reference;
  if (*urls != nullptr) reference.url = *urls;
  ::ldap_memvfree(reinterpret_cast<void**>(urls));
  LDAPURLDesc* url = nullptr;
  if (::ldap_url_parse(reference.url.c_str(), &url) != LDAP_URL_SUCCESS) return reference;
  if (url->lud_dn != nullptr) reference.dn = url->lud_dn;
  ::ldap_free_urldesc(url);
  return reference;
}

Directory::Fault Directory::too_much(const LdapAnswer& answer) const {
  const std::size_t count = answer.entries.size() + answer.references.size();
  if (count <= search_.most_entries && bytes_ <= search_.most_bytes) return std::nullopt;
  return Error{ErrorKind::invalid, "it lists more than " + with_separators(search_.most_entries) +
                                       " entries or " + with_separators(search_.most_bytes >> 20) +
                                       " MiB"};
}

}  // namespace

Result<LdapAnswer> ldap_search(const LdapSearch& search) {
  const HeldBrokenPipe held;
  auto password = reveal(search.password);
  if (!password) return password.error();
  if (!search.is_secure() && !password->empty()) {
    return Error{ErrorKind::refused,
                 "the password would go over the network unprotected; use ldaps:// or start_tls"};
  }
  return Directory(search, std::move(*password)).ask();
}

}  // namespace sitewide
