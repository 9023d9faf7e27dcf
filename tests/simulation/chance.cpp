#include "tests/simulation/chance.h"

#include <numeric>

namespace sitewide::simulation {
namespace {

struct Usual {
  std::string_view name;
  std::uint32_t most;  // per mille, in bad weather; 0: set elsewhere
};

constexpr std::array<Usual, kMishaps> kUsual = {{
    {"fails", 300},
    {"half done", 400},
    {"failed after doing it", 400},
    {"unreachable", 200},
    {"refuses", 40},
    {"lies", 200},
    {"answer lost", 150},
    {"launch late", 100},
    {"never answers", 60},
    {"answer twice", 100},
    {"delivered twice", 60},
    {"poll fails", 12},
    {"look blind", 150},
    {"look slow", 60},
    {"client off", 500},
    {"vanishes", 200},
    {"client broken", 200},
    {"component in use", 200},
    {"current before", 300},
    {"server lags", 150},
    {"server never", 40},
    {"lists late", 150},
    {"crash", 0},
    {"journal error", 0},
    {"leaves", 0},
    {"stops", 0},
    {"clock jumps", 0},
    {"order", 0},
    {"tampered", 250},
    {"slow carrier", 300},
    {"outlives its look", 900},
    {"sick", 400},
    {"meddled with", 100},
    {"site meddled with", 200},
}};

}  // namespace

std::string_view name_of(Mishap mishap) { return kUsual[static_cast<std::size_t>(mishap)].name; }

bool Chance::strikes(Mishap mishap, Spot where, std::uint32_t per_mille) {
  if (per_mille == 0) return false;
  Dice dice(spot(seed_, where, 1 + index(mishap)));
  if (!dice.per_mille(per_mille)) return false;
  const Struck what{mishap, where};
  if (left_out_ != nullptr && left_out_->contains(what)) return false;
  ++counts_[index(mishap)];
  struck_.push_back(what);
  return true;
}

std::uint32_t Chance::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint32_t{0});
}

void make_weather(Chance& chance, Dice& dice) {
  const bool calm = dice.per_mille(100);
  for (std::size_t i = 0; i < kMishaps; ++i) {
    const bool never = dice.per_mille(600);
    const std::uint32_t share = dice.below(kUsual[i].most + 1);
    if (!calm && !never) chance.set(static_cast<Mishap>(i), share);
  }
}

}  // namespace sitewide::simulation
