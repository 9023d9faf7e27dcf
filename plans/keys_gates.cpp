// The keys of gates that ask.
#include "plans/keys.h"
#include "plans/keys_shared.h"

namespace sitewide {
namespace {

constexpr Key kAttempts = {
    .name = "attempts",
    .scalar = Scalar::positive,
    .fallback = "3",
    .description =
        "How often it is asked while the answer is inconclusive; then the rollout is "
        "paused."};
constexpr Key kBackoff = {
    .name = "backoff",
    .scalar = Scalar::duration,
    .fallback = "\"30s\"",
    .description = "Pause before the second attempt; it doubles, to 10m at most."};
constexpr Key kTimeout = {.name = "timeout",
                          .scalar = Scalar::positive_duration,
                          .fallback = "\"1m\"",
                          .description = "How long one attempt may take."};

constexpr std::string_view kEmptyWords[] = {"inconclusive", "fail"};

constexpr Key kCheckKeys[] = {
    {.name = "run",
     .form = Form::list,
     .scalar = Scalar::argument,
     .required = true,
     .description = "Program and arguments, run by the controller. It must change nothing."},
    {.name = "pass",
     .form = Form::list,
     .scalar = Scalar::exit_value,
     .fallback = "[0]",
     .description = "Exit codes that pass."},
    {.name = "inconclusive",
     .form = Form::list,
     .scalar = Scalar::exit_value,
     .fallback = "[75]",
     .description = "Exit codes that say nothing. Every other one fails."},
    kAttempts,
    kBackoff,
    kTimeout,
};

const Key kHttpKeys[] = {
    {.name = "url",
     .scalar = Scalar::url,
     .required = true,
     .description = "What is asked for, by GET. Redirects are not followed."},
    {.name = "status",
     .form = Form::list,
     .scalar = Scalar::status,
     .fallback = "[200]",
     .description = "Statuses that pass."},
    {.name = "inconclusive",
     .form = Form::list,
     .scalar = Scalar::status,
     .fallback = "[429,502,503,504]",
     .description = "Statuses that say nothing. Every other one fails."},
    {.name = "body",
     .scalar = Scalar::text,
     .description = "A text that the first MiB of the body must hold; without it, it fails."},
    kHeaders,
    kCaFile,
    kAttempts,
    kBackoff,
    kTimeout,
};

const Key kPrometheusKeys[] = {
    {.name = "url",
     .scalar = Scalar::url,
     .required = true,
     .description = "The server, such as http://prometheus:9090."},
    {.name = "query",
     .scalar = Scalar::text,
     .required = true,
     .description = "An instant query; every series of its result must lie within the bounds."},
    {.name = "at_least",
     .scalar = Scalar::number,
     .description = "The smallest value that passes."},
    {.name = "at_most", .scalar = Scalar::number, .description = "The largest value that passes."},
    {.name = "empty",
     .scalar = Scalar::word,
     .words = kEmptyWords,
     .fallback = "\"inconclusive\"",
     .description = "What a result without any series is."},
    kHeaders,
    kCaFile,
    kAttempts,
    kBackoff,
    kTimeout,
};

}  // namespace

const Section& check_gate_section() {
  static const Section section = {
      "check", "A program of the controller's machine is asked.", kCheckKeys, {}};
  return section;
}

const Section& http_gate_section() {
  static const Section section = {"http", "A web server is asked.", kHttpKeys, {}};
  return section;
}

const Section& prometheus_gate_section() {
  static const Section section = {
      "prometheus", "Prometheus, or what speaks its query API, is asked.", kPrometheusKeys, {}};
  return section;
}

}  // namespace sitewide
