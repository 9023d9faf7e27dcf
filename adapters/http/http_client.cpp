#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstring>
#include <optional>

#include "adapters/http/http.h"
#include "adapters/http/name_lookup.h"
#include "orchestrator/base/text.h"
#include "orchestrator/base/url.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kMostHeaderBytes = 64 * 1024;
constexpr int kMostInterimAnswers = 10;  // 1xx, of which a server may send several
constexpr std::string_view kOurHeaders[] = {"host", "content-length", "connection",
                                            "transfer-encoding", "user-agent"};

HttpAnswer trouble(HttpTrouble what, std::string why) {
  HttpAnswer answer;
  answer.trouble = what;
  answer.why = std::move(why);
  return answer;
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != kMarks.npos;
  });
}

// What would end the header's line, or is no text at all, is refused.
std::string fault_of(const std::vector<HttpHeader>& headers) {
  for (const HttpHeader& header : headers) {
    const std::string name = "header `" + escaped(header.name, 80) + "`";
    if (!is_header_name(header.name)) return name + " is no name of a header";
    const std::string lower = to_lower(header.name);
    if (std::find(std::begin(kOurHeaders), std::end(kOurHeaders), lower) != std::end(kOurHeaders))
      return name + " is set by Sitewide itself";
    if (std::any_of(header.value.begin(), header.value.end(), [](char c) {
          return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f';
        }))
      return name + " has a control character or more than one line in its value";
  }
  return {};
}

// Runs one operation of a socket after another, each until the deadline, on its own loop.
class Exchange {
 public:
  Exchange(const HttpRequest& request, Url url, std::stop_token stop)
      : request_(request),
        url_(std::move(url)),
        stop_(std::move(stop)),
        deadline_(Clock::now() + request.timeout),
        socket_(context_) {}

  HttpAnswer run() {
    const std::stop_callback on_stop(
        stop_, [this] { asio::post(context_, [this] { cancelled_ = true; }); });
    if (auto failed = connect()) return std::move(*failed);
    if (!url_.secure) return converse(socket_);
    ssl::context tls(ssl::context::tls_client);
    if (auto failed = trust(tls)) return std::move(*failed);
    ssl::stream<tcp::socket&> stream(socket_, tls);
    if (auto failed = shake_hands(stream)) return std::move(*failed);
    return converse(stream);
  }

 private:
  // Starts an operation and waits for its end. Past `until` the socket is closed, which ends it.
  template <class Start>
  error_code finish(Clock::time_point until, Start start) {
    error_code result;
    bool done = false;
    start([&](const error_code& error, auto&&...) {
      result = error;
      done = true;
    });
    context_.restart();
    while (!done && !cancelled_ && context_.run_one_until(until) > 0) continue;
    if (done) return result;
    error_code ignored;
    socket_.close(ignored);
    context_.restart();
    while (!done && context_.run_one() > 0) continue;
    return cancelled_ ? asio::error::operation_aborted : asio::error::timed_out;
  }
  template <class Start>
  error_code finish(Start start) {
    return finish(deadline_, std::move(start));
  }

  std::string host() const { return escaped(url_.host, 80); }

  HttpAnswer too_late(const std::string& doing) const {
    if (cancelled_ || stop_.stop_requested())
      return trouble(HttpTrouble::cancelled, "given up while " + doing);
    return trouble(
        HttpTrouble::timed_out,
        "no answer within " + std::to_string(request_.timeout.count()) + " ms: still " + doing);
  }

  // What an error of the connection means; `doing` is what was under way.
  HttpAnswer lost(const error_code& error, const std::string& doing) const {
    if (error == asio::error::operation_aborted || error == asio::error::timed_out)
      return too_late(doing);
    if (error == asio::error::connection_refused)
      return trouble(HttpTrouble::refused,
                     host() + " refuses connections at port " + std::to_string(url_.port));
    if (error == asio::error::host_unreachable || error == asio::error::network_unreachable ||
        error == asio::error::network_down || error == asio::error::address_family_not_supported)
      return trouble(HttpTrouble::unreachable, "no way to " + host() + ": " + error.message());
    return trouble(HttpTrouble::broken_off, "the connection to " + host() + " broke off while " +
                                                doing + ": " + escaped(error.message(), 200));
  }

  std::optional<HttpAnswer> connect() {
    error_code no_address;
    const auto address = asio::ip::make_address(url_.host, no_address);
    if (!no_address) return connect_to_one_of({tcp::endpoint(address, url_.port)});
    const LookedUp found = look_up(url_.host, url_.port, deadline_, stop_);
    if (found.addresses.empty() && found.why.empty()) return too_late("looking up " + host());
    if (found.addresses.empty())
      return trouble(HttpTrouble::name_not_found,
                     "no address for " + host() + ": " + escaped(found.why, 200));
    std::vector<tcp::endpoint> endpoints;
    for (const std::string& each : found.addresses) {
      tcp::endpoint endpoint;
      if (each.size() > endpoint.capacity()) continue;
      std::memcpy(endpoint.data(), each.data(), each.size());
      endpoint.resize(each.size());
      endpoints.push_back(endpoint);
    }
    return connect_to_one_of(endpoints);
  }

  // Each gets an even share of the time that is left, for a dead one would take all of it.
  std::optional<HttpAnswer> connect_to_one_of(const std::vector<tcp::endpoint>& endpoints) {
    const std::string doing = "connecting to " + host() + " at port " + std::to_string(url_.port);
    error_code error = asio::error::host_unreachable;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
      const auto now = Clock::now();
      if (now >= deadline_) return too_late(doing);
      const auto share = (deadline_ - now) / static_cast<std::int64_t>(endpoints.size() - i);
      socket_ = tcp::socket(context_);
      error = finish(now + share, [&](auto handler) {
        socket_.async_connect(endpoints[i], std::move(handler));
      });
      if (!error) break;
      if (cancelled_) return too_late(doing);
    }
    if (error) return lost(error, doing);
    socket_.set_option(tcp::no_delay(true), error);
    return std::nullopt;
  }

  std::optional<HttpAnswer> trust(ssl::context& tls) const {
    error_code error;
    tls.set_options(
        ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1,
        error);
    tls.set_verify_mode(ssl::verify_peer, error);
    if (request_.ca_file.empty()) {
      tls.set_default_verify_paths(error);
    } else {
      tls.load_verify_file(request_.ca_file, error);
    }
    if (!error) return std::nullopt;
    const std::string what =
        request_.ca_file.empty() ? "the system's certificates" : escaped(request_.ca_file, 200);
    return trouble(HttpTrouble::unusable,
                   "cannot use " + what + ": " + escaped(error.message(), 200));
  }

  std::optional<HttpAnswer> shake_hands(ssl::stream<tcp::socket&>& stream) {
    SSL* const connection = stream.native_handle();
    error_code no_address;
    asio::ip::make_address(url_.host, no_address);
    const bool named = no_address ? SSL_set1_host(connection, url_.host.c_str()) == 1 &&
                                        SSL_set_tlsext_host_name(connection, url_.host.c_str()) == 1
                                  : X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection),
                                                                  url_.host.c_str()) == 1;
    if (!named) return trouble(HttpTrouble::tls, "TLS cannot check the name " + host());
    const error_code error = finish([&](auto handler) {
      stream.async_handshake(ssl::stream_base::client, std::move(handler));
    });
    if (!error) return std::nullopt;
    if (error == asio::error::operation_aborted || error == asio::error::timed_out)
      return too_late("agreeing on TLS with " + host());
    if (const long verdict = SSL_get_verify_result(connection); verdict != X509_V_OK)
      return trouble(HttpTrouble::tls, "the certificate of " + host() + " is not accepted: " +
                                           X509_verify_cert_error_string(verdict));
    return trouble(HttpTrouble::tls,
                   "no TLS connection to " + host() + ": " + escaped(error.message(), 200));
  }

  http::request<http::string_body> message() const {
    http::request<http::string_body> message(http::string_to_verb(request_.method), url_.target,
                                             11);
    message.set(http::field::host, url_.authority());
    message.set(http::field::user_agent, "sitewide/" SITEWIDE_VERSION);
    for (const HttpHeader& header : request_.headers) message.insert(header.name, header.value);
    message.keep_alive(false);
    message.body() = request_.body;
    message.prepare_payload();
    return message;
  }

  template <class Stream>
  HttpAnswer converse(Stream& stream) {
    const auto sent = message();
    const error_code unsent =
        finish([&](auto handler) { http::async_write(stream, sent, std::move(handler)); });
    // A server may answer, and close, before it has taken all: the answer says why.
    const bool closed_early =
        unsent == asio::error::broken_pipe || unsent == asio::error::connection_reset;
    if (unsent && !closed_early) return lost(unsent, "sending the request");
    HttpAnswer answer = receive(stream);
    return closed_early && !answer.arrived() ? lost(unsent, "sending the request")
                                             : std::move(answer);
  }

  template <class Stream>
  HttpAnswer receive(Stream& stream) {
    boost::beast::flat_buffer buffer;
    for (int interim = 0; interim <= kMostInterimAnswers; ++interim) {
      http::response_parser<http::string_body> parser;
      parser.header_limit(kMostHeaderBytes);
      parser.body_limit(request_.most_bytes);
      parser.skip(request_.method == "HEAD");
      const error_code error = finish(
          [&](auto handler) { http::async_read(stream, buffer, parser, std::move(handler)); });
      const bool shortened = error == http::error::body_limit && request_.may_shorten;
      if (error && !shortened) return unread(error);
      if (parser.get().result_int() / 100 == 1) continue;
      return as_answer(parser.get(), shortened);
    }
    return trouble(HttpTrouble::malformed, host() + " sends interim answers without end");
  }

  HttpAnswer as_answer(const http::response<http::string_body>& message, bool shortened) const {
    HttpAnswer answer;
    answer.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
      answer.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    answer.body = message.body().substr(0, request_.most_bytes);
    answer.shortened = shortened;
    return answer;
  }

  HttpAnswer unread(const error_code& error) const {
    const auto& category = http::make_error_code(http::error::end_of_stream).category();
    if (error == http::error::body_limit || error == http::error::header_limit)
      return trouble(HttpTrouble::too_large,
                     "the answer of " + host() + " is too large: " +
                         (error == http::error::header_limit
                              ? "headers over 64 KiB"
                              : "a body over " + with_separators(request_.most_bytes) + " bytes"));
    if (error == http::error::end_of_stream)
      return trouble(HttpTrouble::broken_off, host() + " closed the connection without an answer");
    if (error == http::error::partial_message || error == ssl::error::stream_truncated)
      return trouble(HttpTrouble::broken_off, "the answer of " + host() + " broke off");
    if (error.category() == category)
      return trouble(HttpTrouble::malformed,
                     "what " + host() + " answers is not HTTP: " + escaped(error.message(), 200));
    return lost(error, "waiting for the answer");
  }

  const HttpRequest& request_;
  const Url url_;
  const std::stop_token stop_;
  const Clock::time_point deadline_;
  asio::io_context context_;
  tcp::socket socket_;
  bool cancelled_ = false;  // set on the loop
};

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const HttpHeader& each : headers) {
    if (equals_ignoring_case(each.name, name)) return each.value;
  }
  return {};
}

std::string_view name_of(HttpTrouble trouble) {
  constexpr std::string_view kNames[] = {
      "none", "unusable",   "name_not_found", "refused",   "unreachable", "timed_out",
      "tls",  "broken_off", "malformed",      "too_large", "cancelled"};
  return kNames[static_cast<std::size_t>(trouble)];
}

HttpAnswer http_exchange(const HttpRequest& request, std::stop_token stop) {
  auto url = parse_url(request.url);
  if (!url) return trouble(HttpTrouble::unusable, "its URL cannot be used: " + url.error().message);
  const auto verb = http::string_to_verb(request.method);
  if (verb != http::verb::get && verb != http::verb::head && verb != http::verb::post &&
      verb != http::verb::put)
    return trouble(HttpTrouble::unusable,
                   "method `" + escaped(request.method, 20) + "` is none of GET, HEAD, POST, PUT");
  if (std::string fault = fault_of(request.headers); !fault.empty())
    return trouble(HttpTrouble::unusable, std::move(fault));
  try {
    return Exchange(request, std::move(*url), std::move(stop)).run();
  } catch (const std::exception& error) {  // no descriptor, no memory
    return trouble(HttpTrouble::unreachable,
                   std::string("no connection could be made: ") + escaped(error.what(), 200));
  }
}

}  // namespace sitewide
