#include "plans/intake.h"

#include "orchestrator/base/text.h"
#include "plans/grammar.h"

namespace sitewide {
namespace {

constexpr std::size_t kProblemsOfOneSource = 200;
constexpr std::size_t kShown = 80;
constexpr const char* kOnce =
    "each client stands in one place of the inventory, unless a later source says `merge: true`";

std::string told(std::string_view who) {
  return who.empty() ? std::string() : std::string(who) + ": ";
}

bool same(const Place& a, const Place& b) {
  return a.source == b.source && a.line == b.line && a.column == b.column;
}

}  // namespace

void Intake::begin(const InventorySource& source) {
  report_twins(true);
  merges_ = source.merge;
  first_ = clients.size();
  merged_.assign(merges_ ? first_ : 0, false);
  reported_before_ = problems.size();
}

void Intake::error(const Place& place, std::string message, std::string help) {
  problems.push_back(
      {Problem::Severity::error, place, std::move(message), std::move(help), {}, {}});
}

void Intake::warning(const Place& place, std::string message, std::string help) {
  problems.push_back(
      {Problem::Severity::warning, place, std::move(message), std::move(help), {}, {}});
}

bool Intake::has_enough() const {
  return problems.size() - reported_before_ >= kProblemsOfOneSource;
}

std::optional<std::uint32_t> Intake::add(std::string_view name, std::string_view address,
                                         const Place& place, std::string_view who) {
  if (!is_client_name(name)) {
    error(place,
          told(who) + (name.empty() ? "a client without a name"
                                    : "`" + escaped(name, kShown) + "` is not a client's name"),
          "letters, digits, `.`, `_` and `-`; the first one a letter, a digit or `_`");
    return std::nullopt;
  }
  if (!address.empty() && !is_client_address(address)) {
    error(place, told(who) + "`" + escaped(address, kShown) + "` is not an address",
          "a host name or an IP address");
    return std::nullopt;
  }
  if (merges_) {
    if (const auto known = names.find(name)) {
      const std::uint32_t client = *known;
      if (client < first_ && !merged_[client]) return merge(client, address, place);
      error(place, told(who) + "client `" + std::string(name) + "` is listed twice by this source",
            "a source lists each client once");
      return std::nullopt;
    }
  }
  const std::uint32_t client = clients.add(name, address, place);
  names.note(client);
  if (names.has_twins()) report_twins(false);
  return client;
}

std::optional<std::uint32_t> Intake::merge(std::uint32_t client, std::string_view address,
                                           const Place& place) {
  merged_[client] = true;
  const std::string_view name = clients.name(client);
  const std::string_view before = clients.address(client);
  if (address.empty() || address == name || address == before) return client;
  if (before == name) {
    clients.set_address(client, address);
  } else {
    conflict(client, place,
             "has the address `" + std::string(address) + "` here and `" + std::string(before) +
                 "` before");
  }
  return client;
}

void Intake::conflict(std::uint32_t client, const Place& place, const std::string& what) {
  problems.push_back({Problem::Severity::error, place,
                      "client `" + std::string(clients.name(client)) + "` " + what,
                      "a source that merges adds what is missing, and changes nothing",
                      clients.place(client), "first listed here"});
}

void Intake::set_label(std::uint32_t client, std::uint32_t column, std::uint32_t value,
                       const Place& place) {
  if (is_known(client)) {
    const std::uint32_t before = clients.cell_id(client, column);
    if (before != 0 && before != value) {
      conflict(client, place,
               "has the label `" + clients.columns()[column] + "` with `" +
                   escaped(clients.value_of(value), kShown) + "` here and `" +
                   escaped(clients.value_of(before), kShown) + "` before");
      return;
    }
  }
  clients.set_id(client, column, value);
}

Intake::Fallbacks Intake::fallbacks(const InventorySource& source) {
  Fallbacks fallbacks;
  for (const auto& [label, value] : source.labels) {
    fallbacks.emplace_back(clients.column(label), clients.intern(value));
  }
  return fallbacks;
}

void Intake::fill(std::uint32_t client, const Fallbacks& fallbacks) {
  for (const auto& [column, value] : fallbacks) {
    if (clients.cell_id(client, column) == 0) clients.set_id(client, column, value);
  }
}

void Intake::report_twins(bool all) {
  for (const auto& [first, second] : names.twins(all)) {
    Problem problem{Problem::Severity::error,
                    clients.place(second),
                    "client `" + std::string(clients.name(second)) + "` is listed twice",
                    kOnce,
                    clients.place(first),
                    "first listed here"};
    if (same(clients.place(first), clients.place(second))) {  // what has no lines of its own
      problem.message += " by this source, also as `" + std::string(clients.name(first)) + "`";
      problem.related.reset();
      problem.related_label.clear();
    }
    problems.push_back(std::move(problem));
  }
}

}  // namespace sitewide
