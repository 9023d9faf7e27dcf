#include <algorithm>
#include <span>

#include "tests/tidy/checks.h"

namespace sitewide::tidy {
namespace {

using Prefixes = std::span<const std::string_view>;

// A folder and what its files may include of this project, by the beginning of the path.
struct Layer {
  std::string_view folder;
  Prefixes may_include;
};

constexpr std::string_view kBase[] = {"orchestrator/base/"};
constexpr std::string_view kCore[] = {"orchestrator/base/", "orchestrator/core/"};
constexpr std::string_view kJournal[] = {"orchestrator/base/", "orchestrator/core/",
                                         "orchestrator/journal/"};
constexpr std::string_view kViews[] = {"orchestrator/base/", "orchestrator/core/",
                                       "orchestrator/views/"};
constexpr std::string_view kPlans[] = {"orchestrator/base/", "orchestrator/core/", "plans/"};
constexpr std::string_view kAdapters[] = {"orchestrator/base/", "orchestrator/core/", "adapters/"};
constexpr std::string_view kEngine[] = {"orchestrator/base/",
                                        "orchestrator/core/",
                                        "orchestrator/engine/",
                                        "adapters/adapter.h",
                                        "orchestrator/views/reporter.h",
                                        "orchestrator/journal/journal.h"};
constexpr std::string_view kPreview[] = {"orchestrator/base/",
                                         "orchestrator/core/",
                                         "orchestrator/engine/",
                                         "orchestrator/preview/",
                                         "adapters/adapter.h",
                                         "orchestrator/views/reporter.h",
                                         "orchestrator/journal/journal.h"};
constexpr std::string_view kNotify[] = {"orchestrator/base/",
                                        "orchestrator/core/",
                                        "orchestrator/notify/",
                                        "orchestrator/views/notice.h",
                                        "orchestrator/views/reporter.h",
                                        "orchestrator/journal/durable_file.h"};
constexpr std::string_view kProduct[] = {"orchestrator/", "plans/", "adapters/"};
constexpr std::string_view kAll[] = {"orchestrator/", "plans/", "adapters/", "tests/"};

// The first entry that begins a file's path holds.
constexpr Layer kLayers[] = {
    {"orchestrator/base/", kBase},
    {"orchestrator/core/", kCore},
    {"orchestrator/journal/", kJournal},
    {"orchestrator/views/", kViews},
    {"orchestrator/engine/", kEngine},
    {"orchestrator/preview/", kPreview},
    {"orchestrator/notify/", kNotify},
    {"orchestrator/", kProduct},
    {"plans/", kPlans},
    {"adapters/", kAdapters},
    {"tests/", kAll},
};

// A library by its headers, and who may include it. Tests are free.
struct Library {
  std::string_view headers;
  Prefixes users;
};

constexpr std::string_view kYamlUsers[] = {"plans/document.cpp"};
constexpr std::string_view kSqliteUsers[] = {"orchestrator/journal/sqlite.cpp"};
constexpr std::string_view kProcessUsers[] = {"adapters/process.cpp"};
constexpr std::string_view kSshUsers[] = {"adapters/ssh/session.cpp", "adapters/ssh/channel.cpp"};
constexpr std::string_view kZoneUsers[] = {"plans/zones.cpp"};
constexpr std::string_view kOptionUsers[] = {"orchestrator/cli/option",
                                             "orchestrator/cli/preview_options.cpp"};
constexpr std::string_view kCryptoUsers[] = {
    "orchestrator/base/digest.cpp", "adapters/certificate.cpp", "adapters/http/http_client.cpp"};
constexpr std::string_view kLdapUsers[] = {"adapters/ldap.cpp", "adapters/ldap_words.cpp"};
constexpr std::string_view kHttpUsers[] = {"adapters/http/http_client.cpp"};
constexpr std::string_view kLoopUsers[] = {"orchestrator/engine/", "orchestrator/cli/",
                                           "orchestrator/notify/", "adapters/"};
constexpr std::string_view kSystemUsers[] = {"orchestrator/base/result.h", "orchestrator/engine/",
                                             "orchestrator/notify/", "orchestrator/cli/",
                                             "adapters/"};
constexpr std::string_view kJsonUsers[] = {"adapters/prometheus_answer.cpp",
                                           "adapters/sms/manifest.cpp",
                                           "orchestrator/views/",
                                           "orchestrator/cli/",
                                           "plans/",
                                           "orchestrator/core/order.cpp",
                                           "orchestrator/core/event_parts.h",
                                           "orchestrator/preview/saved_preview_codec.cpp"};

constexpr Library kLibraries[] = {
    {"yaml-cpp/", kYamlUsers},   {"sqlite3", kSqliteUsers},      {"boost/process", kProcessUsers},
    {"date/", kZoneUsers},       {"CLI/", kOptionUsers},         {"openssl/", kCryptoUsers},
    {"boost/asio", kLoopUsers},  {"boost/system", kSystemUsers}, {"spdlog/", kLoopUsers},
    {"boost/beast", kHttpUsers}, {"fmt/", kLoopUsers},           {"boost/json", kJsonUsers},
    {"libssh/", kSshUsers},      {"ldap.h", kLdapUsers},
};

// Folders of the system's own headers.
constexpr std::string_view kSystem[] = {"sys/", "linux/", "netinet/", "arpa/"};

bool begins_with_any(std::string_view path, Prefixes prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return path.starts_with(prefix); });
}

std::string of_this_project(const SourceFile& file, std::string_view target) {
  const auto layer = std::find_if(std::begin(kLayers), std::end(kLayers), [&](const Layer& each) {
    return file.path.starts_with(each.folder);
  });
  if (layer == std::end(kLayers)) return "a folder without an include rule";
  if (!begins_with_any(target, kAll)) return "not a path from the root";
  const bool upwards = target.starts_with("adapters/sms/") && file.path.starts_with("adapters/") &&
                       !file.path.starts_with("adapters/sms/");
  const bool backwards =
      target.starts_with("adapters/sms/client/") && file.path.starts_with("adapters/sms/site/");
  if (upwards || backwards || !begins_with_any(target, layer->may_include))
    return std::string(layer->folder) + " may not include this";
  return {};
}

std::string of_a_library(const SourceFile& file, std::string_view target) {
  if (file.path.starts_with("tests/")) return {};
  const bool in_core = file.path.starts_with("orchestrator/core/");
  const auto library =
      std::find_if(std::begin(kLibraries), std::end(kLibraries),
                   [&](const Library& each) { return target.starts_with(each.headers); });
  if (library == std::end(kLibraries)) {
    const bool of_the_system = target.find('/') == target.npos || begins_with_any(target, kSystem);
    if (!of_the_system) return "a library without an include rule";
    return in_core && target.ends_with(".h") ? "the core includes no system header" : "";
  }
  const bool codec =
      in_core && file.path.ends_with("_codec.cpp") && target.starts_with("boost/json");
  return codec || begins_with_any(file.path, library->users) ? ""
                                                             : "only its wrapper includes this";
}

}  // namespace

std::vector<Finding> check_includes(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!file.is_cpp()) return findings;
  std::size_t number = 0;
  for (const std::string_view line : lines_of(file.code)) {
    ++number;
    if (!line.starts_with("#include")) continue;
    const std::size_t open = line.find_first_of("<\"");
    const std::size_t close = line.find_first_of(">\"", open + 1);
    if (open == line.npos || close == line.npos) continue;
    const std::string_view target = line.substr(open + 1, close - open - 1);
    const std::string what =
        line[open] == '"' ? of_this_project(file, target) : of_a_library(file, target);
    if (!what.empty()) findings.push_back({file.path, number, std::string(target) + ": " + what});
  }
  return findings;
}

}  // namespace sitewide::tidy
