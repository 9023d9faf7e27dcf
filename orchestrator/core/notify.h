// Notifications: who is told of what, as a plan says it. Plain values; what is told is made in
// views/notice.h, and sent by orchestrator/notify.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "orchestrator/core/parts.h"
#include "orchestrator/core/secret.h"
#include "orchestrator/core/time.h"

namespace sitewide {

/// What a person may want to be told of.
enum class Occasion : std::uint8_t {
  start,        ///< the rollout begins
  halt,         ///< it has halted, on a breach or for another reason, or a gate paused it
  breach,       ///< failures exceed a group's budget
  approval,     ///< an approval is waited for
  needs_hands,  ///< something could not be put back, or stayed in doubt
  rollback,     ///< a rollback has ended
  end,          ///< the rollout has ended
};
inline constexpr std::size_t kOccasions = 7;
std::string_view name_of(Occasion occasion);

/// What is told of where the plan does not say.
std::vector<Occasion> default_occasions();

struct Webhook {
  SecretText url;
  std::vector<PlannedHeader> headers;
  std::string ca_file;  ///< absolute after loading; empty: the system's certificates
};

struct Email {
  std::vector<std::string> to;
  std::string from;  ///< empty: what the mail program makes of it
  std::string sendmail = "/usr/sbin/sendmail";
};

/// One receiver.
struct NotifyTarget {
  enum class Kind : std::uint8_t { webhook, command, email };
  Kind kind = Kind::webhook;
  Webhook webhook;
  Argv command;  ///< started as it is; nothing is put into it
  Email email;
  Duration timeout = std::chrono::seconds(10);  ///< of one try
  std::vector<Occasion> on;
  Place place;

  bool listens_to(Occasion occasion) const;
};

/// `https://hooks.example.org`, `the URL in variable HOOK`, `command ./page-me`, `email to
/// a@b.org`: never the path of a URL, which may be a secret. Escaped.
std::string describe_target(const NotifyTarget& target);

/// One notification in the forms that receivers take.
struct Parcel {
  std::string event;  ///< a CloudEvent, one line of JSON: for webhooks and commands
  std::string mail;   ///< header lines, an empty line, the text
};

/// What became of one try to deliver.
struct Delivery {
  enum class Kind : std::uint8_t {
    delivered,
    failed,   ///< may be tried again
    refused,  ///< trying again cannot help
  };
  Kind kind = Kind::failed;
  std::string why;  ///< not delivered: a lowercase fragment, escaped, without secrets
};

}  // namespace sitewide
