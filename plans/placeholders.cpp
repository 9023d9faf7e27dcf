#include "plans/placeholders.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/shape.h"

namespace sitewide {
namespace {

constexpr std::string_view kFolders[] = {"sms_bin", "sms", "sms_log", "sms_data", "windows"};
constexpr std::string_view kEverywhere[] = {"client.name", "client.address", "hotfix.id",
                                            "site.name", "site.root"};
constexpr std::string_view kOfSites[] = {"hotfix.id", "site.name", "site.root"};
constexpr std::string_view kReached[] = {"client.root", "logon_server.name", "logon_server.share"};

bool is_of_site(PlaceholderUse use) {
  return use == PlaceholderUse::site || use == PlaceholderUse::service;
}

std::vector<std::string_view> known(PlaceholderUse use) {
  std::vector<std::string_view> names;
  const auto add = [&](Words words) { names.insert(names.end(), words.begin(), words.end()); };
  if (use == PlaceholderUse::client_file) {
    add(kFolders);
    return names;
  }
  if (use == PlaceholderUse::gate) {
    names.push_back("hotfix.id");
    return names;
  }
  if (is_of_site(use)) {
    add(kOfSites);
    if (use == PlaceholderUse::service) names.push_back("service");
    return names;
  }
  add(kEverywhere);
  if (use != PlaceholderUse::root) {
    add(kReached);
    add(kFolders);
  }
  switch (use) {
    case PlaceholderUse::batch:
      names.push_back("batch");
      break;
    case PlaceholderUse::run:
      names.push_back("argv");
      break;
    case PlaceholderUse::file:
      names.push_back("path");
      break;
    case PlaceholderUse::health:
      names.push_back("proven_at");
      break;
    case PlaceholderUse::registry_set:
      names.push_back("type");
      names.push_back("value");
      [[fallthrough]];
    case PlaceholderUse::registry:
      names.push_back("key");
      names.push_back("name");
      break;
    case PlaceholderUse::root:
    case PlaceholderUse::step:
    case PlaceholderUse::client_file:
    case PlaceholderUse::site:
    case PlaceholderUse::service:
    case PlaceholderUse::gate:
      break;
  }
  return names;
}

/// Labels are known when the inventory is read; here only their form is.
bool is_label(std::string_view name, PlaceholderUse use) {
  if (use == PlaceholderUse::client_file || use == PlaceholderUse::gate) return false;
  for (const std::string_view prefix : {"site.", "client."}) {
    if (prefix == "client." && is_of_site(use)) continue;
    if (name.starts_with(prefix)) return is_label_key(name.substr(prefix.size()));
  }
  return false;
}

/// A label that looks like a known name with a typo would only be found when a step needs it.
bool is_known(std::string_view name, const std::vector<std::string_view>& names,
              PlaceholderUse use) {
  return std::find(names.begin(), names.end(), name) != names.end() || is_label(name, use);
}

}  // namespace

void check_placeholders(const Text& text, PlaceholderUse use, Reading& reading) {
  const std::string_view value = text.value;
  for (std::size_t open = value.find('{'); open != std::string_view::npos;
       open = value.find('{', open + 1)) {
    const std::size_t close = value.find('}', open);
    if (close == std::string_view::npos) {
      return reading.error(text.place, "`{` without `}`",
                           "braces hold placeholders such as `{client.name}`");
    }
    const std::string_view name = value.substr(open + 1, close - open - 1);
    const auto names = known(use);
    if (!is_known(name, names, use)) {
      reading.error(text.place, "unknown placeholder `{" + escaped(name, 60) + "}`",
                    suggestion(name, names, "placeholders here"));
    }
    open = close;
  }
}

void check_argv(const std::vector<Text>& argv, PlaceholderUse use, Reading& reading) {
  for (const Text& element : argv) check_placeholders(element, use, reading);
  if (argv.empty()) return;
  const Place& first = argv.front().place;
  const auto holds = [&](std::string_view text) {
    return std::any_of(argv.begin(), argv.end(), [&](const Text& element) {
      return element.value.find(text) != std::string::npos;
    });
  };
  const auto exactly = [](std::string_view text) {
    return [text](const Text& element) { return element.value == text; };
  };
  if (use == PlaceholderUse::batch && argv.back().value != "{batch}") {
    // What follows would stand on the batch file's command line, which cannot be quoted safely.
    reading.error(argv.back().place, "the last element of `batch` must be `{batch}`",
                  "nothing may follow a batch file on its command line");
  }
  if (use == PlaceholderUse::run &&
      std::count_if(argv.begin(), argv.end(), exactly("{argv}")) != 1) {
    reading.error(first, "`run` needs one element that is `{argv}`",
                  "there the program and arguments of each step are put in, each on its own");
  }
  if (use == PlaceholderUse::file && !holds("{path}")) {
    reading.error(first, "no element holds `{path}`", "it stands for the file on the client");
  }
  if (use == PlaceholderUse::service && !holds("{service}")) {
    reading.error(first, "no element holds `{service}`", "it stands for the service's name");
  }
}

}  // namespace sitewide
