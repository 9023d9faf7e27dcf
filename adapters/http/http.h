// http_exchange(): one request to a web server, and its answer. The only file behind it knows
// Boost.Beast and TLS.
//
// Threads: it blocks, at most for `timeout`; call it on the pool (adapters/pool.h). Any number of
// calls may go on at a time. One connection a call, closed when it returns. Never follows a
// redirect: headers may hold secrets, and where they go is what the plan says; a 3xx is an answer
// like any other. No proxy: `http_proxy` and its like are ignored. Certificates are always checked,
// with the host's name, against the system's store or `ca_file`. Says nothing of headers and bodies
// in its reasons.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sitewide {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "GET";  ///< GET, HEAD, POST, PUT
  std::string url;             ///< see base/url.h
  /// Added to Host, User-Agent, Content-Length and Connection, which are ours.
  std::vector<HttpHeader> headers;
  std::string body;
  /// For all of it: looking up the name, connecting, TLS, sending and receiving.
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
  /// Of the answer's body. A longer one is `too_large`, or shortened where `may_shorten` is set.
  std::size_t most_bytes = 1024 * 1024;
  bool may_shorten = false;  ///< the status alone matters
  std::string ca_file;       ///< certificates to trust in place of the system's (PEM); may be empty
};

/// Why there is no answer.
enum class HttpTrouble {
  none,
  unusable,        ///< the request cannot be sent as it is: URL, method, a header, `ca_file`
  name_not_found,  ///< the host's name has no address
  refused,         ///< nothing listens there
  unreachable,     ///< no way there
  timed_out,
  tls,         ///< no TLS, or a certificate that is not accepted
  broken_off,  ///< the connection ended too early
  malformed,   ///< what came is not HTTP
  too_large,   ///< headers over 64 KiB, or a body over `most_bytes`
  cancelled,   ///< `stop` was asked for
};

struct HttpAnswer {
  HttpTrouble trouble = HttpTrouble::none;
  std::string why;  ///< with trouble: a lowercase fragment such as `hooks.example.org refuses
                    ///< connections at port 443`; escaped
  int status = 0;   ///< without trouble: 100 to 999, and final
  std::vector<HttpHeader> headers;
  std::string body;
  bool shortened = false;  ///< the body was longer

  bool arrived() const { return trouble == HttpTrouble::none; }
  /// The first header of that name, which is compared without case; empty: there is none.
  std::string_view header(std::string_view name) const;
};

/// Requests may have been carried out even where there is no answer: only `unusable`,
/// `name_not_found`, `refused`, `unreachable` and `tls` say that nothing was sent.
HttpAnswer http_exchange(const HttpRequest& request, std::stop_token stop = {});

/// The name of a trouble: `timed_out`.
std::string_view name_of(HttpTrouble trouble);

}  // namespace sitewide
