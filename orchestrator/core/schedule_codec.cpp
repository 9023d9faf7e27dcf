// describe() lists the fields of each struct once; Save and Load walk the same list, so they cannot
// drift apart.
#include "orchestrator/core/schedule_codec.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "orchestrator/base/text.h"
#include "orchestrator/core/procedures.h"

namespace sitewide {
namespace {

namespace json = boost::json;

template <class Ar>
void describe(Ar& ar, Count& v) {
  ar("value", v.value);
  ar("percent", v.percent);
}
template <class Ar>
void describe(Ar& ar, PlannedFile& v) {
  ar("name", v.name);
  ar("platform", v.platform);
  ar("source", v.source);
  ar("digest", v.digest);
  ar("size", v.size);
  ar("date", v.date);
  ar("language", v.language);
  ar("os", v.os);
  ar("on_site", v.on_site);
  ar("on_logon_server", v.on_logon_server);
  ar("on_client", v.on_client);
}
template <class Ar>
void describe(Ar& ar, Hotfix& v) {
  ar("id", v.id);
  ar("catalogue", v.catalogue);
  ar("files", v.files);
  ar("allow_downgrade", v.allow_downgrade);
}
template <class Ar>
void describe(Ar& ar, LogonServer& v) {
  ar("name", v.name);
  ar("share", v.share);
}
template <class Ar>
void describe(Ar& ar, Site& v) {
  ar("name", v.name);
  ar("root", v.root);
  ar("logon_servers", v.logon_servers);
  ar("poll", v.replication_poll);
  ar("within", v.replication_within);
  ar("warn_after", v.replication_warn_after);
  ar("labels", v.labels);
}
template <class Ar>
void describe(Ar& ar, Transport& v) {
  ar("name", v.name);
  ar("type", v.type);
  ar("root", v.root);
  ar("batch", v.batch);
  ar("run", v.run);
  ar("read", v.read);
  ar("write", v.write);
  ar("digest", v.digest);
  ar("records", v.records);
}
template <class Ar>
void describe(Ar& ar, Gate& v) {
  ar("kind", v.kind);
  ar("soak", v.soak);
  ar("approval", v.approval);
}
template <class Ar>
void describe(Ar& ar, Window& v) {
  ar("days", v.days);
  ar("start", v.start);
  ar("for", v.length);
  ar("zone", v.zone);
  ar("needs", v.needs);
}
template <class Ar>
void describe(Ar& ar, ZoneOffset& v) {
  ar("from", v.from);
  ar("offset", v.offset);
}
template <class Ar>
void describe(Ar& ar, ScheduledWindow& v) {
  ar("window", v.window);
  ar("offsets", v.offsets);
}
template <class Ar>
void describe(Ar& ar, Health& v) {
  ar("kind", v.kind);
  ar("command", v.command);
  ar("within", v.within);
  ar("poll", v.poll);
}
template <class Ar>
void describe(Ar& ar, Restart& v) {
  ar("by_user", v.by_user);
  ar("run", v.run);
  ar("wait", v.wait);
}
template <class Ar>
void describe(Ar& ar, CommandSteps& v) {
  ar("inspect", v.inspect);
  ar("back_up", v.back_up);
  ar("upgrade", v.upgrade);
  ar("verify", v.verify);
  ar("restore", v.restore);
  ar("repeatable", v.repeatable);
}
template <class Ar>
void describe(Ar& ar, Group& v) {
  ar("name", v.name);
  ar("description", v.description);
  ar("select", v.select);
  ar("method", v.method);
  ar("transport", v.transport);
  ar("restart", v.restart);
  ar("waves", v.waves);
  ar("in_flight", v.in_flight);
  ar("unproven", v.unproven);
  ar("strict", v.strict);
  ar("tolerate_failed", v.tolerate_failed);
  ar("tolerate_late", v.tolerate_late);
  ar("reaches_site", v.reaches_site);
  ar("force_over_failed", v.force_over_failed);
  ar("force_over_restored", v.force_over_restored);
  ar("force_over_skipped", v.force_over_skipped);
  ar("converge_within", v.converge_within);
  ar("converge_poll", v.converge_poll);
  ar("before_force", v.before_force);
  ar("retry_late", v.retry_late);
  ar("give_up_late", v.give_up_late);
  ar("lost_after", v.lost_after);
  ar("attempts", v.attempts);
  ar("backoff", v.backoff);
  ar("backoff_max", v.backoff_max);
  ar("inspect_timeout", v.inspect_timeout);
  ar("trigger_timeout", v.trigger_timeout);
  ar("command_timeout", v.command_timeout);
  ar("health", v.health);
  ar("command", v.command);
  ar("before", v.before);
  ar("after_wave", v.after_wave);
  ar("restore_failed", v.restore_failed);
  ar("on_breach", v.on_breach);
  ar("rollback_in_flight", v.rollback_in_flight);
  ar("rollback_within", v.rollback_within);
  ar("defaulted", v.defaulted);
}
template <class Ar>
void describe(Ar& ar, Range& v) {
  ar("begin", v.begin);
  ar("end", v.end);
}
template <class Ar>
void describe(Ar& ar, ScheduledGroup& v) {
  ar("plan", v.plan);
  ar("clients", v.clients);
  ar("waves", v.waves);
  ar("after", v.after);
  ar("failed", v.tolerate_failed);
  ar("late", v.tolerate_late);
  ar("unproven", v.unproven);
  ar("strict_first", v.strict_first);
  ar("strict_later", v.strict_later);
  ar("windows", v.windows);
  ar("transport", v.transport);
}
template <class Ar>
void describe(Ar& ar, ScheduledSite& v) {
  ar("plan", v.plan);
}
template <class Ar>
void describe(Ar& ar, Lane& v) {
  ar("group", v.group);
  ar("site", v.site);
  ar("adopted_by", v.adopted_by);
  ar("clients", v.clients);
}
template <class Ar>
void describe(Ar& ar, Rate& v) {
  ar("count", v.count);
  ar("per", v.per);
}
template <class Ar>
void describe(Ar& ar, Limits& v) {
  ar("in_flight", v.in_flight);
  ar("rate", v.rate);
  ar("rollout_within", v.rollout_within);
}
template <class Ar>
void describe(Ar& ar, Schedule& v) {
  ar("name", v.name);
  ar("description", v.description);
  ar("hotfix", v.hotfix);
  ar("transports", v.transports);
  ar("sites", v.sites);
  ar("groups", v.groups);
  ar("lanes", v.lanes);
  ar("limits", v.limits);
  ar("plan_path", v.plan_path);
  ar("plan_digest", v.plan_digest);
}

// Enumerators are kept by name: their order may change.
template <class T>
constexpr std::array<std::string_view, 0> kNames{};
template <>
constexpr std::array<std::string_view, 2> kNames<Gate::Kind>{"soak", "approval"};
template <>
constexpr std::array<std::string_view, 3> kNames<Health::Kind>{"none", "pcm_log", "command"};
template <>
constexpr std::array<std::string_view, 6> kNames<Scope>{"none",    "wave",   "group",
                                                        "rollout", "client", "site"};

// -------------------------------------------------------------------------------------------------------
// saving
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

// ------------------------------------------------------------------------------------------------------
// loading A key that is absent leaves the field as it is, so that older texts keep loading; a wrong
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
    if (!load(in_value, count)) return false;
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

// ------------------------------------------------------------------------------------------------------
// clients
void append_clients(const Schedule& schedule, std::string& text) {
  const ClientTable& clients = schedule.clients;
  text += "name\taddress\tlane";
  for (const std::string& column : clients.columns()) text += "\t" + column;
  text += '\n';
  char number[16];
  for (std::uint32_t c = 0; c < clients.size(); ++c) {
    text += clients.name(c);
    text += '\t';
    if (clients.address(c) != clients.name(c)) text += clients.address(c);
    text += '\t';
    text.append(number, std::to_chars(number, number + sizeof number, schedule.lane_of[c]).ptr);
    for (std::uint32_t column = 0; column < clients.columns().size(); ++column) {
      text += '\t';
      text += clients.cell(c, column);
    }
    text += '\n';
  }
}

std::string_view take(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

bool load_clients(std::string_view text, Schedule& schedule) {
  std::string_view header = take(text, '\n');
  for (int fixed = 0; fixed < 3; ++fixed) take(header, '\t');
  std::uint32_t columns = 0;
  for (; !header.empty(); ++columns) schedule.clients.column(take(header, '\t'));
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  schedule.clients.reserve(lines, text.size() / 2);
  schedule.lane_of.reserve(lines);
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    const std::string_view name = take(line, '\t');
    const std::string_view address = take(line, '\t');
    const std::string_view lane = take(line, '\t');
    std::uint32_t lane_number = 0;
    const auto read = std::from_chars(lane.data(), lane.data() + lane.size(), lane_number);
    if (read.ec != std::errc() || lane_number >= schedule.lanes.size()) return false;
    const std::uint32_t c = schedule.clients.add(name, address);
    schedule.lane_of.push_back(lane_number);
    for (std::uint32_t column = 0; column < columns; ++column) {
      const std::string_view cell = take(line, '\t');
      if (!cell.empty()) schedule.clients.set(c, column, cell);
    }
  }
  return true;
}

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
  for (ScheduledGroup& group : schedule.groups) add_client_procedure(group);
  for (ScheduledSite& site : schedule.sites) add_site_procedure(site);
  schedule.digest = digest;
  return schedule;
}

}  // namespace sitewide
