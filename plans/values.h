// Values: the typed values of a map whose shape was checked before. What is missing or was refused
// is absent here, and nothing is reported twice. Pure; borrows the document.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plans/document.h"
#include "plans/grammar.h"

namespace sitewide {

/// A value with its place.
struct Text {
  std::string value;
  Place place;
};

class Values {
 public:
  /// Keys of `own` win over those of `shared`; either may be null or no map.
  explicit Values(const Node* own, const Node* shared = nullptr) : own_(own), shared_(shared) {}

  bool has(std::string_view key) const { return find(key) != nullptr; }
  const Node* find(std::string_view key) const;
  /// The same keys one level down, own ones before shared ones.
  Values section(std::string_view key) const;
  /// Of the value, or of the whole map when there is no such key.
  Place place(std::string_view key) const;
  /// Of the key itself.
  Place key_place(std::string_view key) const;
  Place place() const {
    const Node* node = own_ != nullptr ? own_ : shared_;
    return node != nullptr ? node->place : Place{};
  }

  std::optional<std::string> text(std::string_view key) const;
  std::optional<Duration> duration(std::string_view key) const;
  std::optional<std::uint32_t> number(std::string_view key) const;
  std::optional<bool> flag(std::string_view key) const;
  std::optional<Count> count(std::string_view key) const;
  /// The elements of a list; none when there is no list.
  std::vector<Text> list(std::string_view key) const;
  Argv argv(std::string_view key) const;
  const std::vector<Node>& items(std::string_view key) const;
  const std::vector<Entry>& entries(std::string_view key) const;

 private:
  const Node* scalar(std::string_view key) const;

  const Node* own_;
  const Node* shared_;
};

/// `target` becomes `value` if there is one.
template <class Target, class Value>
bool assign(Target& target, const std::optional<Value>& value) {
  if (value) target = *value;
  return value.has_value();
}

}  // namespace sitewide
