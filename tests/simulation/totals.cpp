#include "tests/simulation/totals.h"

namespace sitewide::simulation {

void Totals::add(const Report& report) {
  ++seeds;
  plans += report.has_plan ? 1 : 0;
  on_disk += report.on_disk ? 1 : 0;
  events += report.events;
  controllers += report.controllers;
  deaths += report.deaths;
  violations += report.violations.empty() ? 0 : 1;
  for (std::size_t i = 0; i < kKinds; ++i) met[i] += report.met[i] > 0 ? 1 : 0;
  for (std::size_t i = 0; i < kMishaps; ++i) {
    const auto mishap = static_cast<Mishap>(i);
    const bool of_controller = mishap == Mishap::crash || mishap == Mishap::journal_error;
    if (mishap == Mishap::order) {
      orders += report.mishaps[i];
    } else if (mishap == Mishap::clock_jumps) {
      jumps += report.mishaps[i];
    } else if (!of_controller) {
      faults += report.mishaps[i];
    }
  }
}

void Totals::add(const Totals& other) {
  seeds += other.seeds;
  plans += other.plans;
  on_disk += other.on_disk;
  events += other.events;
  controllers += other.controllers;
  deaths += other.deaths;
  orders += other.orders;
  jumps += other.jumps;
  faults += other.faults;
  violations += other.violations;
  for (std::size_t i = 0; i < kKinds; ++i) met[i] += other.met[i];
}

std::string Totals::kinds() const {
  std::string text = "met:";
  for (std::size_t i = 0; i < kKinds; ++i) {
    text += (i > 0 ? ", " : " ") + std::to_string(met[i]) + " x ";
    text += name_of(static_cast<Kind>(i));
  }
  return text;
}

// A few seeds make plans that compile refuses; they prove nothing.
bool Totals::has_enough_plans() const { return seeds < 20 || plans * 10 >= seeds * 9; }

std::string Totals::line() const {
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  return "simulation: " + number(seeds) + " seeds (" + number(plans) + " with a plan, " +
         number(on_disk) + " on disk), " + number(events) + " events, " + number(controllers) +
         " controllers, " + number(deaths) + " crashes, " + number(orders) + " orders, " +
         number(faults) + " faults, " + number(jumps) + " clock jumps, " + number(violations) +
         " violations";
}

}  // namespace sitewide::simulation
