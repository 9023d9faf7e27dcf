#include "plans/shape.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "orchestrator/base/text.h"
#include "orchestrator/base/url.h"

namespace sitewide {
namespace {

constexpr std::size_t kShownText = 60;
constexpr std::string_view kSecretWords[] = {"passw", "passphrase", "secret", "token", "pwd"};

std::string quoted(std::string_view text) { return "`" + escaped(text, kShownText) + "`"; }

std::string found(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::refused:
    case Node::Kind::scalar:
      break;
  }
  if (yaml_type(node) == YamlType::null) return "nothing";
  if (node.text.empty()) return "an empty text";
  return (node.quoted ? "the text " : "") + quoted(node.text);
}

bool is_over_hundred(std::string_view text) {
  if (!text.ends_with('%')) return false;
  return parse_number(text.substr(0, text.size() - 1), UINT64_MAX).value_or(0) > 100;
}

std::string listed(Words words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

/// Whether a key that nobody knows looks as if its value were a secret.
bool names_secret(std::string_view key) {
  constexpr std::string_view kPassword[] = {"password"};
  const std::string name = to_lower(key);
  const bool is_named =
      std::any_of(std::begin(kSecretWords), std::end(kSecretWords),
                  [&](std::string_view word) { return name.find(word) != std::string::npos; });
  return is_named || !nearest(name, kPassword).empty();
}

class Checker {
 public:
  explicit Checker(Problems& problems) : problems_(problems) {}

  void section(const Node& node, const Section& section) {
    if (node.kind == Node::Kind::refused) return;
    if (!node.is_map())
      return mismatch(node,
                      "a map with keys such as `" + std::string(section.keys.front().name) + "`");
    for (const Entry& entry : node.entries) {
      if (const Key* key = section.find(entry.key)) {
        value(entry.value, *key);
      } else {
        unknown(entry, section);
      }
    }
    missing(node, section);
    choices(node, section);
    for (const Variant& variant : section.variants) this->variant(node, section, variant);
  }

  // What may be a secret is never said; people write it where its place is to be named.
  void value(const Node& node, const Key& key) {
    const bool is_secret = key.section == &secret_section();
    const bool before = std::exchange(near_secret_, near_secret_ || is_secret);
    value_of(node, key);
    near_secret_ = before;
  }

 private:
  void value_of(const Node& node, const Key& key) {
    if (node.kind == Node::Kind::refused) return;
    switch (key.form) {
      case Form::scalar:
        return scalar(node, key);
      case Form::list:
        return list(node, key);
      case Form::map:
        return map(node, key);
      case Form::section:
        return section(node, *key.section);
      case Form::section_list:
        return section_list(node, key);
      case Form::section_map:
        return section_map(node, key);
      case Form::word_or_section:
        if (node.is_scalar()) return scalar(node, word_key(key));
        return section(node, *key.section);
      case Form::scalar_or_section:
        if (!node.is_map()) return scalar(node, key);
        return section(node, *key.section);
      case Form::scalar_or_section_map:
        return scalar_or_section_map(node, key);
      case Form::nothing:
        return nothing(node, key);
    }
  }

  void nothing(const Node& node, const Key& key) {
    if (node.is_map() && node.entries.empty()) return;
    mismatch(node, "`{}`", "write `" + std::string(key.name) + ": {}`; it has no keys of its own");
  }

  static Key word_key(Key key) {
    key.scalar = Scalar::word;
    return key;
  }

  void scalar(const Node& node, const Key& key) {
    if (node.kind == Node::Kind::refused || is_well_formed(node, key)) return;
    if (node.is_scalar() && key.scalar == Scalar::word) return word(node, key);
    if (node.is_scalar() && key.scalar == Scalar::url) return url(node, key);
    const ScalarRule& rule = rule_of(key.scalar);
    std::string help;
    if (node.is_scalar() && is_over_hundred(node.text)) {
      return add(node.place, quoted(node.text) + " is more than 100%", "");
    }
    if (node.is_scalar() && rule.accepts(node.text)) {
      const std::string text = near_secret_ ? "…" : escaped(node.text, kShownText);
      help = rule.string ? "write it in quotes: \"" + text + "\"" : "write it without quotes";
    } else if (node.is_scalar() && rule.boolean) {
      help = "yes, no, on and off are texts to YAML";
    } else if (node.is_scalar() && node.text.find('\\') != std::string::npos) {
      help = "mount the share or drive, and write its path with `/`";
    }
    mismatch(node, std::string(rule.expected), std::move(help));
  }

  // A URL that is refused may hold a password, so it is not shown.
  void url(const Node& node, const Key& key) {
    const auto read = parse_url(node.text);
    const std::string why = read ? "write it in quotes" : read.error().message;
    add(node.place, "expected " + std::string(rule_of(key.scalar).expected), why);
    problems_.back().near_secret = true;
  }

  void word(const Node& node, const Key& key) {
    const auto& later = key.later_words;
    if (std::find(later.begin(), later.end(), node.text) != later.end()) {
      return add(node.place, quoted(node.text) + " is not in this version",
                 "this version knows: " + listed(key.words));
    }
    const std::string_view near = nearest(node.text, key.words);
    const std::string help = near.empty() ? "" : "did you mean `" + std::string(near) + "`?";
    mismatch(node, "one of: " + listed(key.words), help);
  }

  void list(const Node& node, const Key& key) {
    if (!node.is_list()) {
      const bool one = node.is_scalar() && yaml_type(node) != YamlType::null;
      return mismatch(node, "a list", one ? "write [" + escaped(node.text, kShownText) + "]" : "");
    }
    if (node.items.empty() && !key.may_be_empty) return empty(node, "list");
    for (const Node& item : node.items) scalar(item, key);
  }

  void map(const Node& node, const Key& key) {
    if (!node.is_map()) return mismatch(node, "a map of names to values");
    if (node.entries.empty()) return empty(node, "map");
    const bool labels = key.scalar == Scalar::label_value;
    for (const Entry& entry : node.entries) {
      name(entry, labels ? Scalar::label_key : Scalar::name);
      scalar(entry.value, key);
    }
  }

  void section_list(const Node& node, const Key& key) {
    if (!node.is_list()) return mismatch(node, "a list, each item beginning with `- `");
    if (node.items.empty() && !key.may_be_empty) return empty(node, "list");
    for (const Node& item : node.items) section(item, *key.section);
  }

  void section_map(const Node& node, const Key& key) {
    if (!node.is_map()) return mismatch(node, "a map of names, each with its own keys below");
    if (node.entries.empty()) return empty(node, "map");
    for (const Entry& entry : node.entries) {
      name(entry, key.section->map_key);
      section(entry.value, *key.section);
    }
  }

  void scalar_or_section_map(const Node& node, const Key& key) {
    if (!node.is_map()) return mismatch(node, "a map of names to values");
    if (node.entries.empty()) return empty(node, "map");
    Key one = key;
    one.form = Form::scalar_or_section;
    for (const Entry& entry : node.entries) {
      name(entry, key.section->map_key);
      value(entry.value, one);
    }
  }

  void name(const Entry& entry, Scalar grammar) {
    if (rule_of(grammar).accepts(entry.key)) return;
    add(entry.place,
        "expected " + std::string(rule_of(grammar).expected) + ", found " + quoted(entry.key), "");
  }

  void unknown(const Entry& entry, const Section& section) {
    for (const LaterKey& later : section.later) {
      if (later.name != entry.key) continue;
      return add(entry.place, quoted(entry.key) + " is not in this version",
                 std::string(later.instead));
    }
    std::vector<std::string_view> names;
    for (const Key& key : section.keys) names.push_back(key.name);
    add(entry.place, "unknown key " + quoted(entry.key) + " in " + std::string(section.noun),
        suggestion(entry.key, names, std::string(section.noun) + " keys"));
    if (names_secret(entry.key)) problems_.back().near_secret = true;
  }

  void missing(const Node& node, const Section& section) {
    for (const Key& key : section.keys) {
      if (!key.required || node.find(key.name) != nullptr || is_misspelt(node, section, key.name))
        continue;
      add(node.place, "missing key `" + std::string(key.name) + "` in " + std::string(section.noun),
          help_on(key));
    }
  }

  void choices(const Node& node, const Section& section) {
    std::vector<std::string_view> names;
    const Entry* first = nullptr;
    for (const Key& key : section.keys) {
      if (key.choice) names.push_back(key.name);
    }
    if (names.empty()) return;
    for (const Entry& entry : node.entries) {
      // An unknown key is said to be one already; it is likely what was meant.
      if (section.find(entry.key) == nullptr) return;
      if (std::find(names.begin(), names.end(), entry.key) == names.end()) continue;
      if (first != nullptr) {
        problems_.push_back({Problem::Severity::error, entry.place,
                             "`" + entry.key + "` and `" + first->key + "` exclude each other",
                             "keep one, or write two items", first->place, "the other one"});
      }
      first = &entry;
    }
    if (first != nullptr) return;
    add(node.place, "this " + std::string(section.noun) + " needs one of: " + listed(names), "");
  }

  void variant(const Node& node, const Section& section, const Variant& variant) {
    const Node* value = node.find(variant.key);
    if (value == nullptr || !value->is_scalar() || value->text != variant.word) return;
    const std::string word =
        "`" + std::string(variant.key) + ": " + std::string(variant.word) + "`";
    for (const std::string_view name : variant.required) {
      if (node.find(name) != nullptr || is_misspelt(node, section, name)) continue;
      add(value->place, word + " needs `" + std::string(name) + "`", help_on(*section.find(name)));
    }
    for (const Entry& entry : node.entries) {
      for (const Misfit& misfit : variant.misfits) {
        if (misfit.key != entry.key) continue;
        add(entry.place, "`" + entry.key + "` means nothing to " + word,
            std::string(misfit.reason));
      }
    }
  }

  static std::string help_on(const Key& key) {
    return std::string(key.description.substr(0, key.description.find_last_not_of('.') + 1));
  }

  /// True when an unknown key looks like `name`: then what is missing has been said.
  static bool is_misspelt(const Node& node, const Section& section, std::string_view name) {
    return std::any_of(node.entries.begin(), node.entries.end(), [&](const Entry& entry) {
      return section.find(entry.key) == nullptr && !nearest(entry.key, Words(&name, 1)).empty();
    });
  }

  void empty(const Node& node, std::string_view what) {
    add(node.place, "the " + std::string(what) + " is empty", "fill it, or delete its key");
  }
  void mismatch(const Node& node, std::string_view expected, std::string help = {}) {
    const bool is_hidden = near_secret_ && node.is_scalar() && !node.text.empty();
    const std::string what = is_hidden ? "another text" : found(node);
    add(node.place, "expected " + std::string(expected) + ", found " + what, std::move(help));
  }
  void add(const Place& place, std::string message, std::string help) {
    problems_.push_back({Problem::Severity::error,
                         place,
                         std::move(message),
                         std::move(help),
                         {},
                         {},
                         near_secret_});
  }

  Problems& problems_;
  bool near_secret_ = false;
};

}  // namespace

void check_shape(const Node& node, const Section& section, Problems& problems) {
  Checker(problems).section(node, section);
}

bool is_well_formed(const Node& node, const Key& key) {
  if (!node.is_scalar()) return false;
  const ScalarRule& rule = rule_of(key.scalar);
  if (key.scalar == Scalar::word) {
    return yaml_type(node) == YamlType::string &&
           std::find(key.words.begin(), key.words.end(), node.text) != key.words.end();
  }
  switch (yaml_type(node)) {
    case YamlType::null:
      return false;
    case YamlType::boolean:
      if (!rule.boolean) return false;
      break;
    case YamlType::integer:
      if (!rule.integer) return false;
      break;
    case YamlType::real:
      if (!rule.real) return false;
      break;
    case YamlType::string:
      if (!rule.string) return false;
      break;
  }
  return rule.accepts(node.text);
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates,
                       std::string_view noun) {
  const std::string_view near = nearest(word, candidates);
  if (!near.empty()) return "a similar name exists: `" + std::string(near) + "`";
  if (candidates.empty()) return {};
  return std::string(noun) + " are: " + escaped(listed(candidates), 300);
}

}  // namespace sitewide
