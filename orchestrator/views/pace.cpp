#include "orchestrator/views/pace.h"

#include <cstdio>

namespace sitewide {
namespace {

// Looks closer together are merged.
constexpr Duration kApart = std::chrono::seconds(2);
// A pace is measured over at least so long and, if they are there, so many.
constexpr Duration kLeast = std::chrono::seconds(60);
constexpr std::uint32_t kEnough = 10;
// Fewer tell nothing.
constexpr std::uint32_t kFewest = 3;

}  // namespace

void Pace::look(Timestamp now, std::uint32_t done) {
  if (size_ > 0 && (done < last_.done || now < last_.at)) size_ = 0;
  last_ = {now, done};
  if (size_ > 0 && now - samples_[size_ - 1].at < kApart) return;
  if (size_ == 1 && samples_[0].done == done) size_ = 0;  // nothing moves yet: measure from here on
  if (size_ == kSamples) {  // every other one goes, so that the past stays, thinner
    for (std::size_t i = 1; i < kSamples / 2; ++i) samples_[i] = samples_[2 * i];
    size_ = kSamples / 2;
  }
  samples_[size_++] = last_;
}

// The latest sample that is old enough and has enough after it, else the first.
const Pace::Sample& Pace::reference() const {
  for (std::size_t i = size_; i-- > 1;) {
    if (last_.at - samples_[i].at >= kLeast && last_.done - samples_[i].done >= kEnough)
      return samples_[i];
  }
  return samples_[0];
}

std::optional<double> Pace::per_second() const {
  if (size_ == 0) return std::nullopt;
  const Sample& from = reference();
  if (last_.done - from.done < kFewest || last_.at - from.at < std::chrono::seconds(1))
    return std::nullopt;
  return (last_.done - from.done) / std::chrono::duration<double>(last_.at - from.at).count();
}

std::optional<Duration> Pace::time_for(std::uint32_t remaining) const {
  const auto rate = per_second();
  if (!rate || remaining == 0) return std::nullopt;
  return Duration(static_cast<Duration::rep>(remaining / *rate * 1000.0));
}

std::string describe_rate(double per_second) {
  struct Unit {
    double seconds;
    const char* name;
  };
  Unit unit{3600, "h"};
  if (per_second >= 1.0 / 60) unit = {60, "min"};
  if (per_second >= 1) unit = {1, "s"};
  char text[48];
  const double number = per_second * unit.seconds;
  std::snprintf(text, sizeof text, number < 10 ? "%.1f/%s" : "%.0f/%s", number, unit.name);
  return text;
}

}  // namespace sitewide
