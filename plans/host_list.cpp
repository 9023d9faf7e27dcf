#include "plans/host_list.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "orchestrator/base/text.h"
#include "plans/grammar.h"
#include "plans/json_keys.h"

namespace sitewide {
namespace {

namespace json = boost::json;

constexpr std::size_t kDepth = 64;
constexpr std::size_t kNamesShown = 5;
constexpr std::size_t kShown = 80;
constexpr std::string_view kGroupPrefix = "group.";
constexpr std::string_view kVaulted = "__ansible_vault";
constexpr std::string_view kUnsafe = "__ansible_unsafe";
// Words in names of variables whose values open doors.
constexpr std::string_view kSecretWords[] = {"password", "passwd",     "passphrase",  "secret",
                                             "token",    "credential", "private_key", "api_key",
                                             "apikey",   "vault"};

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

Error malformed(std::string what) { return {ErrorKind::invalid, std::move(what)}; }

bool is_secret(std::string_view variable) {
  const std::string name = to_lower(variable);
  return name == "pass" || name.ends_with("_pass") ||
         std::any_of(std::begin(kSecretWords), std::end(kSecretWords),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool is_template(std::string_view value) {
  return value.find("{{") != value.npos || value.find("{%") != value.npos;
}

/// Why a variable is no label.
enum class Left : std::uint8_t { structure, secret, unresolved, name, value };
struct Reason {
  std::string_view one, many;
};
constexpr std::array<Reason, 5> kReasons = {{
    {"list or map", "lists or maps"},
    {"secret", "secrets"},
    {"template that only a play resolves", "templates that only a play resolves"},
    {"of a name that no label has", "of names that no label has"},
    {"of several lines or more than 1,024 bytes", "of several lines or more than 1,024 bytes"},
}};

/// What was left out, for one sentence.
class LeftOut {
 public:
  void add(Left why, std::string_view variable) {
    Row& row = rows_[static_cast<std::size_t>(why)];
    ++row.count;
    if (row.names.size() < kNamesShown) row.names.emplace(variable);
  }
  std::string text() const {
    std::string text;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].count == 0) continue;
      text += (text.empty() ? "" : "; ") + with_separators(rows_[i].count) + " " +
              std::string(rows_[i].count == 1 ? kReasons[i].one : kReasons[i].many) + " (";
      for (const std::string& name : rows_[i].names)
        text += (text.ends_with('(') ? "`" : ", `") + escaped(name, kShown) + "`";
      text += ")";
    }
    return text.empty() ? text : "host variables left out as labels: " + text;
  }

 private:
  struct Row {
    std::size_t count = 0;
    std::set<std::string, std::less<>> names;
  };
  std::array<Row, kReasons.size()> rows_;
};

struct Host {
  const json::object* variables = nullptr;
  std::set<std::string_view> groups;
};

struct Group {
  std::vector<std::string_view> hosts;
  std::vector<std::string_view> children;
};

class Reader {
 public:
  Reader(const json::object& list, const std::vector<std::string>& wanted)
      : list_(list), wanted_(wanted.begin(), wanted.end()) {}

  Result<Listing> read() {
    if (auto fault = read_variables()) return *fault;
    for (const auto& [name, value] : list_) {
      if (name == "_meta") continue;
      if (auto fault = read_group({name.data(), name.size()}, value)) return *fault;
    }
    for (const auto& [name, group] : groups_) note_members(name);
    add_clients();
    if (auto fault = number_labels()) return *fault;
    if (const std::string text = left_out_.text(); !text.empty()) listing_.notes.push_back(text);
    for (const std::string& variable : wanted_) {
      if (!seen_.contains(variable))
        listing_.notes.push_back("no host has the variable `" + escaped(variable, kShown) + "`");
    }
    return std::move(listing_);
  }

 private:
  std::optional<Error> read_variables();
  std::optional<Error> read_group(std::string_view name, const json::value& value);
  std::optional<Error> read_names(std::string_view group, const json::value& value,
                                  std::string_view key, std::vector<std::string_view>& names);
  void note_members(std::string_view group);
  void add_clients();
  void add_client(std::string_view name, const Host& host);
  std::string_view meant_by(std::string_view variable, const json::object& variables) const;
  void address(ListedClient& client, std::string_view variable, const json::value& value);
  std::optional<std::string> label_value(std::string_view variable, const json::value& value);
  std::optional<Error> number_labels();

  void fault(const ListedClient& client, const std::string& what) {
    if (listing_.faults.size() < kFaultsOfOneListing)
      listing_.faults.push_back(client.origin + ": " + what);
  }
  void label(const std::string& name, std::string value) {
    if (value.empty()) return;
    const auto [found, is_new] =
        columns_.emplace(name, static_cast<std::uint32_t>(columns_.size()));
    listing_.clients.back().labels.emplace_back(found->second, std::move(value));
  }

  const json::object& list_;
  const std::set<std::string, std::less<>> wanted_;
  std::set<std::string, std::less<>> seen_;
  std::map<std::string_view, Host> hosts_;
  std::map<std::string_view, Group> groups_;
  std::map<std::string, std::uint32_t> columns_;
  LeftOut left_out_;
  Listing listing_;
};

std::optional<Error> Reader::read_variables() {
  const json::value* meta = list_.if_contains("_meta");
  if (meta == nullptr) return std::nullopt;
  const json::value* all = meta->is_object() ? meta->get_object().if_contains("hostvars") : nullptr;
  if (!meta->is_object() || (all != nullptr && !all->is_object()))
    return malformed("its `_meta` is no map with `hostvars`");
  if (all == nullptr) return std::nullopt;
  for (const auto& [name, value] : all->get_object()) {
    const std::string_view host(name.data(), name.size());
    if (!value.is_object())
      return malformed("the variables of host `" + escaped(host, kShown) + "` are no map");
    hosts_[host].variables = &value.get_object();
  }
  return std::nullopt;
}

std::optional<Error> Reader::read_names(std::string_view group, const json::value& value,
                                        std::string_view key,
                                        std::vector<std::string_view>& names) {
  const Error error = malformed("`" + std::string(key) + "` of group `" + escaped(group, kShown) +
                                "` is no list of names");
  if (!value.is_array()) return error;
  for (const json::value& each : value.get_array()) {
    if (!each.is_string()) return error;
    names.push_back(view(each.get_string()));
  }
  return std::nullopt;
}

// `{"hosts": […], "children": […]}`, or, as old scripts print it, the hosts alone.
std::optional<Error> Reader::read_group(std::string_view name, const json::value& value) {
  Group& group = groups_[name];
  if (value.is_array()) return read_names(name, value, "hosts", group.hosts);
  if (!value.is_object()) return malformed("group `" + escaped(name, kShown) + "` is no map");
  const json::object& keys = value.get_object();
  if (const json::value* hosts = keys.if_contains("hosts")) {
    if (auto fault = read_names(name, *hosts, "hosts", group.hosts)) return fault;
  }
  if (const json::value* children = keys.if_contains("children")) {
    if (auto fault = read_names(name, *children, "children", group.children)) return fault;
  }
  const json::value* variables = keys.if_contains("vars");
  const bool some =
      variables != nullptr && !(variables->is_object() && variables->get_object().empty());
  if (some) {
    return malformed("group `" + escaped(name, kShown) +
                     "` has `vars`, and only `hostvars` are read; named by `ansible:` instead of "
                     "`command:`, ansible-inventory resolves them");
  }
  return std::nullopt;
}

// Every host of the group and of what lies below it; `children` may go in a circle.
void Reader::note_members(std::string_view name) {
  const bool labelled = name != "all" && name != "ungrouped";
  std::set<std::string_view> visited;
  std::vector<std::string_view> open{name};
  while (!open.empty()) {
    const std::string_view next = open.back();
    open.pop_back();
    const auto found = groups_.find(next);
    if (found == groups_.end() || !visited.insert(next).second) continue;
    for (const std::string_view host : found->second.hosts) {
      Host& member = hosts_[host];
      if (labelled) member.groups.insert(name);
    }
    if (!labelled) return;  // what lies below is listed there
    open.insert(open.end(), found->second.children.begin(), found->second.children.end());
  }
}

void Reader::add_clients() {
  listing_.clients.reserve(hosts_.size());
  for (const auto& [name, host] : hosts_) add_client(name, host);
}

void Reader::add_client(std::string_view name, const Host& host) {
  ListedClient& client = listing_.clients.emplace_back();
  client.name = name;
  client.origin = "host `" + escaped(name, kShown) + "`";
  for (const std::string_view group : host.groups) {
    const std::string key = std::string(kGroupPrefix) + std::string(group);
    if (is_label_key(key)) {
      label(key, "yes");
    } else {
      left_out_.add(Left::name, key);
    }
  }
  if (host.variables == nullptr) return;
  for (const auto& [key, value] : *host.variables) {
    const std::string_view given(key.data(), key.size());
    const std::string_view variable = meant_by(given, *host.variables);
    if (variable == "ansible_host") {
      address(client, given, value);
      continue;
    }
    const bool own = variable.starts_with("ansible_");
    const bool told = variable == "ansible_user" || variable == "ansible_port";
    const bool is_wanted = wanted_.empty() || wanted_.contains(variable);
    if (!is_wanted || (own && !told && wanted_.empty())) continue;
    seen_.emplace(variable);
    if (auto text = label_value(variable, value)) label(std::string(variable), std::move(*text));
  }
}

// Old inventories name these as Ansible 1 did, and it still reads them so. The new name wins.
std::string_view Reader::meant_by(std::string_view variable, const json::object& variables) const {
  constexpr std::pair<std::string_view, std::string_view> kOlder[] = {
      {"ansible_ssh_host", "ansible_host"},
      {"ansible_ssh_user", "ansible_user"},
      {"ansible_ssh_port", "ansible_port"}};
  for (const auto& [older, newer] : kOlder) {
    // An address is one whoever asks for it as a label too.
    const bool is_label = newer != "ansible_host" && wanted_.contains(older);
    const bool is_own = is_label || variables.contains(newer);
    if (variable == older && !is_own) return newer;
  }
  return variable;
}

void Reader::address(ListedClient& client, std::string_view variable, const json::value& value) {
  const std::string its = "its variable `" + std::string(variable) + "` is ";
  if (!value.is_string()) return fault(client, its + "no text");
  client.address = view(value.get_string());
  if (is_template(client.address)) {
    fault(client, its + "the template `" + escaped(client.address, kShown) +
                      "`, which only a play resolves");
  } else if (!is_client_address(client.address)) {
    fault(client,
          its + "`" + escaped(client.address, kShown) + "`, which is no host name or IP address");
  }
}

std::string number_text(double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

std::optional<std::string> Reader::label_value(std::string_view variable,
                                               const json::value& given) {
  const json::value* value = &given;
  bool literal = false;
  if (given.is_object()) {
    const json::object& map = given.get_object();
    if (is_secret(variable) || map.contains(kVaulted)) {
      left_out_.add(Left::secret, variable);
      return std::nullopt;
    }
    const json::value* text = map.if_contains(kUnsafe);
    literal = map.size() == 1 && text != nullptr && text->is_string();
    if (literal) value = text;
  }
  const bool named = is_label_key(variable) && variable != "name" && variable != "address" &&
                     !variable.starts_with(kGroupPrefix);
  std::optional<Left> why;
  std::string text;
  if (value->is_null()) return std::nullopt;
  if (is_secret(variable)) {
    why = Left::secret;
  } else if (value->is_structured()) {
    why = Left::structure;
  } else if (!named) {
    why = Left::name;
  } else if (value->is_string()) {
    text = view(value->get_string());
    if (!literal && is_template(text)) why = Left::unresolved;
    if (!is_label_value(text)) why = Left::value;
  } else if (value->is_bool()) {
    text = value->get_bool() ? "true" : "false";
  } else {
    text = value->is_double()  ? number_text(value->get_double())
           : value->is_int64() ? std::to_string(value->get_int64())
                               : std::to_string(value->get_uint64());
  }
  if (!why) return text;
  left_out_.add(*why, variable);
  return std::nullopt;
}

// Labels got their numbers as they came; the listing has them sorted.
std::optional<Error> Reader::number_labels() {
  if (columns_.size() > kMostListedLabels ||
      columns_.size() * listing_.clients.size() > kMostListedCells) {
    return malformed("its " + with_separators(listing_.clients.size()) + " hosts have " +
                     with_separators(columns_.size()) +
                     " variables and groups, which are too many labels; name those that are "
                     "needed in `variables`");
  }
  std::vector<std::uint32_t> place(columns_.size());
  for (const auto& [name, number] : columns_) {
    place[number] = static_cast<std::uint32_t>(listing_.labels.size());
    listing_.labels.push_back(name);
  }
  for (ListedClient& client : listing_.clients) {
    for (auto& [column, value] : client.labels) column = place[column];
  }
  return std::nullopt;
}

}  // namespace

Result<Listing> read_host_list(std::string_view text, const std::vector<std::string>& wanted) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kDepth;
  const json::value parsed =
      json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) {
    const std::string_view begin = trim(text.substr(0, 2 * kShown));
    return malformed(begin.empty() ? std::string("it printed nothing")
                                   : "what it printed is no JSON (" + error.message() +
                                         "); it begins with `" + escaped(begin, kShown) + "`");
  }
  if (const auto key = repeated_key(text, kDepth)) {
    return malformed("the JSON that it printed has `" + escaped(*key, kShown) +
                     "` twice in one map, and one of them would be lost");
  }
  if (!parsed.is_object()) return malformed("the JSON that it printed is no map of groups");
  return Reader(parsed.get_object(), wanted).read();
}

}  // namespace sitewide
