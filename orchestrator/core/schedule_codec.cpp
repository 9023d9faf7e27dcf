// describe() lists the fields of each struct once; Save and Load walk the same list, so they cannot
// drift apart.
#include "orchestrator/core/schedule_codec.h"

#include <algorithm>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/core/procedures.h"
#include "orchestrator/core/schedule_check.h"
#include "orchestrator/core/schedule_clients.h"
#include "orchestrator/core/schedule_fields.h"

namespace sitewide {
namespace {

namespace json = boost::json;

// Instants and durations stay this near, so that sums of a few of them cannot overflow.
constexpr std::int64_t kFarthest = kNever.time_since_epoch().count();

// Enumerators are kept by name: their order may change.
template <class T>
constexpr std::array<std::string_view, 0> kNames{};
template <>
constexpr std::array<std::string_view, 5> kNames<Gate::Kind>{"soak", "approval", "check", "http",
                                                             "prometheus"};
template <>
constexpr std::array<std::string_view, 3> kNames<Health::Kind>{"none", "pcm_log", "command"};
template <>
constexpr std::array<std::string_view, 6> kNames<SitePart::Kind>{
    "stop_service", "start_service", "rename", "copy", "site_reset", "run"};
template <>
constexpr std::array<std::string_view, 3> kNames<MapEdit::Kind>{"duplicate", "remove_list",
                                                                "merge"};
template <>
constexpr std::array<std::string_view, 3> kNames<ClientPart::Kind>{"set_ini", "set_registry",
                                                                   "run"};
template <>
constexpr std::array<std::string_view, 3> kNames<NotifyTarget::Kind>{"webhook", "command", "email"};
template <>
constexpr std::array<std::string_view, 7> kNames<Occasion>{
    "start", "halt", "breach", "approval", "needs_hands", "rollback", "end"};
template <>
constexpr std::array<std::string_view, 6> kNames<Scope>{"none",    "wave",   "group",
                                                        "rollout", "client", "site"};

struct Save {
  json::object out;

  template <class T>
  void operator()(std::string_view key, T& value) {
    out[key] = save(value);
  }

  static json::value save(const std::string& v) { return json::string(v); }
  static json::value save(const bool& v) { return v; }
  static json::value save(const Duration& v) { return v.count(); }
  static json::value save(const Timestamp& v) { return v.time_since_epoch().count(); }
  static json::value save(const Digest& v) { return json::string(v.hex()); }
  template <class T>
  requires std::is_integral_v<T>
  static json::value save(const T& v) { return static_cast<std::uint64_t>(v); }
  template <class T>
  requires std::is_enum_v<T>
  static json::value save(const T& v) {
    return json::string(kNames<T>[static_cast<std::size_t>(v)]);
  }
  static json::value save(const Method& v) { return json::string(name_of(v)); }
  template <class T>
  static json::value save(std::optional<T>& v) {
    return v ? save(*v) : json::value(nullptr);
  }
  template <class T>
  static json::value save(std::vector<T>& v) {
    json::array array;
    for (T& element : v) array.push_back(save(element));
    return array;
  }
  template <std::size_t N>
  static json::value save(std::array<bool, N>& v) {
    json::array array;
    for (const bool element : v) array.push_back(element);
    return array;
  }
  static json::value save(std::map<std::string, std::string>& v) {
    json::object object;
    for (const auto& [key, value] : v) object[key] = value;
    return object;
  }
  template <class T>
  requires requires(Save& ar, T& v) { describe(ar, v); }
  static json::value save(T& v) {
    Save ar;
    describe(ar, v);
    return std::move(ar.out);
  }
};

// A key that is absent leaves the field as it is, so that older texts keep loading; a wrong
// kind is a problem.
struct Load {
  const json::object& in;
  std::string& problem;

  template <class T>
  void operator()(std::string_view key, T& value) {
    const json::value* found = in.if_contains(key);
    if (found == nullptr) return;
    if (!load(*found, value) && problem.empty()) problem = "`" + std::string(key) + "`";
  }

  bool load(const json::value& in_value, std::string& v) {
    if (!in_value.is_string()) return false;
    v = std::string(in_value.as_string());
    return true;
  }
  bool load(const json::value& in_value, bool& v) {
    if (!in_value.is_bool()) return false;
    v = in_value.as_bool();
    return true;
  }
  bool load(const json::value& in_value, Duration& v) {
    std::int64_t count = 0;
    if (!load(in_value, count) || count < -kFarthest || count > kFarthest) return false;
    v = Duration(count);
    return true;
  }
  bool load(const json::value& in_value, Timestamp& v) {
    Duration since{};
    if (!load(in_value, since)) return false;
    v = Timestamp(since);
    return true;
  }
  bool load(const json::value& in_value, Digest& v) {
    const auto digest = in_value.is_string() ? Digest::parse(in_value.as_string()) : std::nullopt;
    if (digest) v = *digest;
    return digest.has_value();
  }
  template <class T>
  requires std::is_integral_v<T>
  bool load(const json::value& in_value, T& v) {
    boost::system::error_code error;
    v = in_value.to_number<T>(error);
    return !error;
  }
  template <class T>
  requires std::is_enum_v<T>
  bool load(const json::value& in_value, T& v) {
    for (std::size_t i = 0; i < kNames<T>.size(); ++i) {
      if (!in_value.is_string() || in_value.as_string() != kNames<T>[i]) continue;
      v = static_cast<T>(i);
      return true;
    }
    return false;
  }
  bool load(const json::value& in_value, Method& v) {
    const auto word = in_value.is_string() ? word_from<Method>(in_value.as_string()) : std::nullopt;
    if (word) v = *word;
    return word.has_value();
  }
  template <class T>
  bool load(const json::value& in_value, std::optional<T>& v) {
    if (in_value.is_null()) return true;
    return load(in_value, v.emplace());
  }
  template <class T>
  bool load(const json::value& in_value, std::vector<T>& v) {
    if (!in_value.is_array()) return false;
    v.clear();
    for (const json::value& element : in_value.as_array()) {
      if (!load(element, v.emplace_back())) return false;
    }
    return true;
  }
  template <std::size_t N>
  bool load(const json::value& in_value, std::array<bool, N>& v) {
    if (!in_value.is_array() || in_value.as_array().size() != N) return false;
    for (std::size_t i = 0; i < N; ++i) {
      if (!load(in_value.as_array()[i], v[i])) return false;
    }
    return true;
  }
  bool load(const json::value& in_value, std::map<std::string, std::string>& v) {
    if (!in_value.is_object()) return false;
    for (const auto& [key, value] : in_value.as_object()) {
      if (!load(value, v[std::string(key)])) return false;
    }
    return true;
  }
  template <class T>
  requires requires(Load& ar, T& v) { describe(ar, v); }
  bool load(const json::value& in_value, T& v) {
    if (!in_value.is_object()) return false;
    Load ar{in_value.as_object(), problem};
    describe(ar, v);
    return problem.empty();
  }
};

Error unreadable(const std::string& what) {
  return {ErrorKind::journal, "the schedule cannot be read: " + what};
}

}  // namespace

std::string encode_schedule(const Schedule& schedule) {
  Save ar;
  describe(ar,
           const_cast<Schedule&>(schedule));  // Save only reads; one list serves both directions
  std::string text = json::serialize(ar.out);
  text += '\n';
  append_clients(schedule, text);
  return text;
}

Result<Schedule> decode_schedule(std::string_view text) {
  const Digest digest = sha256(text);
  const std::string_view head = take(text, '\n');
  boost::system::error_code error;
  const json::value value = json::parse(head, error);
  if (error || !value.is_object()) return unreadable("its head is not JSON");
  Schedule schedule;
  std::string problem;
  Load ar{value.as_object(), problem};
  describe(ar, schedule);
  if (!problem.empty()) return unreadable(problem);
  if (!load_clients(text, schedule)) return unreadable("a client's line");
  for (ScheduledGroup& group : schedule.groups) add_client_procedure(group, schedule.hotfix.parts);
  for (ScheduledSite& site : schedule.sites) add_site_procedure(site, schedule.hotfix.parts);
  if (const std::string fault = fault_of(schedule); !fault.empty()) return unreadable(fault);
  schedule.digest = digest;
  return schedule;
}

}  // namespace sitewide
