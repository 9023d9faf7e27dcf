#include "plans/loader.h"

#include <algorithm>
#include <filesystem>

#include "orchestrator/base/text.h"
#include "plans/article_checks.h"
#include "plans/document.h"
#include "plans/keys.h"
#include "plans/read_file.h"
#include "plans/readers.h"
#include "plans/shape.h"
#include "plans/steps_reader.h"

namespace sitewide {
namespace {

std::string absolute_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

/// A version that is not 1 says more about a plan than all that follows from it.
bool is_other_version(const Node& root, Problems& problems) {
  const Node* version = root.find("version");
  if (version == nullptr || !version->is_scalar() || yaml_type(*version) != YamlType::integer)
    return false;
  if (version->text == "1") return false;
  problems.push_back(
      {Problem::Severity::error,
       version->place,
       "version " + escaped(version->text, 20) + " of the plan language is not in this version",
       "this version reads `version: 1`",
       {},
       {}});
  return true;
}

void read_groups(const Values& plan, Plan& read, Reading& reading) {
  const Node* defaults = plan.find("defaults");
  for (const Node& item : plan.items("groups")) {
    if (!item.is_map()) continue;
    if (read.groups.size() > kMostGroups) break;  // check_references says so
    const Values own(&item);
    const Values values(&item, defaults);
    Group group = read_group(values, reading);
    if (group.transport.empty() && read.transports.size() == 1) {
      group.transport = read.transports.front().name;
      group.defaulted.push_back("transport");
    }
    check_method(own, group, read.transports, reading);
    check_deadlines(values, group, read.limits, reading);
    read.groups.push_back(std::move(group));
  }
  check_references(read.groups, reading);
}

void read_plan(const Node& root, LoadedPlan& loaded, Reading& reading) {
  const Values values(&root);
  Plan& plan = loaded.plan;
  reading.has_hotfix = values.has("hotfix");
  reading.has_sites = values.has("sites");
  assign(plan.name, values.text("name"));
  assign(plan.description, values.text("description"));
  plan.sites = read_sites(values.entries("sites"), reading);
  if (const Node* hotfix = values.find("hotfix"); hotfix != nullptr && hotfix->is_map()) {
    plan.hotfix = read_hotfix(Values(hotfix), plan.sites, reading);
  }
  plan.transports = read_transports(values.entries("transports"), reading);
  plan.limits = read_limits(values.section("limits"), reading);
  plan.notify = read_notify(values.items("notify"), reading);
  loaded.sources = read_sources(values.items("inventory"), reading);
  read_groups(values, plan, reading);
  check_batches(plan, reading);
  check_parts_in_plan(plan, reading);
  check_article(values.section("hotfix"), plan, reading);
}

void add_inventory_files(const std::vector<InventorySource>& sources,
                         std::vector<SourceFile>& files) {
  for (const InventorySource& source : sources) {
    if (source.number != 0) files.push_back({source.file, std::nullopt});
  }
}

}  // namespace

void Reading::too_many(const Place& place, std::string_view owner, std::size_t most,
                       std::string_view things, std::string help) {
  error(place,
        "the " + std::string(owner) + " has more than " + with_separators(most) + " " +
            std::string(things),
        std::move(help));
}

std::string Reading::absolute(const std::string& path) const {
  if (path.empty()) return {};
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

LoadedPlan load_plan(const std::string& path) {
  Result<std::string> bytes = read_file(path, kDocumentBytes);
  if (bytes) return load_plan(path, std::move(*bytes));
  LoadedPlan loaded;
  loaded.path = absolute_path(path);
  loaded.files.push_back({path, std::string()});
  loaded.problems.push_back({Problem::Severity::error,
                             {0, 0, 1, 0},
                             "the plan cannot be read: " + bytes.error().message,
                             "name a plan file; `sitewide init` writes one to begin with",
                             {},
                             {}});
  return loaded;
}

LoadedPlan load_plan(const std::string& path, std::string bytes) {
  LoadedPlan loaded;
  loaded.path = absolute_path(path);
  loaded.digest = sha256(bytes);
  loaded.bytes = std::move(bytes);
  loaded.files.push_back({path, loaded.bytes});
  Document document = parse_document(loaded.bytes);
  Reading reading;
  reading.folder = std::filesystem::path(loaded.path).parent_path().string();
  reading.problems = std::move(document.problems);
  // A tree that ends half-way would only yield complaints about what is missing.
  if (document.complete && !is_other_version(document.root, reading.problems)) {
    if (document.root.kind == Node::Kind::null && reading.problems.empty()) {
      reading.error(
          {1, 1, 1, 0}, "the plan is empty",
          "`sitewide init` writes one to begin with, `man sitewide-plan` has the language");
    } else {
      check_shape(document.root, plan_section(), reading.problems);
      read_plan(document.root, loaded, reading);
      add_inventory_files(loaded.sources, loaded.files);
    }
  }
  loaded.problems = std::move(reading.problems);
  sort_problems(loaded.problems);
  return loaded;
}

}  // namespace sitewide
