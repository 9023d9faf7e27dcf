#include "plans/schema.h"

#include <string_view>

#include "plans/json_text.h"
#include "plans/keys.h"

namespace sitewide {
namespace {

/// Members of JSON objects, joined by commas.
class Members {
 public:
  void add(std::string_view name, std::string_view json) {
    if (!text_.empty()) text_ += ",";
    text_ += json_text(name) + ":" + std::string(json);
  }
  void add_raw(std::string_view members) {
    if (members.empty()) return;
    if (!text_.empty()) text_ += ",";
    text_ += members;
  }
  const std::string& text() const { return text_; }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string section_members(const Section& section);

std::string words_schema(Words words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ",") + json_text(word);
  return "\"enum\":[" + list + "]";
}

std::string scalar_members(Scalar scalar, Words words) {
  if (scalar == Scalar::word) return words_schema(words);
  return std::string(rule_of(scalar).schema);
}

std::string list_members(const std::string& item, bool may_be_empty = false) {
  return R"("type":"array",)" + std::string(may_be_empty ? "" : R"("minItems":1,)") +
         R"("items":{)" + item + "}";
}

std::string map_members(Scalar key, const std::string& value) {
  return R"("type":"object","minProperties":1,"propertyNames":{)" +
         std::string(rule_of(key).schema) + R"(},"additionalProperties":{)" + value + "}";
}

std::string scalar_or_section(const Key& key) {
  return R"("anyOf":[{)" + scalar_members(key.scalar, key.words) + "},{" +
         section_members(*key.section) + "}]";
}

std::string form_members(const Key& key) {
  std::string scalar = scalar_members(key.scalar, key.words);
  switch (key.form) {
    case Form::scalar:
      return scalar;
    case Form::list:
      return list_members(scalar, key.may_be_empty);
    case Form::map:
      return map_members(key.scalar == Scalar::label_value ? Scalar::label_key : Scalar::name,
                         scalar);
    case Form::section:
      return section_members(*key.section);
    case Form::section_list:
      return list_members(section_members(*key.section), key.may_be_empty);
    case Form::section_map:
      return map_members(key.section->map_key, section_members(*key.section));
    case Form::word_or_section:
      return R"("anyOf":[{)" + words_schema(key.words) + "},{" + section_members(*key.section) +
             "}]";
    case Form::scalar_or_section:
      return scalar_or_section(key);
    case Form::scalar_or_section_map:
      return map_members(key.section->map_key, scalar_or_section(key));
    case Form::nothing:
      return R"("type":"object","maxProperties":0)";
  }
  return {};
}

std::string variant_schema(const Variant& variant) {
  const std::string key = json_text(variant.key);
  std::string required;
  for (const std::string_view name : variant.required) {
    required += (required.empty() ? "" : ",") + json_text(name);
  }
  Members misfits;
  for (const Misfit& misfit : variant.misfits) misfits.add(misfit.key, "false");
  Members then;
  if (!required.empty()) then.add("required", "[" + required + "]");
  then.add("properties", misfits.object());
  Members schema;
  schema.add("if", R"({"required":[)" + key + R"(],"properties":{)" + key + R"(:{"const":)" +
                       json_text(variant.word) + "}}}");
  schema.add("then", then.object());
  return schema.object();
}

std::string section_members(const Section& section) {
  Members properties;
  std::string required;
  std::string choices;
  for (const Key& key : section.keys) {
    Members members;
    members.add("description", json_text(key.description));
    if (!key.fallback.empty()) members.add("default", key.fallback);
    members.add_raw(form_members(key));
    properties.add(key.name, members.object());
    if (key.required) required += (required.empty() ? "" : ",") + json_text(key.name);
    if (key.choice) {
      choices += (choices.empty() ? "" : ",") + ("{\"required\":[" + json_text(key.name) + "]}");
    }
  }
  Members members;
  members.add("type", "\"object\"");
  members.add("additionalProperties", "false");
  if (!required.empty()) members.add("required", "[" + required + "]");
  if (!choices.empty()) members.add("oneOf", "[" + choices + "]");
  members.add("properties", properties.object());
  std::string variants;
  for (const Variant& variant : section.variants) {
    variants += (variants.empty() ? "" : ",") + variant_schema(variant);
  }
  if (!variants.empty()) members.add("allOf", "[" + variants + "]");
  return members.text();
}

/// Indents JSON that was written without blanks.
std::string indented(std::string_view json) {
  std::string text;
  std::size_t depth = 0;
  bool in_string = false;
  const auto new_line = [&] { text += "\n" + std::string(2 * depth, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      text += c;
      if (c == '\\') text += json[++i];
      if (c == '"') in_string = false;
    } else if (c == '{' || c == '[') {
      text += c;
      ++depth;
      new_line();
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      text += c;
    } else {
      text += c;
      if (c == '"') in_string = true;
      if (c == ':') text += ' ';
      if (c == ',') new_line();
    }
  }
  return text + "\n";
}

}  // namespace

std::string plan_schema() {
  Members schema;
  schema.add("$schema", "\"http://json-schema.org/draft-07/schema#\"");
  schema.add("title", "\"Sitewide plan\"");
  schema.add("description", json_text(plan_section().description));
  schema.add_raw(section_members(plan_section()));
  return indented(schema.object());
}

}  // namespace sitewide
