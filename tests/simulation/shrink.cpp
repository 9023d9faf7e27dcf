#include "tests/simulation/shrink.h"

#include <algorithm>

namespace sitewide::simulation {
namespace {

bool fails_so(const Report& report, int invariant) {
  return !report.violations.empty() && report.violations.front().invariant == invariant;
}

// `3 fails, 1 crash, 2 order`.
std::string in_words(const Report& report) {
  std::string words;
  for (std::size_t i = 0; i < kMishaps; ++i) {
    if (report.mishaps[i] == 0) continue;
    words += words.empty() ? "" : ", ";
    words +=
        std::to_string(report.mishaps[i]) + " x " + std::string(name_of(static_cast<Mishap>(i)));
  }
  return words.empty() ? "nothing" : words;
}

}  // namespace

// Halves first, then smaller parts: what can go is left out for good.
Options shrunk(Options failing, std::uint32_t most_runs) {
  Report best = simulate(failing);
  if (best.violations.empty()) return failing;
  const int invariant = best.violations.front().invariant;
  std::size_t part = std::max<std::size_t>(1, best.struck.size() / 2);
  for (std::uint32_t runs = 0; runs < most_runs;) {
    bool smaller = false;
    for (std::size_t at = 0; at < best.struck.size() && runs < most_runs;) {
      Options candidate = failing;
      const std::size_t end = std::min(at + part, best.struck.size());
      candidate.leave_out.insert(best.struck.begin() + static_cast<std::ptrdiff_t>(at),
                                 best.struck.begin() + static_cast<std::ptrdiff_t>(end));
      Report report = simulate(candidate);
      ++runs;
      if (fails_so(report, invariant) && report.struck.size() < best.struck.size()) {
        best = std::move(report);
        failing = std::move(candidate);
        smaller = true;
      } else {
        at = end;
      }
    }
    if (!smaller && part == 1) break;
    part = std::max<std::size_t>(1, part / 2);
  }
  return failing;
}

std::string story(Options failing, std::size_t last_lines) {
  const std::size_t before = simulate(failing).struck.size();
  Options small = shrunk(failing);
  small.transcript = true;
  const Report report = simulate(small);
  std::string text = "seed " + std::to_string(failing.seed);
  if (report.violations.empty()) return text + " breaks nothing\n";
  const Violation& violation = report.violations.front();
  text += " breaks invariant " + std::to_string(violation.invariant) + ": " + violation.what + "\n";
  text += "it takes " + std::to_string(report.struck.size()) + " of " + std::to_string(before) +
          " mishaps: " + in_words(report) + "\n";
  const std::size_t lines = report.transcript.size();
  const std::size_t from = lines > last_lines ? lines - last_lines : 0;
  text += "the last " + std::to_string(lines - from) + " of " + std::to_string(lines) +
          " lines; what the subject really holds stands in brackets:\n";
  for (std::size_t i = from; i < lines; ++i) text += "  " + report.transcript[i] + "\n";
  return text;
}

}  // namespace sitewide::simulation
