#include "adapters/sms/manifest.h"

#include <boost/json.hpp>
#include <utility>

#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

namespace json = boost::json;

constexpr std::int64_t kFormat = 1;

/// Reads fields one by one and remembers whether all of them were there and of the right type.
class Reader {
 public:
  explicit Reader(const json::object& object) : object_(object) {}

  const json::value* field(std::string_view name) {
    const json::value* value = object_.if_contains(name);
    if (value == nullptr) good_ = false;
    return value;
  }
  std::string text(std::string_view name) {
    const json::value* value = field(name);
    if (value != nullptr && value->is_string())
      return std::string(value->get_string().c_str(), value->get_string().size());
    good_ = false;
    return {};
  }
  std::optional<std::string> text_or_null(std::string_view name) {
    const json::value* value = field(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return text(name);
  }
  std::uint64_t number(std::string_view name) {
    const json::value* value = field(name);
    json::error_code error;
    const auto number = value == nullptr ? 0 : value->to_number<std::uint64_t>(error);
    if (error) good_ = false;
    return number;
  }
  bool flag(std::string_view name) {
    const json::value* value = field(name);
    if (value != nullptr && value->is_bool()) return value->get_bool();
    good_ = false;
    return false;
  }
  Digest digest(std::string_view name) {
    const auto digest = Digest::parse(text(name));
    if (!digest) good_ = false;
    return digest.value_or(Digest());
  }
  Timestamp time(std::string_view name) {
    const auto time = parse_timestamp(text(name));
    if (!time) good_ = false;
    return time.value_or(Timestamp());
  }
  void fail() { good_ = false; }
  bool good() const { return good_; }

 private:
  const json::object& object_;
  bool good_ = true;
};

json::value encode_file(const FileRecord& file) {
  json::object object{{"path", file.path}, {"hotfix", file.hotfix.hex()}};
  if (!file.original) {
    object["digest"] = nullptr;
    return object;
  }
  object["digest"] = file.original->digest.hex();
  object["size"] = file.original->size;
  object["modified"] = format_timestamp(file.original->modified);
  return object;
}

json::array encode_files(const std::vector<FileRecord>& files) {
  json::array array;
  for (const FileRecord& file : files) array.push_back(encode_file(file));
  return array;
}

std::vector<FileRecord> decode_files(Reader& reader) {
  std::vector<FileRecord> files;
  const json::value* array = reader.field("files");
  if (array == nullptr || !array->is_array()) return reader.fail(), files;
  for (const json::value& element : array->get_array()) {
    if (!element.is_object()) return reader.fail(), files;
    Reader fields(element.get_object());
    FileRecord record{fields.text("path"), fields.digest("hotfix"), std::nullopt};
    if (fields.text_or_null("digest")) {
      record.original =
          FileState{fields.digest("digest"), fields.number("size"), fields.time("modified")};
    }
    if (!fields.good()) reader.fail();
    files.push_back(std::move(record));
  }
  return files;
}

Error unreadable(std::string_view kind) {
  return {ErrorKind::internal, "the record of the " + std::string(kind) + " cannot be read"};
}

/// The text's object when it is one of our format and of this kind.
Result<json::object> open(std::string_view text, std::string_view kind) {
  json::parse_options options;
  options.allow_invalid_utf8 =
      true;  // paths come from Sms.ini, in whatever code page the client uses
  json::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error || !value.is_object()) return unreadable(kind);
  Reader reader(value.get_object());
  if (reader.number("format") != kFormat || reader.text("kind") != kind) return unreadable(kind);
  return std::move(value.get_object());
}

json::object begin(std::string_view kind) {
  return {{"format", kFormat}, {"kind", json::string_view(kind.data(), kind.size())}};
}

}  // namespace

std::string encode(const SiteManifest& manifest) {
  json::object object = begin("site");
  object["files"] = encode_files(manifest.files);
  return json::serialize(object);
}

std::string encode(const ClientManifest& manifest) {
  json::object object = begin("client");
  object["at"] = format_timestamp(manifest.at);
  object["sms_ini"] = manifest.ini_path;
  object["sms_ini_digest"] = manifest.ini_digest.hex();
  object["setup_phase"] = nullptr;
  if (manifest.setup_phase) object["setup_phase"] = *manifest.setup_phase;
  object["copy_list_version"] = manifest.copy_list_version;
  object["files"] = encode_files(manifest.files);
  return json::serialize(object);
}

std::string encode(const ForceRecord& record) {
  json::object servers;
  for (const auto& [server, lists] : record.versions) {
    json::object versions;
    for (const auto& [list, version] : lists) versions[list] = version;
    servers[server] = std::move(versions);
  }
  json::object object = begin("force");
  object["stamp"] = format_timestamp(record.stamp);
  object["digest"] = record.digest.hex();
  if (record.edited) object["edited"] = record.edited->hex();
  object["versions"] = std::move(servers);
  return json::serialize(object);
}

std::string encode(const SettingsRecord& record) {
  json::array parts;
  for (const SettingRecord& part : record.parts) {
    parts.push_back(json::object{{"there", part.there},
                                 {"value", part.value},
                                 {"type", part.type},
                                 {"section_there", part.section_there}});
  }
  json::object object = begin("settings");
  object["parts"] = std::move(parts);
  return json::serialize(object);
}

Result<SettingsRecord> decode_settings_record(std::string_view text) {
  const auto object = open(text, "settings");
  if (!object) return object.error();
  Reader reader(*object);
  SettingsRecord record;
  const json::value* parts = reader.field("parts");
  if (!reader.good() || !parts->is_array()) return unreadable("settings");
  for (const json::value& element : parts->get_array()) {
    if (!element.is_object()) return unreadable("settings");
    Reader fields(element.get_object());
    record.parts.push_back({fields.flag("there"), fields.text("value"), fields.text("type"),
                            fields.flag("section_there")});
    if (!fields.good()) return unreadable("settings");
  }
  return record;
}

Result<SiteManifest> decode_site_manifest(std::string_view text) {
  const auto object = open(text, "site");
  if (!object) return object.error();
  Reader reader(*object);
  SiteManifest manifest{decode_files(reader)};
  if (!reader.good()) return unreadable("site");
  return manifest;
}

Result<ClientManifest> decode_client_manifest(std::string_view text) {
  const auto object = open(text, "client");
  if (!object) return object.error();
  Reader reader(*object);
  ClientManifest manifest;
  manifest.at = reader.time("at");
  manifest.ini_path = reader.text("sms_ini");
  manifest.ini_digest = reader.digest("sms_ini_digest");
  manifest.setup_phase = reader.text_or_null("setup_phase");
  manifest.copy_list_version = reader.text("copy_list_version");
  manifest.files = decode_files(reader);
  if (!reader.good()) return unreadable("client");
  return manifest;
}

Result<ForceRecord> decode_force_record(std::string_view text) {
  const auto object = open(text, "force");
  if (!object) return object.error();
  Reader reader(*object);
  ForceRecord record;
  record.stamp = reader.time("stamp");
  record.digest = reader.digest("digest");
  if (object->contains("edited")) record.edited = reader.digest("edited");
  const json::value* servers = reader.field("versions");
  if (!reader.good() || !servers->is_object()) return unreadable("force");
  for (const auto& [server, lists] : servers->get_object()) {
    if (!lists.is_object()) return unreadable("force");
    auto& versions = record.versions[std::string(server)];
    Reader fields(lists.get_object());
    for (const auto& list : lists.get_object())
      versions[std::string(list.key())] = fields.text(list.key());
    if (!fields.good()) return unreadable("force");
  }
  return record;
}

const FileRecord* find_record(const std::vector<FileRecord>& files, std::string_view path) {
  for (const FileRecord& file : files) {
    if (equals_ignoring_case(file.path, path)) return &file;
  }
  return nullptr;
}

}  // namespace sitewide::sms
