#include "orchestrator/preview/confidence.h"

#include <algorithm>
#include <cmath>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

constexpr double kDoubt = 0.05;
constexpr double kWorthSaying = 0.10;

std::string percent(double rate) { return std::to_string(std::lround(rate * 100.0)); }

bool is_waited_for(const Schedule& schedule, std::uint32_t group) {
  return std::any_of(
      schedule.groups.begin(), schedule.groups.end(), [&](const ScheduledGroup& other) {
        return std::find(other.after.begin(), other.after.end(), group) != other.after.end();
      });
}

}  // namespace

double failure_rate_below(std::uint32_t good) {
  if (good == 0) return 1.0;
  return 1.0 - std::pow(kDoubt, 1.0 / good);
}

std::string small_sample_in_words(std::uint32_t good) {
  const std::string count = std::to_string(good);
  return count + " of " + count + " good proves only a failure rate under " +
         percent(failure_rate_below(good)) + "% (95% confidence)";
}

std::vector<std::string> small_samples(const Schedule& schedule) {
  std::vector<std::string> sentences;
  for (std::uint32_t g = 0; g < schedule.groups.size(); ++g) {
    const ScheduledGroup& group = schedule.groups[g];
    const std::string& name = group.plan.name;
    const bool at_once = group.plan.method == Method::site_wide;  // one force is one wave
    std::uint32_t proven = 0;  // what waves before have shown counts too
    for (std::size_t wave = 0; !at_once && wave + 1 < group.waves.size(); ++wave) {
      proven += group.waves[wave].size();
      if (failure_rate_below(proven) <= kWorthSaying) break;
      sentences.push_back("before wave " + std::to_string(wave + 2) + " of " + name + " (" +
                          count_of(group.waves[wave + 1].size(), "client") +
                          "): " + small_sample_in_words(proven));
    }
    const std::uint32_t all = group.clients.size();
    if (is_waited_for(schedule, g) && all > 0 && failure_rate_below(all) > kWorthSaying)
      sentences.push_back("before the groups after " + name + ": " + small_sample_in_words(all));
  }
  return sentences;
}

}  // namespace sitewide
