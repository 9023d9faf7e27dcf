// The text is one JSON object whose bytes are fixed up to its content, so that the digest is that
// of the content's very bytes:
//
//   {"sitewide_preview":1,"sha256":"HEX","content":{…}}
#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/core/schedule_codec.h"
#include "orchestrator/preview/saved_preview.h"

namespace sitewide {
namespace {

namespace json = boost::json;

constexpr std::string_view kBegin = "{\"sitewide_preview\":";
constexpr std::string_view kHead = "{\"sitewide_preview\":1,\"sha256\":\"";
constexpr std::string_view kMiddle = "\",\"content\":";
constexpr std::string_view kEnd = "}\n";
constexpr std::size_t kHexDigits = 64;
constexpr std::size_t kDeepest = 8;
constexpr std::size_t kMostFiles = 100'000;
constexpr std::size_t kMostClients = 10'000'000;
constexpr std::size_t kMostPlanBytes = std::size_t{1} << 20;  // as the loader has it
constexpr std::size_t kMostWords = 4096;                      // of one path, place or reason

std::int64_t ms(Timestamp at) { return at.time_since_epoch().count(); }

json::object to_json(const SavedFile& file) {
  json::object object{{"place", to_utf8(file.place)}, {"path", to_utf8(file.path)}};
  if (!file.trouble.empty()) object["trouble"] = to_utf8(file.trouble);
  if (!file.present) return object;
  object["sha256"] = file.digest.hex();
  object["size"] = file.size;
  object["modified"] = ms(file.modified);
  return object;
}

// One letter a client that needs no words: there may be a million.
json::object to_json(const std::vector<SavedClient>& clients) {
  std::string standings;
  json::object why;
  for (std::size_t c = 0; c < clients.size(); ++c) {
    standings += static_cast<char>('0' + static_cast<int>(clients[c].standing));
    if (!clients[c].why.empty()) why[std::to_string(c)] = to_utf8(clients[c].why);
  }
  return {{"standing", standings}, {"why", std::move(why)}};
}

json::object to_json(const SavedPreview& preview) {
  json::array artifacts, files;
  for (const SavedArtifact& artifact : preview.artifacts) {
    artifacts.emplace_back(
        json::object{{"path", to_utf8(artifact.path)}, {"sha256", artifact.digest.hex()}});
  }
  for (const SavedFile& file : preview.files) files.emplace_back(to_json(file));
  json::object object{{"program", to_utf8(preview.program)},
                      {"at", ms(preview.at)},
                      {"only", to_utf8(preview.only)},
                      {"plan", to_utf8(preview.plan)},
                      {"schedule", encode_schedule(preview.schedule)},
                      {"inventory", preview.inventory.hex()},
                      {"catalogue", preview.catalogue.hex()},
                      {"artifacts", std::move(artifacts)},
                      {"files", std::move(files)}};
  if (preview.clients) object["clients"] = to_json(*preview.clients);
  return object;
}

// Looks into one object; remembers the first thing that is missing, of the wrong kind or too much.
class Reader {
 public:
  Reader(const json::object& object, std::string& problem) : object_(object), problem_(problem) {}

  const json::value* find(std::string_view key) {
    const json::value* value = object_.if_contains(key);
    ++seen_;
    if (value == nullptr) fail(key, "is missing");
    return value;
  }
  std::string text(std::string_view key, std::size_t most = kMostWords) {
    const json::value* value = find(key);
    if (value == nullptr) return {};
    if (!value->is_string()) return failed(key, "is not text", std::string());
    if (value->as_string().size() > most) return failed(key, "is too long", std::string());
    return std::string(value->as_string());
  }
  Digest digest(std::string_view key) {
    const auto read = Digest::parse(text(key));
    if (!read) fail(key, "is not a SHA-256");
    return read.value_or(Digest{});
  }
  std::int64_t number(std::string_view key, std::int64_t least, std::int64_t most) {
    const json::value* value = find(key);
    if (value == nullptr) return least;
    const std::int64_t* read = value->if_int64();
    if (read == nullptr || *read < least || *read > most)
      return failed(key, "is out of range", least);
    return *read;
  }
  Timestamp time(std::string_view key) {
    const std::int64_t farthest = ms(kNever) - 1;
    return Timestamp(Duration(number(key, -farthest, farthest)));
  }
  const json::array* list(std::string_view key, std::size_t most) {
    const json::value* value = find(key);
    const json::array* array = value == nullptr ? nullptr : value->if_array();
    if (array == nullptr) return failed(key, "is not a list", array);
    return array->size() <= most ? array : failed(key, "has too many entries", kNoList);
  }
  bool has(std::string_view key) const { return object_.if_contains(key) != nullptr; }
  /// Nothing else may be in it: a reader that skips what it does not know would run what nobody
  /// checked.
  void no_more() {
    if (problem_.empty() && object_.size() != seen_) problem_ = "it holds something unknown";
  }
  void fail(std::string_view key, std::string_view what) {
    if (problem_.empty()) problem_ = "`" + std::string(key) + "` " + std::string(what);
  }
  /// The same, with what is answered instead.
  template <class T>
  T failed(std::string_view key, std::string_view what, T instead) {
    fail(key, what);
    return instead;
  }

 private:
  static constexpr const json::array* kNoList = nullptr;
  const json::object& object_;
  std::string& problem_;
  std::size_t seen_ = 0;
};

template <class Read>
void each_object(const json::array* list, std::string& problem, const Read& read) {
  if (list == nullptr) return;
  for (const json::value& value : *list) {
    if (!problem.empty()) return;
    const json::object* object = value.if_object();
    if (object == nullptr) {
      problem = "an entry of a list is not an object";
      return;
    }
    Reader in(*object, problem);
    read(in);
    in.no_more();
  }
}

SavedFile read_file_of(Reader& in) {
  SavedFile file;
  file.place = in.text("place");
  file.path = in.text("path");
  if (in.has("trouble")) file.trouble = in.text("trouble");
  if (!in.has("sha256")) return file;
  file.present = true;
  file.digest = in.digest("sha256");
  file.size = static_cast<std::uint64_t>(in.number("size", 0, INT64_MAX));
  file.modified = in.time("modified");
  return file;
}

std::optional<std::size_t> index_from(std::string_view text, std::size_t size) {
  if (text.empty() || text.size() > 8 || (text.size() > 1 && text.front() == '0')) return {};
  std::size_t index = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return {};
    index = index * 10 + static_cast<std::size_t>(digit - '0');
  }
  return index < size ? std::optional(index) : std::nullopt;
}

std::vector<SavedClient> read_clients(Reader& in, std::string& problem) {
  std::vector<SavedClient> clients;
  for (const char letter : in.text("standing", kMostClients)) {
    const auto number = static_cast<std::size_t>(letter - '0');
    if (letter < '0' || number >= kClientStandings) {
      return in.failed("standing", "has an unknown letter", std::move(clients));
    }
    clients.push_back({static_cast<ClientStanding>(number), {}});
  }
  const json::value* why = in.find("why");
  if (why == nullptr || !why->is_object())
    return in.failed("why", "is not an object", std::move(clients));
  for (const auto& [key, value] : why->as_object()) {
    const auto index = index_from(key, clients.size());
    const bool good = index && value.is_string() && !value.as_string().empty() &&
                      value.as_string().size() <= kMostWords;
    if (!good) {
      problem = "`why` names no client";
      return clients;
    }
    clients[*index].why = std::string(value.as_string());
  }
  return clients;
}

void read_schedule(Reader& in, SavedPreview& preview) {
  auto schedule = decode_schedule(in.text("schedule", kMostPreviewBytes));
  if (schedule) {
    preview.schedule = std::move(*schedule);
  } else {
    in.fail("schedule", "cannot be read: " + schedule.error().message);
  }
}

// What each part says alone is one thing; whether they speak of the same rollout another.
std::string misfit(const SavedPreview& preview) {
  if (sha256(preview.plan) != preview.schedule.plan_digest)
    return "its plan is not the one that its schedule was made of";
  if (preview.clients && preview.clients->size() != preview.schedule.clients.size())
    return "it has not seen as many clients as its schedule has";
  for (const PlannedFile& file : preview.schedule.hotfix.files) {
    const SavedArtifact wanted{file.source, file.digest};
    const auto& all = preview.artifacts;
    if (std::find(all.begin(), all.end(), wanted) == all.end())
      return "its schedule stages a file that is not among its artifacts";
  }
  return {};
}

Error invalid(const std::string& what) {
  return {ErrorKind::invalid, "the saved preview cannot be used: " + escaped(what, 400)};
}

Result<SavedPreview> read_content(std::string_view content) {
  json::parse_options options;
  options.max_depth = kDeepest;
  boost::system::error_code error;
  const json::value value = json::parse(content, error, {}, options);
  if (error || !value.is_object()) return invalid("its content is not JSON: " + error.message());
  std::string problem;
  SavedPreview preview;
  Reader in(value.as_object(), problem);
  preview.program = in.text("program");
  preview.at = in.time("at");
  preview.only = in.text("only");
  preview.plan = in.text("plan", kMostPlanBytes);
  read_schedule(in, preview);
  preview.inventory = in.digest("inventory");
  preview.catalogue = in.digest("catalogue");
  each_object(in.list("artifacts", kMostFiles), problem, [&](Reader& artifact) {
    preview.artifacts.push_back({artifact.text("path"), artifact.digest("sha256")});
  });
  each_object(in.list("files", kMostFiles), problem,
              [&](Reader& file) { preview.files.push_back(read_file_of(file)); });
  if (in.has("clients")) {
    const json::value* clients = in.find("clients");
    if (clients->is_object()) {
      Reader of_clients(clients->as_object(), problem);
      preview.clients = read_clients(of_clients, problem);
      of_clients.no_more();
    } else {
      in.fail("clients", "is not an object");
    }
  }
  in.no_more();
  if (problem.empty()) problem = misfit(preview);
  if (!problem.empty()) return invalid(problem);
  return preview;
}

}  // namespace

std::string_view name_of(ClientStanding standing) {
  switch (standing) {
    case ClientStanding::to_upgrade:
      return "to upgrade";
    case ClientStanding::current:
      return "already current";
    case ClientStanding::unreachable:
      return "unreachable";
    case ClientStanding::unknown:
      return "unknown";
  }
  return {};
}

bool is_saved_preview(std::string_view beginning) { return beginning.starts_with(kBegin); }

std::string encode_saved_preview(SavedPreview& preview) {
  const std::string content = json::serialize(to_json(preview));
  preview.digest = sha256(content);
  std::string text(kHead);
  text += preview.digest.hex();
  text += kMiddle;
  text += content;
  return text += kEnd;
}

Result<SavedPreview> decode_saved_preview(std::string_view text) {
  if (text.size() > kMostPreviewBytes) return invalid("it is too big");
  if (!is_saved_preview(text)) return invalid("it is none");
  if (!text.starts_with(kHead))
    return invalid("it is of a format that this version does not know; make a new one");
  text.remove_prefix(kHead.size());
  const auto digest = Digest::parse(text.substr(0, kHexDigits));
  if (!digest) return invalid("its digest cannot be read");
  text.remove_prefix(kHexDigits);
  if (!text.starts_with(kMiddle) || !text.ends_with(kEnd) ||
      text.size() < kMiddle.size() + kEnd.size())
    return invalid("it is cut short or was written anew; make a new one");
  text.remove_prefix(kMiddle.size());
  text.remove_suffix(kEnd.size());
  if (sha256(text) != *digest) return invalid("its content is not what its digest says");
  auto preview = read_content(text);
  if (preview) preview->digest = *digest;
  return preview;
}

}  // namespace sitewide
