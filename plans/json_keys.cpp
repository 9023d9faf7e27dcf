#include "plans/json_keys.h"

#include <boost/json/basic_parser_impl.hpp>
#include <set>
#include <vector>

namespace sitewide {
namespace {

namespace json = boost::json;
using Code = json::error_code;

/// Keeps the keys of the maps that are open; every value passes by.
struct Keys {
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, Code&) {
    open.pop_back();
    return true;
  }
  bool on_array_begin(Code&) { return true; }
  bool on_array_end(std::size_t, Code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, Code&) {
    key.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, Code& error) {
    key.append(part.data(), part.size());
    if (!open.back().insert(key).second) {
      repeated = key;
      error = json::error::syntax;  // there is no need to read on
      return false;
    }
    key.clear();
    return true;
  }
  bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
  bool on_string(json::string_view, std::size_t, Code&) { return true; }
  bool on_number_part(json::string_view, Code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, Code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, Code&) { return true; }
  bool on_double(double, json::string_view, Code&) { return true; }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(json::string_view, Code&) { return true; }
  bool on_comment(json::string_view, Code&) { return true; }

  std::vector<std::set<std::string>> open;
  std::string key;
  std::optional<std::string> repeated;
};

}  // namespace

std::optional<std::string> repeated_key(std::string_view text, std::size_t most_depth) {
  json::parse_options options;
  options.max_depth = most_depth;
  json::basic_parser<Keys> parser(options);
  Code error;
  parser.write_some(false, text.data(), text.size(), error);
  return parser.handler().repeated;
}

}  // namespace sitewide
