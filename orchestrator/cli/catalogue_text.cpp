#include "orchestrator/cli/catalogue_text.h"

#include <algorithm>
#include <set>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/console.h"
#include "orchestrator/cli/paragraphs.h"
#include "orchestrator/cli/part_words.h"
#include "orchestrator/core/time.h"
#include "plans/draft.h"

namespace sitewide {
namespace {

std::string size_of(const PlannedFile& file) {
  if (file.size == 0) return "-";
  return (file.size_within > 0 ? "~" : "") + with_separators(file.size);
}

std::string date_of(const PlannedFile& file) {
  return file.date ? format_timestamp(*file.date).substr(0, 10) : "-";
}

std::string file_text(const FileFacts& facts) {
  std::string text = "  " + pad(facts.file.name, 19) + pad(facts.file.platform, 7) +
                     pad(size_of(facts.file), 11) + pad(date_of(facts.file), 12) +
                     join(facts.file.os, " ");
  if (!facts.edition.empty()) text += " edition " + facts.edition;
  if (facts.optional) text += " optional";
  while (text.back() == ' ') text.pop_back();
  text += "\n";
  for (const PlannedFile& file : planned_files(facts)) {
    text += "      site " + file.on_site;
    if (!file.on_client.empty()) text += ", client " + file.on_client;
    text += "\n";
  }
  return text;
}

std::string files_text(const CatalogueEntry& entry) {
  if (entry.files.empty()) return "\nfiles: none; settings are changed and clients upgraded\n";
  std::string text = "\nfiles (~: printed in KB, rounded)\n";
  for (const FileFacts& facts : entry.files) text += file_text(facts);
  if (entry.tools.empty()) return text;
  text += "\ntools, which go to no folder of SMS\n";
  for (const FileFacts& tool : entry.tools) {
    text += "  " + pad(tool.file.name, 19) + pad(tool.file.platform, 7) +
            pad(size_of(tool.file), 11) + date_of(tool.file) + "\n";
  }
  return text;
}

std::string words_of(const MapEdit& edit) {
  const std::string block = " (" + edit.directory + ")";
  switch (edit.kind) {
    case MapEdit::Kind::duplicate:
      return "System.map: copy entry " + edit.entry + " as " + edit.as + block;
    case MapEdit::Kind::remove_list:
      return "System.map: take " + edit.entry + " out of " + edit.list + block;
    case MapEdit::Kind::merge:
      return "System.map: add the entries of " + edit.fragment;
  }
  return {};
}

std::vector<std::string> site_steps_of(const CatalogueEntry& entry) {
  std::vector<std::string> steps;
  for (const SitePart& part : entry.parts.site) steps.push_back(words_of(part));
  if (steps.empty() && !entry.files.empty()) steps.emplace_back("copy the files");
  for (const MapEdit& edit : entry.parts.map) steps.push_back(words_of(edit));
  return steps;
}

std::vector<std::string> client_steps_of(const CatalogueEntry& entry) {
  std::vector<std::string> steps;
  for (const ClientPart& part : entry.parts.client) steps.push_back(words_of(part));
  return steps;
}

std::string steps_text(const std::string& head, const std::vector<std::string>& steps) {
  if (steps.empty()) return {};
  std::string text = "\n" + head + "\n";
  for (std::size_t i = 0; i < steps.size(); ++i)
    text += "  " + std::to_string(i + 1) + ". " + steps[i] + "\n";
  return text;
}

std::string indented(const std::string& text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) out += "  " + std::string(line) + "\n";
  }
  return out;
}

boost::json::array json_list(const std::vector<std::string>& words) {
  boost::json::array list;
  for (const std::string& word : words) list.emplace_back(word);
  return list;
}

boost::json::object file_json(const FileFacts& facts) {
  boost::json::array targets;
  for (const PlannedFile& file : planned_files(facts)) {
    targets.emplace_back(boost::json::object{{"on_site", file.on_site},
                                             {"on_logon_server", file.on_logon_server},
                                             {"on_client", file.on_client}});
  }
  boost::json::object object{
      {"name", facts.file.name},        {"platform", facts.file.platform},
      {"size", facts.file.size},        {"size_within", facts.file.size_within},
      {"os", json_list(facts.file.os)}, {"edition", facts.edition},
      {"optional", facts.optional},     {"targets", std::move(targets)}};
  if (facts.file.date) object["date"] = format_timestamp(*facts.file.date);
  return object;
}

}  // namespace

std::string needs_in_brief(const CatalogueEntry& entry) {
  std::vector<std::string> words;
  std::string packs;
  for (const std::uint32_t pack : entry.needs.service_packs)
    packs += (packs.empty() ? "SP" : "/") + std::to_string(pack);
  if (!packs.empty()) words.push_back(packs);
  words.insert(words.end(), entry.needs.fixes.begin(), entry.needs.fixes.end());
  const auto editions = entry.editions();
  words.insert(words.end(), editions.begin(), editions.end());
  if (!entry.needs.language.empty()) words.push_back(entry.needs.language);
  return join(words, ", ");
}

std::string catalogue_list_text(const std::vector<CatalogueEntry>& entries) {
  std::string text = "ARTICLE  METHODS                 FILES  NEEDS               MENDS\n";
  for (const CatalogueEntry& entry : entries) {
    const std::string needs = needs_in_brief(entry);
    text += pad(entry.article, 9) + pad(join(entry.methods, ", "), 24) +
            pad(std::to_string(entry.files.size()), 7) + pad(needs.empty() ? "-" : needs, 20) +
            entry.title + "\n";
  }
  return text +
         "\nOne of them: sitewide catalogue Q237690    All of the family: sitewide catalogue "
         "--coverage\n";
}

std::string catalogue_entry_text(const CatalogueEntry& entry) {
  std::string text = entry.article + ": " + entry.title + "\n" + entry.product + "; by " +
                     join(entry.methods, " or ") + "\n";
  const std::string needs = needs_in_brief(entry);
  if (!needs.empty()) text += "needs of a site: " + needs + "\n";
  if (!entry.needs.platforms.empty())
    text += "for clients: " + join(entry.needs.platforms, ", ") + "\n";
  if (!entry.needs.os.empty()) text += "for clients: " + join(entry.needs.os, ", ") + "\n";
  if (!entry.supersedes.empty()) text += "replaces: " + join(entry.supersedes, ", ") + "\n";
  text += files_text(entry);
  text += steps_text("on each site", site_steps_of(entry));
  text += steps_text("on each client, once it holds the files", client_steps_of(entry));
  text += paragraphs("\nerrata: where the article is wrong or unclear", entry.errata);
  text += paragraphs("\nnotes", entry.notes);
  for (const Coverage& row : catalogue_coverage()) {
    if (row.article != entry.article) continue;
    text += "\nin the lab: rolled out: " + Coverage::in_words(row.runs) +
            "; rolled back: " + Coverage::in_words(row.rolls_back) + "\n";
    if (!row.why.empty()) text += "by hand: " + row.why + "\n";
  }
  return text + "\na plan to begin with\n\n" + indented(draft_text(example_draft(entry.article)));
}

boost::json::object catalogue_entry_json(const CatalogueEntry& entry) {
  boost::json::array files, tools, packs;
  for (const FileFacts& facts : entry.files) files.emplace_back(file_json(facts));
  for (const FileFacts& facts : entry.tools) {
    boost::json::object tool = file_json(facts);
    for (const char* staged : {"targets", "os", "optional"}) tool.erase(staged);
    tools.emplace_back(std::move(tool));
  }
  for (const std::uint32_t pack : entry.needs.service_packs) packs.emplace_back(pack);
  return {{"article", entry.article},
          {"title", entry.title},
          {"text", catalogue_text(entry.article).value_or("")},
          {"product", entry.product},
          {"methods", json_list(entry.methods)},
          {"requires", boost::json::object{{"service_packs", std::move(packs)},
                                           {"fixes", json_list(entry.needs.fixes)},
                                           {"language", entry.needs.language},
                                           {"editions", json_list(entry.editions())},
                                           {"platforms", json_list(entry.needs.platforms)},
                                           {"os", json_list(entry.needs.os)}}},
          {"supersedes", json_list(entry.supersedes)},
          {"files", std::move(files)},
          {"tools", std::move(tools)},
          {"site_steps", json_list(site_steps_of(entry))},
          {"client_steps", json_list(client_steps_of(entry))},
          {"errata", json_list(entry.errata)},
          {"notes", json_list(entry.notes)}};
}

std::string coverage_text(const std::vector<Coverage>& rows) {
  std::string text = "ARTICLE  EXPRESSIBLE  RUNS         ROLLS BACK   BY HAND, OR WHY NOT\n";
  std::size_t whole = 0, part = 0, run = 0;
  for (const Coverage& row : rows) {
    whole += row.expressible == "yes" ? 1U : 0U;
    part += row.expressible == "in part" ? 1U : 0U;
    run += Coverage::in_words(row.runs) == "yes" ? 1U : 0U;
    std::string line = pad(row.article, 9) + pad(row.expressible, 13) +
                       pad(Coverage::in_words(row.runs), 13) +
                       pad(Coverage::in_words(row.rolls_back), 13) + row.why;
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text + "\n" + count_of(rows.size(), "article") + ": " + std::to_string(whole) +
         " expressible, " + std::to_string(part) + " in part; " + std::to_string(run) +
         " rolled out by a test of the lab\n";
}

boost::json::object coverage_json(const Coverage& row) {
  const auto test = [](const std::string& claim) {
    return Coverage::in_words(claim) == "yes" ? claim : std::string();
  };
  return {{"article", row.article},
          {"expressible", row.expressible},
          {"runs", Coverage::in_words(row.runs)},
          {"runs_test", test(row.runs)},
          {"rolls_back", Coverage::in_words(row.rolls_back)},
          {"rolls_back_test", test(row.rolls_back)},
          {"why", row.why}};
}

}  // namespace sitewide
