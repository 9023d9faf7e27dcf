#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostTargets = 50;
constexpr std::size_t kMostHeaders = 50;

// Names of headers whose values open doors.
constexpr std::string_view kSecretHeaders[] = {"authorization", "cookie", "password", "secret",
                                               "signature",     "token",  "api-key"};

bool holds_secret(std::string_view header) {
  const std::string name = to_lower(header);
  return std::any_of(std::begin(kSecretHeaders), std::end(kSecretHeaders),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

Webhook read_webhook(const Values& values, Reading& reading) {
  Webhook webhook;
  webhook.url = read_secret(values.find("url"), reading);
  webhook.headers = read_headers(values, reading);
  webhook.ca_file = reading.absolute(values.text("ca_file").value_or(""));
  if (const auto url = values.text("url"); url && to_lower(*url).starts_with("http://")) {
    const bool secret = std::any_of(webhook.headers.begin(), webhook.headers.end(),
                                    [](const auto& each) { return each.value.is_reference(); });
    if (secret)
      reading.warning(values.place("url"), "a secret goes over the network unprotected",
                      "use https");
  }
  return webhook;
}

Email read_email(const Values& values, Reading& reading) {
  Email email;
  for (const Text& address : values.list("to")) email.to.push_back(address.value);
  assign(email.from, values.text("from"));
  if (const auto program = values.text("sendmail")) email.sendmail = reading.absolute(*program);
  return email;
}

std::vector<Occasion> read_occasions(const Values& values) {
  if (!values.has("on")) return default_occasions();
  std::vector<Occasion> occasions;
  for (const Text& word : values.list("on")) {
    for (std::size_t i = 0; i < kOccasions; ++i) {
      const auto occasion = static_cast<Occasion>(i);
      const bool listed =
          std::find(occasions.begin(), occasions.end(), occasion) != occasions.end();
      if (word.value == name_of(occasion) && !listed) occasions.push_back(occasion);
    }
  }
  return occasions;
}

}  // namespace

SecretText read_secret(const Node* node, const Reading& reading) {
  SecretText secret;
  if (node == nullptr) return secret;
  if (node->is_scalar()) {
    secret.text = node->text;
    return secret;
  }
  const Values values(node);
  assign(secret.env, values.text("env"));
  secret.file = reading.absolute(values.text("file").value_or(""));
  assign(secret.prefix, values.text("prefix"));
  return secret;
}

std::vector<PlannedHeader> read_headers(const Values& values, Reading& reading) {
  std::vector<PlannedHeader> headers;
  for (const Entry& entry : values.entries("headers")) {
    if (headers.size() >= kMostHeaders) {
      reading.too_many(entry.place, "request", kMostHeaders, "headers");
      break;
    }
    const std::string name = to_lower(entry.key);
    if (name == "host" || name == "content-length" || name == "connection" ||
        name == "transfer-encoding" || name == "user-agent") {
      reading.error(entry.place, "header `" + entry.key + "` is set by Sitewide itself",
                    "leave it out");
    }
    if (entry.value.is_scalar() && holds_secret(entry.key)) {
      reading.warning(entry.value.place,
                      "what `" + escaped(entry.key, 60) +
                          "` holds can be read by everyone who can read the plan",
                      "write {env: NAME} or {file: PATH}");
      reading.problems.back().near_secret = true;
    }
    headers.push_back({entry.key, read_secret(&entry.value, reading)});
  }
  return headers;
}

std::vector<NotifyTarget> read_notify(const std::vector<Node>& items, Reading& reading) {
  std::vector<NotifyTarget> targets;
  for (const Node& item : items) {
    if (!item.is_map()) continue;
    if (targets.size() >= kMostTargets) {
      reading.too_many(item.place, "plan", kMostTargets, "notifications");
      break;
    }
    const Values values(&item);
    NotifyTarget target;
    target.place = item.place;
    if (values.has("webhook")) {
      const Values webhook = values.section("webhook");
      target.webhook = read_webhook(webhook, reading);
      assign(target.timeout, webhook.duration("timeout"));
    } else if (values.has("email")) {
      target.kind = NotifyTarget::Kind::email;
      target.email = read_email(values.section("email"), reading);
      target.timeout = std::chrono::minutes(1);
    } else {
      target.kind = NotifyTarget::Kind::command;
      target.command = read_program(values, "command", reading);
      target.timeout = std::chrono::minutes(1);
    }
    target.on = read_occasions(values);
    targets.push_back(std::move(target));
  }
  return targets;
}

}  // namespace sitewide
