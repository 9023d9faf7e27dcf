#include "orchestrator/cli/telling.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "adapters/secret.h"
#include "orchestrator/base/text.h"
#include "orchestrator/base/url.h"
#include "orchestrator/cli/startable.h"

namespace sitewide {
namespace {

constexpr Duration kPatience = std::chrono::seconds(30);
constexpr Duration kMoment = std::chrono::seconds(2);  // in which a receiver that is there answers

std::string fault_of(const Webhook& webhook) {
  const auto url = reveal(webhook.url);
  if (!url) return url.error().message;
  if (!parse_url(*url)) return "what is in " + escaped(where_is(webhook.url)) + " is no URL";
  for (const PlannedHeader& header : webhook.headers) {
    const auto value = reveal(header.value);
    if (!value) return value.error().message;
  }
  if (!webhook.ca_file.empty() && ::access(webhook.ca_file.c_str(), R_OK) != 0)
    return "the certificates " + escaped(webhook.ca_file) + " cannot be read";
  return {};
}

std::string fault_of(const NotifyTarget& target) {
  if (target.kind == NotifyTarget::Kind::webhook) return fault_of(target.webhook);
  const bool mail = target.kind == NotifyTarget::Kind::email;
  if (!mail && target.command.empty()) return {};
  const std::string& program = mail ? target.email.sendmail : target.command.front();
  return can_be_started(program) ? "" : "there is no program " + escaped(program);
}

}  // namespace

Telling::Telling(StoredRollout& stored, AsioLoop& loop, Pool& pool)
    : stored_(stored), loop_(loop), courier_(loop.context().get_executor(), pool) {
  if (stored.schedule.notify.empty()) return;
  NotifierParts parts{loop.context().get_executor(),
                      stored.schedule.notify,
                      {world_wide_name(stored)},
                      stored.directory.notified(),
                      {},
                      {},
                      {}};
  parts.carry = [this](NotifyTarget target, Parcel parcel) {
    return courier_.carry(std::move(target), std::move(parcel));
  };
  parts.now = [&loop] { return loop.now(); };
  parts.warn = [](const std::string& text) { spdlog::warn("{}", text); };
  notifier_ =
      std::make_unique<Notifier>(std::move(parts), std::move(stored.notices), stored.past_notices);
}

void Telling::drain(const std::function<bool()>& leave,
                    const std::function<void(std::string)>& say) {
  if (!notifier_) return;
  const Timestamp began = loop_.now();
  bool said = false;
  while (!notifier_->idle() && !leave() && loop_.now() < began + kPatience) {
    loop_.wait(began + (said ? kPatience : kMoment));
    if (said || loop_.now() < began + kMoment || notifier_->idle()) continue;
    said = true;
    say("waits for " + count_of(notifier_->undelivered().size(), "notification") +
        " to be taken, at most " + format_duration(kPatience) + "; Ctrl-C leaves at once");
  }
  courier_.give_up();
}

std::string Telling::undelivered() const {
  if (!notifier_ || notifier_->idle()) return {};
  std::string text;
  for (const std::string& each : notifier_->undelivered()) text += "not notified: " + each + "\n";
  return text + "  send:      sitewide resume " + stored_.directory.id() + "\n";
}

ExitCode tell_the_rest(StoredRollout& stored, const Console& console, ExitCode code) {
  if (stored.schedule.notify.empty()) return code;
  AsioLoop loop;
  bool leave = false;
  loop.on_signal([&](int) { leave = true; });
  Pool pool(loop.context().get_executor());
  Telling telling(stored, loop, pool);
  const auto say = [&](const std::string& text) { console.err(text + "\n"); };
  telling.drain([&] { return leave; }, say);
  console.err(telling.undelivered());
  if (!pool.close(std::chrono::seconds(2))) {
    std::fflush(nullptr);
    std::_Exit(static_cast<int>(code));
  }
  return code;
}

Problems missing_for(const std::vector<NotifyTarget>& targets) {
  Problems problems;
  for (const NotifyTarget& target : targets) {
    std::string fault = fault_of(target);
    if (fault.empty()) continue;
    problems.push_back({Problem::Severity::warning,
                        target.place,
                        describe_target(target) + " cannot be told: " + std::move(fault),
                        "`run` refuses until it is there",
                        {},
                        {}});
  }
  return problems;
}

}  // namespace sitewide
