#include "adapters/ssh/shared.h"

#include <random>
#include <utility>

#include "adapters/secret.h"

namespace sitewide::ssh {

std::shared_ptr<Stopper> Shared::new_stopper() {
  auto stopper = std::make_shared<Stopper>();
  const std::lock_guard lock(mutex_);
  std::erase_if(stoppers_, [](const auto& each) { return each.expired(); });
  stoppers_.insert(stopper);
  if (broken_off_) stopper->stop();
  return stopper;
}

void Shared::break_off() {
  std::set<std::weak_ptr<Stopper>, std::owner_less<>> all;
  {
    const std::lock_guard lock(mutex_);
    broken_off_ = true;
    all.swap(stoppers_);
  }
  for (const auto& each : all) {
    if (const auto stopper = each.lock()) stopper->stop();
  }
  connections.close();
}

Result<Settings> settings_of(const Operation& operation) {
  const SshAccess& access = operation.transport.ssh;
  Settings settings;
  const auto put = [&](std::string& into, const std::string& text) -> Result<> {
    auto value = substitute(text, operation.values);
    if (!value) return value.error();
    into = std::move(*value);
    return {};
  };
  const std::pair<std::string*, const std::string*> texts[] = {
      {&settings.host, &access.host},
      {&settings.user, &access.user},
      {&settings.identity, &access.identity},
      {&settings.config, &access.config},
      {&settings.known_hosts, &access.known_hosts}};
  for (const auto& [into, text] : texts) {
    if (auto done = put(*into, *text); !done) return done.error();
  }
  settings.port = static_cast<std::uint16_t>(access.port);
  settings.accept_new = access.accept_new;
  settings.connect_within = access.connect_within;
  settings.keepalive = access.keepalive;
  if (access.password.is_given()) {
    auto password = reveal(access.password);
    if (!password) return password.error();
    settings.password = std::move(*password);
  }
  return settings;
}

std::string new_token() {
  std::random_device chance;
  std::string token;
  for (int i = 0; i < 4; ++i) token += std::to_string(chance()) + (i < 3 ? "-" : "");
  return token;
}

std::string endpoint_of(const Settings& settings) {
  return settings.user + "@" + settings.host + ":" + std::to_string(settings.port) + " " +
         settings.identity;
}

std::optional<Fault> connect(Shared& shared, const Settings& settings, bool may_reuse,
                             Deadline deadline, Stopper* stopper,
                             std::unique_ptr<Connection>& connection) {
  if (may_reuse) connection = shared.connections.take(endpoint_of(settings));
  if (connection) return std::nullopt;
  auto made = std::make_unique<Connection>(settings);
  if (auto fault = made->session.connect(deadline, stopper)) return fault;
  connection = std::move(made);
  return std::nullopt;
}

}  // namespace sitewide::ssh
