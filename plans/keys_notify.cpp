// The keys of notifications, and of secrets and headers, which gates have too.
#include "plans/keys.h"
#include "plans/keys_shared.h"

namespace sitewide {
namespace {

constexpr Key kSecretKeys[] = {
    {.name = "env",
     .scalar = Scalar::variable,
     .choice = true,
     .description = "A variable of the controller's environment."},
    {.name = "file",
     .scalar = Scalar::path,
     .choice = true,
     .description = "A file that only its owner, and perhaps its group, can read."},
    {.name = "prefix",
     .scalar = Scalar::text,
     .description = "Put before it, such as `\"Bearer \"`."},
};

constexpr std::string_view kOccasionWords[] = {"start",       "halt",     "breach", "approval",
                                               "needs_hands", "rollback", "end"};

const Key kWebhookKeys[] = {
    {.name = "url",
     .form = Form::scalar_or_section,
     .scalar = Scalar::url,
     .section = &secret_section(),
     .required = true,
     .description = "Where it is sent, by POST."},
    kHeaders,
    kCaFile,
    {.name = "timeout",
     .scalar = Scalar::positive_duration,
     .fallback = "\"10s\"",
     .description = "How long one try may take."},
};
const Section kWebhook = {
    "webhook", "A web server that takes CloudEvents 1.0 as JSON.", kWebhookKeys, {}};

constexpr Key kEmailKeys[] = {
    {.name = "to",
     .form = Form::list,
     .scalar = Scalar::email,
     .required = true,
     .description = "Who gets it."},
    {.name = "from",
     .scalar = Scalar::email,
     .description = "Who it is from. Default: what the mail program makes of it."},
    {.name = "sendmail",
     .scalar = Scalar::path,
     .fallback = "\"/usr/sbin/sendmail\"",
     .description = "The mail program of this machine; called with `-t -i`."},
};
constexpr Section kEmail = {
    "email", "A mail through this machine's own mail program.", kEmailKeys, {}};

const Key kNotifyKeys[] = {
    {.name = "webhook",
     .form = Form::section,
     .section = &kWebhook,
     .choice = true,
     .description = "A web server is told."},
    {.name = "command",
     .form = Form::list,
     .scalar = Scalar::argument,
     .choice = true,
     .description = "A program of this machine is started with the event as JSON on its standard "
                    "input. It is told when it ends with 0."},
    {.name = "email",
     .form = Form::section,
     .section = &kEmail,
     .choice = true,
     .description = "People are told by mail."},
    {.name = "on",
     .form = Form::list,
     .scalar = Scalar::word,
     .words = kOccasionWords,
     .fallback = R"(["halt","breach","approval","needs_hands","end"])",
     .description = "Of what. A breach halts: who listens to both is told once."},
};

}  // namespace

const Section& secret_section() {
  static const Section section = {"secret",
                                  "A text that stands elsewhere, read when it is needed.",
                                  kSecretKeys,
                                  {},
                                  Scalar::header_name};
  return section;
}

const Section& notify_section() {
  static const Section section = {"notification", "Who is told of what.", kNotifyKeys, {}};
  return section;
}

}  // namespace sitewide
