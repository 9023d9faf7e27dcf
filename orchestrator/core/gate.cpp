#include "orchestrator/core/gate.h"

#include <algorithm>
#include <charconv>

#include "orchestrator/base/check.h"
#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr std::size_t kShown = 120;

const std::vector<Gate>& gates_of(const Schedule& schedule, std::uint32_t group,
                                  std::uint32_t wave) {
  const Group& plan = schedule.groups[group].plan;
  return wave == kNone ? plan.before : plan.after_wave;
}

std::string bounds(const Inquiry& inquiry) {
  const std::string least = inquiry.at_least.empty() ? "" : " at least " + inquiry.at_least;
  const std::string most = inquiry.at_most.empty() ? "" : " at most " + inquiry.at_most;
  return least + (least.empty() || most.empty() ? "" : " and") + most;
}

}  // namespace

Verdict verdict_of(OutcomeKind outcome) {
  if (outcome == OutcomeKind::ok) return Verdict::pass;
  return outcome == OutcomeKind::failed ? Verdict::fail : Verdict::inconclusive;
}

const Gate& gate_at(const Schedule& schedule, std::uint32_t group, std::uint32_t wave,
                    std::uint32_t position) {
  return gates_of(schedule, group, wave)[position];
}

bool has_gate(const Schedule& schedule, std::uint32_t group, std::uint32_t wave,
              std::uint32_t position) {
  if (group >= schedule.groups.size()) return false;
  if (wave != kNone && wave >= schedule.groups[group].waves.size()) return false;
  return position < gates_of(schedule, group, wave).size();
}

std::optional<double> parse_decimal(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool form = !digits.empty() && digits.size() <= 16 && digits.front() != '.' &&
                    digits.back() != '.' &&
                    digits.find_first_not_of("0123456789.") == digits.npos &&
                    std::count(digits.begin(), digits.end(), '.') <= 1;
  double value = 0;
  if (!form) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

std::string describe_gate(const Gate& gate) {
  switch (gate.kind) {
    case Gate::Kind::soak:
      return "soak " + format_duration(gate.soak);
    case Gate::Kind::approval:
      return "approval " + escaped(gate.approval, kShown);
    case Gate::Kind::check:
      return "check " + escaped(join(gate.inquiry.run, " "), kShown);
    case Gate::Kind::http:
      return "http " + escaped(gate.inquiry.url, kShown);
    case Gate::Kind::prometheus:
      return "prometheus " + escaped(gate.inquiry.query, kShown) + bounds(gate.inquiry);
  }
  check_failed("a gate of no kind");
}

}  // namespace sitewide
