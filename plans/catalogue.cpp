#include "plans/catalogue.h"

#include <algorithm>
#include <set>

#include "orchestrator/base/text.h"
#include "plans/catalogue_data.h"
#include "plans/document.h"
#include "plans/keys.h"
#include "plans/shape.h"
#include "plans/steps_reader.h"

namespace sitewide {
namespace {

/// `X86.bin`, as SMS spells its folders.
std::string platform_folder(const PlannedFile& file) {
  std::string folder = file.platform;
  if (!folder.empty() && folder[0] >= 'a' && folder[0] <= 'z') {
    folder[0] = static_cast<char>(folder[0] - 'a' + 'A');
  }
  folder += ".bin";
  return file.language.empty() ? folder : folder + "/" + file.language;
}

PlannedFile for_clients(PlannedFile file) {
  const std::string path = platform_folder(file) + "/" + file.name;
  if (file.on_site.empty()) file.on_site = "Site.srv/Maincfg.box/Client.src/" + path;
  if (file.on_logon_server.empty()) file.on_logon_server = path;
  if (file.on_client.empty()) file.on_client = "{sms_bin}/" + file.name;
  return file;
}

/// Run from there, or by the log-on script: clients never hold it (Q185345).
PlannedFile for_logon_servers(PlannedFile file) {
  file = for_clients(std::move(file));
  file.on_client.clear();
  return file;
}

/// `root`: `Site.srv` for the site server's own files, `Helper.srv` for those of its helper servers
/// (Q314434). Clients never see either.
PlannedFile for_servers(PlannedFile file, std::string_view root) {
  file.on_client.clear();
  if (file.on_site.empty()) {
    file.on_site = std::string(root) + "/" + platform_folder(file) + "/" + file.name;
  }
  return file;
}

std::vector<FileFacts> read_table(const std::vector<Node>& items) {
  std::vector<FileFacts> files;
  for (const Node& item : items) {
    FileFacts facts;
    read_file_facts(Values(&item), facts);
    facts.file.or_later = true;
    files.push_back(std::move(facts));
  }
  return files;
}

Requirements read_requirements(const Values& values) {
  Requirements needs;
  for (const std::string& pack : values.argv("service_packs")) {
    if (const auto number = parse_number(pack, UINT32_MAX))
      needs.service_packs.push_back(static_cast<std::uint32_t>(*number));
  }
  needs.fixes = values.argv("fixes");
  assign(needs.language, values.text("language"));
  needs.platforms = values.argv("platforms");
  needs.os = values.argv("os");
  return needs;
}

}  // namespace

const FileFacts* CatalogueEntry::find(std::string_view name, std::string_view platform) const {
  for (const FileFacts& facts : files) {
    if (equals_ignoring_case(facts.file.name, name) && facts.file.platform == platform)
      return &facts;
  }
  return nullptr;
}

std::vector<std::string> CatalogueEntry::editions() const {
  std::set<std::string> languages;
  for (const FileFacts& facts : files) {
    if (!facts.edition.empty()) languages.insert(facts.edition);
  }
  return {languages.begin(), languages.end()};
}

void read_file_facts(const Values& values, FileFacts& facts) {
  PlannedFile& file = facts.file;
  assign(file.name, values.text("name"));
  assign(file.platform, values.text("platform"));
  assign(file.language, values.text("language"));
  assign(file.on_site, values.text("on_site"));
  assign(file.on_logon_server, values.text("on_logon_server"));
  assign(file.on_client, values.text("on_client"));
  const auto size = values.text("size");
  if (const auto parsed = size ? parse_size(*size) : std::nullopt) {
    file.size = parsed->bytes;
    file.size_within = parsed->within;
  }
  if (const auto date = values.text("date")) file.date = parse_date(*date);
  assign(facts.edition, values.text("edition"));
  assign(facts.optional, values.flag("optional"));
  if (values.has("os")) file.os = values.argv("os");
  if (values.has("to")) facts.to = values.argv("to");
  file.place = values.place("name");
}

std::vector<PlannedFile> planned_files(const FileFacts& facts) {
  std::vector<PlannedFile> files;
  if (facts.to.empty()) files.push_back(for_clients(facts.file));
  for (const std::string& to : facts.to) {
    if (to == "client") files.push_back(for_clients(facts.file));
    if (to == "logon_server") files.push_back(for_logon_servers(facts.file));
    if (to == "server") files.push_back(for_servers(facts.file, "Site.srv"));
    if (to == "helper") files.push_back(for_servers(facts.file, "Helper.srv"));
  }
  return files;
}

std::vector<std::string_view> catalogue_articles() {
  std::vector<std::string_view> articles;
  for (const CatalogueText& text : catalogue_texts()) articles.push_back(text.article);
  std::sort(articles.begin(), articles.end());
  return articles;
}

std::optional<std::string_view> catalogue_text(std::string_view article) {
  for (const CatalogueText& text : catalogue_texts()) {
    if (text.article == article) return text.yaml;
  }
  return std::nullopt;
}

std::optional<CatalogueEntry> find_catalogue_entry(std::string_view article) {
  const auto text = catalogue_text(article);
  if (!text) return std::nullopt;
  Problems problems;
  return parse_catalogue_entry(*text, problems);
}

CatalogueEntry parse_catalogue_entry(std::string_view yaml, Problems& problems) {
  const Document document = parse_document(yaml);
  problems.insert(problems.end(), document.problems.begin(), document.problems.end());
  if (document.complete) check_shape(document.root, catalogue_section(), problems);
  const Values values(&document.root);
  CatalogueEntry entry;
  assign(entry.article, values.text("article"));
  assign(entry.title, values.text("title"));
  assign(entry.product, values.text("product"));
  entry.methods = values.argv("methods");
  entry.needs = read_requirements(values.section("requires"));
  entry.supersedes = values.argv("supersedes");
  entry.errata = values.argv("errata");
  entry.notes = values.argv("notes");
  entry.files = read_table(values.items("files"));
  entry.tools = read_table(values.items("tools"));
  Reading reading;
  read_site_parts(values, entry.parts, reading);
  read_client_parts(values, entry.parts, reading);
  check_site_parts(entry.parts, !entry.files.empty(), reading);
  problems.insert(problems.end(), reading.problems.begin(), reading.problems.end());
  return entry;
}

}  // namespace sitewide
