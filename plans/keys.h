// Keys: every key of the plan language, once. The loader's checks (plans/shape.h) and the JSON
// Schema (plans/schema.h) both come from these tables, and a test compares plans/README.md with
// them. Constant data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "plans/grammar.h"

namespace sitewide {

struct Section;
using Words = std::span<const std::string_view>;

/// How values are put together.
enum class Form : std::uint8_t {
  scalar,                 ///< one value
  list,                   ///< a list of values, not empty
  map,                    ///< names → values
  section,                ///< a map with fixed keys
  section_list,           ///< a list of such maps, not empty
  section_map,            ///< names → such maps, not empty
  word_or_section,        ///< one of `words`, or a map with fixed keys
  scalar_or_section,      ///< one value, or a map with fixed keys
  scalar_or_section_map,  ///< names → such, not empty
  nothing,                ///< a map without keys: `{}`
};

struct Key {
  std::string_view name;
  Form form = Form::scalar;
  Scalar scalar = Scalar::text;      ///< of the value, of the list's elements, of the map's values
  const Section* section = nullptr;  ///< for the section forms
  Words words = {};                  ///< for Scalar::word and word_or_section
  Words later_words = {};            ///< words of the contract that this version does not know yet
  bool required = false;
  bool choice = false;             ///< exactly one of a section's choices must be there
  std::string_view fallback = {};  ///< the default as JSON; empty: none, or not a single value
  std::string_view description = {};
  bool may_be_empty = false;  ///< a list without elements says something too
};

/// A key of the contract that this version does not have yet.
struct LaterKey {
  std::string_view name;
  std::string_view instead;  ///< what to do now; may be empty
};

/// A key that has no place beside some value of another key.
struct Misfit {
  std::string_view key;
  std::string_view reason;
};

/// What a section must and must not hold when `key` is `word`.
struct Variant {
  std::string_view key;
  std::string_view word;
  Words required = {};
  std::span<const Misfit> misfits = {};
};

struct Section {
  std::string_view noun;  ///< `group`, as in "unknown key `x` in group"
  std::string_view description = {};
  std::span<const Key> keys;
  std::span<const LaterKey> later;
  Scalar map_key = Scalar::name;  ///< grammar of the names in a section_map of this section
  std::span<const Variant> variants = {};

  const Key* find(std::string_view name) const;
};

/// The whole plan.
const Section& plan_section();
/// A site, one element of `inventory`, and a transport.
const Section& site_section();
const Section& inventory_section();
const Section& transport_section();
/// One element of `site_steps` and of `client_steps`.
const Section& site_step_section();
const Section& client_step_section();
/// How a site's services and its reset are run, and a client's registry is handled.
const Section& services_section();
const Section& site_reset_section();
const Section& registry_section();
/// Where a secret is, and one element of `notify`.
const Section& secret_section();
const Section& notify_section();
/// When triggers and forces may start.
const Section& window_section();
/// The gates that ask.
const Section& check_gate_section();
const Section& http_gate_section();
const Section& prometheus_gate_section();
/// A group, and the keys of it that `defaults:` may hold.
const Section& group_section();
const Section& defaults_section();
/// One catalogue entry.
const Section& catalogue_section();

}  // namespace sitewide
