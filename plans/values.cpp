#include "plans/values.h"

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

const Node* find_in(const Node* node, std::string_view key) {
  if (node == nullptr || !node->is_map()) return nullptr;
  return node->find(key);
}

}  // namespace

const Node* Values::find(std::string_view key) const {
  const Node* own = find_in(own_, key);
  return own != nullptr ? own : find_in(shared_, key);
}

Values Values::section(std::string_view key) const {
  return Values(find_in(own_, key), find_in(shared_, key));
}

Place Values::place(std::string_view key) const {
  const Node* node = find(key);
  return node != nullptr ? node->place : place();
}

Place Values::key_place(std::string_view key) const {
  for (const Node* node : {own_, shared_}) {
    if (node == nullptr) continue;
    for (const Entry& entry : node->entries) {
      if (entry.key == key) return entry.place;
    }
  }
  return place();
}

const Node* Values::scalar(std::string_view key) const {
  const Node* node = find(key);
  return node != nullptr && node->is_scalar() ? node : nullptr;
}

std::optional<std::string> Values::text(std::string_view key) const {
  const Node* node = scalar(key);
  if (node == nullptr || (yaml_type(*node) == YamlType::null)) return std::nullopt;
  return node->text;
}

std::optional<Duration> Values::duration(std::string_view key) const {
  const Node* node = scalar(key);
  if (node == nullptr || !rule_of(Scalar::duration).accepts(node->text)) return std::nullopt;
  return parse_duration(node->text);
}

std::optional<std::uint32_t> Values::number(std::string_view key) const {
  const Node* node = scalar(key);
  const auto number = node == nullptr ? std::nullopt : parse_number(node->text, 1'000'000'000);
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::optional<bool> Values::flag(std::string_view key) const {
  const Node* node = scalar(key);
  if (node == nullptr || !rule_of(Scalar::flag).accepts(node->text)) return std::nullopt;
  return equals_ignoring_case(node->text, "true");
}

std::optional<Count> Values::count(std::string_view key) const {
  const Node* node = scalar(key);
  return node == nullptr ? std::nullopt : parse_count(node->text);
}

std::vector<Text> Values::list(std::string_view key) const {
  std::vector<Text> texts;
  for (const Node& item : items(key)) {
    if (item.is_scalar()) texts.push_back({item.text, item.place});
  }
  return texts;
}

Argv Values::argv(std::string_view key) const {
  Argv argv;
  for (Text& text : list(key)) argv.push_back(std::move(text.value));
  return argv;
}

const std::vector<Node>& Values::items(std::string_view key) const {
  static const std::vector<Node> kNone;
  const Node* node = find(key);
  return node != nullptr && node->is_list() ? node->items : kNone;
}

const std::vector<Entry>& Values::entries(std::string_view key) const {
  static const std::vector<Entry> kNone;
  const Node* node = find(key);
  return node != nullptr && node->is_map() ? node->entries : kNone;
}

}  // namespace sitewide
