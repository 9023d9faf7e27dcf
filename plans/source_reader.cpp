#include <algorithm>

#include "orchestrator/base/text.h"
#include "orchestrator/base/url.h"
#include "plans/readers.h"

namespace sitewide {
namespace {

constexpr std::string_view kPlain = "ldap://";
constexpr std::string_view kSecure = "ldaps://";
constexpr std::size_t kShown = 200;

/// What keeps ansible-inventory from calling a list complete that is not, and from refusing to
/// start where no locale is set.
std::map<std::string, std::string> ansible_environment() {
  return {{"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED", "1"},
          {"ANSIBLE_INVENTORY_UNPARSED_FAILED", "1"},
          {"ANSIBLE_NOCOLOR", "1"},
          {"LC_ALL", "C.UTF-8"}};
}

void read_labels(const Values& values, InventorySource& source, Reading& reading) {
  for (const Entry& label : values.entries("labels")) {
    if (label.key == "name" || label.key == "address") {
      reading.error(label.place, "`" + label.key + "` cannot be a label",
                    "it differs from client to client");
    } else if (label.value.is_scalar()) {
      source.labels.emplace_back(label.key, label.value.text);
    }
  }
}

void check_url(const Values& values, Reading& reading) {
  const std::string url = values.text("url").value_or("");
  const bool plain = url.starts_with(kPlain);
  if (!plain && !url.starts_with(kSecure)) {
    return reading.error(values.place("url"), "expected an address of a directory",
                         "it begins with `ldaps://`, or with `ldap://`");
  }
  const std::string rest = url.substr((plain ? kPlain : kSecure).size());
  const auto parsed = parse_url("http://" + rest);
  if (!parsed) {
    reading.error(values.place("url"), "the address of the directory: " + parsed.error().message);
  } else if (parsed->target != "/") {
    reading.error(values.place("url"), "the address of a directory ends with host and port",
                  "`base`, `scope` and `filter` are keys of their own");
  }
}

void check_security(const Values& values, const LdapSearch& ldap, Reading& reading) {
  const bool secure = ldap.url.starts_with(kSecure);
  if (secure && ldap.start_tls) {
    reading.error(values.place("start_tls"), "`start_tls` has no place beside `ldaps://`",
                  "it is secure from the first byte; delete `start_tls`");
  }
  if (!ldap.is_secure() && !ldap.ca_file.empty()) {
    reading.error(values.place("ca_file"), "`ca_file` means nothing over `ldap://`",
                  "use `ldaps://`, or add `start_tls: true`");
  }
  const Values bind = values.section("bind");
  if (!ldap.is_secure() && ldap.password.is_given()) {
    reading.error(bind.place("password"), "the password would go over the network unprotected",
                  "use `ldaps://`, or add `start_tls: true`");
  }
}

bool is_attribute(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == ';' || c == '_';
  });
}

void read_attributes(const Values& values, InventorySource& source, Reading& reading) {
  bool has_name = false;
  for (const Entry& entry : values.entries("attributes")) {
    if (!entry.value.is_scalar()) continue;
    const std::string& attribute = entry.value.text;
    has_name = has_name || entry.key == "name";
    if (!is_label_key(entry.key)) {
      reading.error(entry.place, "`" + escaped(entry.key, kShown) + "` cannot be a label",
                    "a letter, then letters, digits, `.`, `_` and `-`");
      continue;
    }
    if (!is_attribute(attribute)) {
      reading.error(entry.value.place,
                    "`" + escaped(attribute, kShown) + "` is not the name of an attribute",
                    "names such as cn or dNSHostName");
      continue;
    }
    source.attributes[entry.key] = attribute;
    auto& asked = source.ldap.attributes;
    if (std::find(asked.begin(), asked.end(), attribute) == asked.end()) asked.push_back(attribute);
  }
  if (values.has("attributes") && !has_name) {
    reading.error(values.place("attributes"), "no attribute is to be the client's `name`",
                  "write `attributes: {name: cn, address: dNSHostName}`");
  }
}

void read_ldap(const Values& values, InventorySource& source, Reading& reading) {
  LdapSearch& ldap = source.ldap;
  assign(ldap.url, values.text("url"));
  if (ldap.url.empty()) return;
  assign(ldap.base, values.text("base"));
  assign(ldap.filter, values.text("filter"));
  const std::string scope = values.text("scope").value_or("subtree");
  ldap.scope = scope == "base"  ? LdapSearch::Scope::base
               : scope == "one" ? LdapSearch::Scope::one
                                : LdapSearch::Scope::subtree;
  ldap.ca_file = reading.absolute(values.text("ca_file").value_or(""));
  assign(ldap.start_tls, values.flag("start_tls"));
  assign(ldap.page_size, values.number("page_size"));
  const Values bind = values.section("bind");
  assign(ldap.bind_dn, bind.text("dn"));
  ldap.password = read_secret(bind.find("password"), reading);
  check_url(values, reading);
  check_security(values, ldap, reading);
  read_attributes(values, source, reading);
  source.name = "ldap " + escaped(ldap.url, kShown);
}

void read_asked(const Values& values, InventorySource& source, Reading& reading) {
  ListProgram& program = source.program;
  if (const auto file = values.text("ansible")) {
    source.place = values.place("ansible");
    program.argv = {"ansible-inventory", "-i", reading.absolute(*file), "--list"};
    program.environment = ansible_environment();
    source.name = "ansible " + escaped(*file, kShown);
  } else if (const Argv argv = values.argv("command"); !argv.empty()) {
    source.place = values.key_place("command");
    program.argv = argv;
    put_beside_plan(program.argv, reading);
    source.name = "command " + escaped(argv.front(), kShown);
  } else if (values.find("ldap") != nullptr) {
    source.place = values.key_place("ldap");
    read_ldap(values.section("ldap"), source, reading);
  }
  program.folder = reading.folder;
  for (const Text& variable : values.list("variables")) source.variables.push_back(variable.value);
  if (const auto within = values.duration("within")) program.within = source.ldap.within = *within;
}

/// Keys that only sources have that are asked.
void check_misfits(const Values& values, const InventorySource& source, Reading& reading) {
  if (!source.is_asked() && values.has("within")) {
    reading.error(values.key_place("within"), "`within` means nothing to this source",
                  "it is for `ansible`, `command` and `ldap`, which have to answer in time");
  }
  if (source.program.argv.empty() && values.has("variables")) {
    reading.error(values.key_place("variables"), "`variables` means nothing to this source",
                  "it is for `ansible` and `command`, whose hosts have variables");
  }
}

}  // namespace

std::vector<InventorySource> read_sources(const std::vector<Node>& items, Reading& reading) {
  std::vector<InventorySource> sources;
  std::uint16_t files = 0;
  for (const Node& item : items) {
    const Values values(&item);
    InventorySource source;
    source.place = item.place;
    if (const auto file = values.text("file")) {
      source.place = values.place("file");
      source.file = reading.absolute(*file);
      source.number = ++files;
    }
    for (const Text& text : values.list("hosts")) source.hosts.push_back({text.value, text.place});
    read_asked(values, source, reading);
    read_labels(values, source, reading);
    assign(source.merge, values.flag("merge"));
    check_misfits(values, source, reading);
    if (source.merge && sources.empty()) {
      reading.error(values.key_place("merge"), "there is no source before this one to merge with",
                    "`merge: true` belongs to a later source");
    }
    if (!source.file.empty() || !source.hosts.empty() || source.is_asked())
      sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace sitewide
