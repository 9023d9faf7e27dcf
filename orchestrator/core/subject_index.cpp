#include "orchestrator/core/subject_index.h"

#include <bit>
#include <charconv>
#include <functional>

#include "orchestrator/core/gate.h"

namespace sitewide {
namespace {

constexpr std::string_view kClient = "client/";

// Counted from 1, as names write it; each number has one name.
std::optional<std::uint32_t> counted(std::string_view number) {
  std::uint32_t value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == number.data() + number.size();
  if (!whole || number.starts_with('0')) return std::nullopt;
  return value - 1;
}

}  // namespace

SubjectIndex::SubjectIndex(const Schedule& schedule) : schedule_(schedule) {
  const std::size_t size = std::bit_ceil(2 * std::size_t{schedule.clients.size()} + 2);
  slots_.assign(size, kNone);
  mask_ = size - 1;
  for (std::uint32_t c = 0; c < schedule.clients.size(); ++c) {
    std::size_t slot = std::hash<std::string_view>{}(schedule.clients.name(c)) & mask_;
    while (slots_[slot] != kNone) slot = (slot + 1) & mask_;
    slots_[slot] = c;
  }
}

std::optional<std::uint32_t> SubjectIndex::client(std::string_view name) const {
  std::size_t slot = std::hash<std::string_view>{}(name)&mask_;
  for (; slots_[slot] != kNone; slot = (slot + 1) & mask_) {
    if (schedule_.clients.name(slots_[slot]) == name) return slots_[slot];
  }
  return std::nullopt;
}

std::optional<std::uint32_t> SubjectIndex::group(std::string_view name) const {
  for (std::uint32_t g = 0; g < schedule_.groups.size(); ++g) {
    if (schedule_.groups[g].plan.name == name) return g;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> SubjectIndex::site(std::string_view name) const {
  for (std::uint32_t s = 0; s < schedule_.sites.size(); ++s) {
    if (schedule_.sites[s].plan.name == name) return s;
  }
  return std::nullopt;
}

std::optional<Subject> SubjectIndex::find(std::string_view name) const {
  if (name.starts_with(kClient)) {
    const auto index = client(name.substr(kClient.size()));
    if (index) return Subject::client(*index);
    return std::nullopt;
  }
  if (name == "rollout") return Subject::rollout();
  if (name.starts_with("site/")) {
    const auto index = site(name.substr(5));
    if (index) return Subject::site(*index);
  }
  if (name.starts_with("group/")) {
    const auto index = group(name.substr(6));
    if (index) return Subject::group(*index);
  }
  if (name.starts_with("wave/")) {
    const std::size_t slash = name.rfind('/');
    const auto index = slash > 5 ? group(name.substr(5, slash - 5)) : std::nullopt;
    const auto wave = counted(name.substr(slash + 1));
    if (index && wave) return Subject::wave_of(*index, *wave);
  }
  if (name.starts_with("gate/")) return gate(name.substr(5));
  return std::nullopt;
}

std::vector<Subject> SubjectIndex::named(std::string_view word) const {
  std::vector<Subject> subjects;
  if (word.find('/') != std::string_view::npos) {
    const auto one = find(word);
    const bool has_name =
        one && (one->kind == Subject::Kind::client || one->kind == Subject::Kind::group ||
                one->kind == Subject::Kind::site);
    if (has_name) subjects.push_back(*one);
    return subjects;
  }
  if (const auto index = client(word)) subjects.push_back(Subject::client(*index));
  if (const auto index = group(word)) subjects.push_back(Subject::group(*index));
  if (const auto index = site(word)) subjects.push_back(Subject::site(*index));
  return subjects;
}

// `canary/before/1`, `canary/2/1`.
std::optional<Subject> SubjectIndex::gate(std::string_view name) const {
  const std::size_t last = name.rfind('/');
  const std::size_t middle = last == 0 || last == name.npos ? name.npos : name.rfind('/', last - 1);
  if (middle == name.npos) return std::nullopt;
  const auto index = group(name.substr(0, middle));
  const auto position = counted(name.substr(last + 1));
  const std::string_view place = name.substr(middle + 1, last - middle - 1);
  const auto wave = place == "before" ? std::optional(kNone) : counted(place);
  if (!index || !position || !wave || !has_gate(schedule_, *index, *wave, *position))
    return std::nullopt;
  return Subject::gate(*index, *wave, *position);
}

}  // namespace sitewide
