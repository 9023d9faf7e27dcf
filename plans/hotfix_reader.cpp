#include <algorithm>
#include <optional>

#include "orchestrator/base/text.h"
#include "plans/article_checks.h"
#include "plans/catalogue.h"
#include "plans/placeholders.h"
#include "plans/readers.h"
#include "plans/shape.h"
#include "plans/steps_reader.h"

namespace sitewide {
namespace {

std::optional<CatalogueEntry> read_article(const Values& hotfix, Hotfix& read, Reading& reading) {
  const auto article = hotfix.text("catalogue");
  if (!article || !rule_of(Scalar::article).accepts(*article)) return std::nullopt;
  auto entry = find_catalogue_entry(*article);
  if (!entry) {
    const auto articles = catalogue_articles();
    reading.error(hotfix.place("catalogue"),
                  "there is no catalogue entry `" + escaped(*article, 20) + "`",
                  suggestion(*article, articles, "entries"));
    return std::nullopt;
  }
  read.catalogue = *article;
  return entry;
}

/// The payload of a file that names none lies in the payload folder, under its platform.
std::string default_source(const Values& hotfix, const PlannedFile& file) {
  const auto folder = hotfix.text("payload");
  if (!folder) return {};
  return *folder + "/" + file.platform + "/" + file.name;
}

void check_both_targets(const Values& values, FileFacts& facts, Reading& reading) {
  if (facts.to.size() < 2) return;
  for (const std::string_view key : {"on_site", "on_logon_server", "on_client"}) {
    if (!values.has(key)) continue;
    reading.error(
        values.place(key),
        "`" + std::string(key) + "` is not clear for a file that goes to several receivers",
        "list the file several times, once for each");
    facts.to.resize(1);
    return;
  }
}

FileFacts read_listed(const Values& values, const std::optional<CatalogueEntry>& entry,
                      Reading& reading) {
  FileFacts facts;
  const std::string name = values.text("name").value_or("");
  const std::string platform = values.text("platform").value_or("");
  const FileFacts* known = entry ? entry->find(name, platform) : nullptr;
  if (known != nullptr) {
    facts = *known;
  } else if (entry && !name.empty() && !platform.empty()) {
    reading.warning(values.place("name"),
                    entry->article + " has no file " + escaped(name, 60) + " for " + platform,
                    "it goes out all the same, as the plan says");
  }
  // What the plan itself says is meant exactly; an article's facts are meant "or later".
  facts.file.or_later = known != nullptr && !values.has("size") && !values.has("date");
  read_file_facts(values, facts);
  check_both_targets(values, facts, reading);
  if (const auto target = values.text("on_client")) {
    check_placeholders({*target, values.place("on_client")}, PlaceholderUse::client_file, reading);
  }
  return facts;
}

void add_file(const FileFacts& facts, const std::string& source, const Values& values,
              Reading& reading, std::vector<PlannedFile>& files) {
  for (PlannedFile file : planned_files(facts)) {
    file.source = reading.absolute(source);
    if (const auto digest = values.text("sha256"))
      file.digest = Digest::parse(*digest).value_or(Digest{});
    const auto twin = std::find_if(files.begin(), files.end(), [&](const PlannedFile& other) {
      return equals_ignoring_case(other.on_site, file.on_site);
    });
    if (twin == files.end()) {
      files.push_back(std::move(file));
      continue;
    }
    reading.problems.push_back(
        {Problem::Severity::error, file.place,
         "two files for the same target `" + escaped(file.on_site, 200) + "`",
         "delete one of the two", twin->place, "the other one"});
  }
}

void read_files(const Values& hotfix, const std::optional<CatalogueEntry>& entry, Hotfix& read,
                Reading& reading) {
  for (const Node& item : hotfix.items("files")) {
    if (!item.is_map()) continue;
    if (read.files.size() >= kMostFiles) {
      return reading.too_many(item.place, "hotfix", kMostFiles, "files");
    }
    const Values values(&item);
    const FileFacts facts = read_listed(values, entry, reading);
    std::string source = values.text("source").value_or("");
    if (source.empty()) source = default_source(hotfix, facts.file);
    if (source.empty() && !values.has("source")) {
      reading.error(values.place(), "this file has no `source`",
                    "name its payload, or the folder of all payloads as `hotfix.payload`");
    }
    if (!facts.file.name.empty()) add_file(facts, source, values, reading, read.files);
  }
  if (hotfix.has("files") || !entry) return;
  const bool needs_payload = std::any_of(entry->files.begin(), entry->files.end(),
                                         [](const FileFacts& facts) { return !facts.optional; });
  if (needs_payload && !hotfix.has("payload")) {
    reading.error(
        hotfix.place("catalogue"), "the hotfix has no payload",
        "list `files` with their `source`, or name the `payload` folder that holds PLATFORM/NAME");
    return;
  }
  for (FileFacts facts : entry->files) {
    if (facts.optional) continue;
    facts.file.place = hotfix.place("payload");
    add_file(facts, default_source(hotfix, facts.file), Values(nullptr), reading, read.files);
  }
}

/// Steps of an article point at the plan's own word for it.
void move_to(const Place& place, Parts& parts) {
  for (SitePart& part : parts.site) part.place = place;
  for (MapEdit& edit : parts.map) edit.place = place;
  for (ClientPart& part : parts.client) part.place = place;
}

void read_parts(const Values& hotfix, const std::optional<CatalogueEntry>& entry, Hotfix& read,
                Reading& reading) {
  if (entry) {
    read.parts = entry->parts;
    move_to(hotfix.place("catalogue"), read.parts);
  }
  if (hotfix.has("site_steps")) read_site_parts(hotfix, read.parts, reading);
  if (hotfix.has("client_steps")) read_client_parts(hotfix, read.parts, reading);
  const std::string folder = reading.absolute(hotfix.text("payload").value_or("."));
  for (MapEdit& edit : read.parts.map) {
    if (edit.fragment.empty() || edit.fragment.front() == '/') continue;
    edit.fragment = folder + "/" + edit.fragment;
  }
  for (SitePart& part : read.parts.site) {
    for (Argv* argv : {&part.run.run, &part.run.probe, &part.run.undo}) {
      put_beside_plan(*argv, reading);
    }
  }
  check_site_parts(read.parts, !read.files.empty(), reading);
}

}  // namespace

Hotfix read_hotfix(const Values& hotfix, const std::vector<Site>& sites, Reading& reading) {
  Hotfix read;
  read.place = hotfix.place("id");
  assign(read.id, hotfix.text("id"));
  for (const Text& word : hotfix.list("allow")) read.allow_downgrade |= word.value == "downgrade";
  auto entry = read_article(hotfix, read, reading);
  if (entry) {
    keep_edition(*entry, sites, reading);
    read.for_platforms = entry->needs.platforms;
    read.for_os = entry->needs.os;
  }
  read_files(hotfix, entry, read, reading);
  read_parts(hotfix, entry, read, reading);
  if (!hotfix.has("files") && !hotfix.has("catalogue")) {
    reading.error(hotfix.place(), "the hotfix has no files",
                  "list `files`, or name a `catalogue` entry");
  }
  return read;
}

}  // namespace sitewide
