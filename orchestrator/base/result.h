// Error and Result<T>: how a function says that it cannot do what was asked. An attempt that failed
// is an Outcome (core/outcome.h), never an Error; a bug is a check(). Values, thread-free, no
// ownership surprises.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace sitewide {

/// What sort of refusal an Error is. orchestrator/cli/exit_code.h maps each to one documented exit
/// code.
enum class ErrorKind {
  internal,  ///< a bug or an exception nobody expected
  usage,     ///< the command line cannot be understood
  invalid,   ///< plan, inventory or saved preview is wrong
  refused,   ///< refused before anything was done: drift, blast radius, missing source, unknown id
  held,      ///< another controller or rollout holds what is needed
  journal,   ///< the journal cannot be used; nothing may be started
  unreachable,  ///< a site or client cannot be reached
  denied,       ///< it answers and does not let us in: password, key, host key
  io,           ///< a file operation failed
};

/// Why something cannot be done. `message` is a lowercase fragment that names the file, client or
/// step.
struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;
};

/// Whether nothing was seen of a site or client. One that does not let us in may do so tomorrow.
inline bool is_away(const Error& error) {
  return error.kind == ErrorKind::unreachable || error.kind == ErrorKind::denied;
}

/// Called by Result::value() on an error; never returns (calling value() unchecked is a bug).
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

/// A T or an Error. A subclass, so that a dropped Result is a warning.
template <class T = void>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
 public:
  using boost::system::result<T, Error>::result;
};

}  // namespace sitewide
