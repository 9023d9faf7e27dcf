#include <algorithm>
#include <array>

#include "orchestrator/base/text.h"
#include "orchestrator/core/operation.h"
#include "plans/catalogue.h"
#include "plans/draft.h"

namespace sitewide {
namespace {

constexpr std::size_t kCommentColumn = 38;
constexpr std::string_view kEnglish = "00000409";

// A line with a comment behind it.
std::string line(std::string text, std::string_view comment) {
  text.resize(std::max(text.size() + 2, kCommentColumn), ' ');
  return text + "# " + std::string(comment) + "\n";
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A scalar that YAML reads as this text whatever it holds. Plain where nobody could read it
// otherwise: words such as `no` and `null` have other meanings, and so do numbers.
std::string scalar(const std::string& text) {
  static constexpr std::array<std::string_view, 9> kOther = {"y",   "n",    "yes",   "no",  "on",
                                                             "off", "true", "false", "null"};
  const auto is_plain = [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '/';
  };
  const bool begins = !text.empty() && (is_letter(text.front()) || text.front() == '/');
  if (begins && std::all_of(text.begin(), text.end(), is_plain) &&
      std::find(kOther.begin(), kOther.end(), to_lower(text)) == kOther.end())
    return text;
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

// The edition that the plan's sites have; empty when the article has none, or one for all.
std::string edition_of(const Draft& draft, const CatalogueEntry& entry) {
  const std::vector<std::string> editions = entry.editions();
  if (editions.empty()) return {};
  if (!draft.language.empty()) return draft.language;
  const bool english = std::find(editions.begin(), editions.end(), kEnglish) != editions.end();
  return english ? std::string(kEnglish) : editions.back();
}

// What goes out by itself to the plan's sites.
std::vector<FileFacts> files_of(const Draft& draft, const CatalogueEntry& entry) {
  const std::string edition = edition_of(draft, entry);
  std::vector<FileFacts> files;
  for (const FileFacts& facts : entry.files) {
    const bool other = !facts.edition.empty() && !equals_ignoring_case(facts.edition, edition);
    if (!facts.optional && !other) files.push_back(facts);
  }
  return files;
}

std::vector<std::string> fragments_of(const CatalogueEntry& entry) {
  std::vector<std::string> fragments;
  for (const MapEdit& edit : entry.parts.map) {
    if (!edit.fragment.empty()) fragments.push_back(edit.fragment);
  }
  return fragments;
}

std::string hotfix_lines(const Draft& draft, const CatalogueEntry& entry) {
  std::string text = "hotfix:\n  id: " + entry.article + "\n" +
                     line("  catalogue: " + entry.article,
                          "names, platforms, sizes and dates come from the article");
  const std::vector<FileFacts> files = files_of(draft, entry);
  const std::vector<std::string> fragments = fragments_of(entry);
  if (files.empty() && fragments.empty()) return text + "\n";
  text += line("  payload: " + scalar(draft.payload), "the folder that holds these files:");
  for (const FileFacts& facts : files)
    text += "  #   " + facts.file.platform + "/" + facts.file.name + "\n";
  for (const std::string& fragment : fragments) text += "  #   " + fragment + "\n";
  return text + "\n";
}

template <class Kind>
bool has(const CatalogueEntry& entry, Kind kind) {
  return std::any_of(entry.parts.site.begin(), entry.parts.site.end(),
                     [&](const SitePart& part) { return part.kind == kind; });
}

// What the article needs to be said of a site.
std::string needs_lines(const Draft& draft, const CatalogueEntry& entry) {
  std::string text;
  const std::vector<std::uint32_t>& packs = entry.needs.service_packs;
  if (!packs.empty()) {
    std::vector<std::string> words;
    words.reserve(packs.size());
    for (const std::uint32_t pack : packs) words.push_back(std::to_string(pack));
    text += line("    service_pack: " + words.back(),
                 "the site's own; " + entry.article + " is for " + join(words, " or "));
  }
  if (!entry.needs.fixes.empty())
    text += line("    fixes: [" + join(entry.needs.fixes, ", ") + "]",
                 "what the site has; these are needed");
  if (!entry.needs.language.empty())
    text += line("    language: \"" + entry.needs.language + "\"", "the site's own");
  if (const std::string edition = edition_of(draft, entry); !edition.empty())
    text += line("    language: \"" + edition + "\"",
                 "the site's own; there is " + join(entry.editions(), " and "));
  if (has(entry, SitePart::Kind::stop_service))
    text +=
        "    # Programs of yours that reach the site server; `query` ends with 0 when the service\n"
        "    # runs and with 1 when it is stopped.\n"
        "    services:\n"
        "      query: [./service, query, \"{site.name}\", \"{service}\"]\n"
        "      stop: [./service, stop, \"{site.name}\", \"{service}\"]\n"
        "      start: [./service, start, \"{site.name}\", \"{service}\"]\n";
  if (has(entry, SitePart::Kind::site_reset))
    text += line("    site_reset: {run: [./reset-site, \"{site.name}\"]}", "yours too");
  return text;
}

std::string site_lines(const Draft& draft, const CatalogueEntry& entry) {
  std::string text = "sites:\n";
  for (const DraftSite& site : draft.sites) {
    text += "  " + scalar(site.name) + ":\n" +
            line("    root: " + scalar(site.root), "its SMS folder, as this machine sees it") +
            line("    logon_servers:", "all of them: what each one's SMS_SHR shows");
    for (const auto& [name, share] : site.logon_servers)
      text += "      " + scalar(name) + ": " + scalar(share) + "\n";
    text += needs_lines(draft, entry) + "    # replication: {within: 72h, warn_after: 1h}\n";
  }
  return text + "\n";
}

std::string client_lines(const Draft& draft) {
  const bool sms = method_of(draft) != Method::command;
  std::string text =
      "inventory:\n  # The first row names the columns: name, perhaps address, and labels of your "
      "own\n  # (" +
      std::string(sms ? "site, platform, os, ring" : "ring, room") +
      " …), by which groups select clients.\n  - file: " + scalar(draft.inventory) + "\n";
  if (draft.sites.size() == 1)
    text += line("    labels: {site: " + scalar(draft.sites[0].name) + "}",
                 "of clients whose row has none");
  text += "\ntransports:\n  shop:\n" + line("    type: local", "drive C is a folder here") +
          "    root: " + scalar(draft.root) + "\n";
  if (method_of(draft) == Method::upgrade_bat)
    text +=
        "    # A program of yours that runs the batch file on that client, its folder current:\n"
        "    batch: [./run-batch, \"{client.root}\", \"{logon_server.share}\", \"{batch}\"]\n";
  return text + "\n";
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKinds = {{{"x86", "nt"},
                                                                                  {"x86", "win95"},
                                                                                  {"x86", "win16"},
                                                                                  {"x86", "dos"},
                                                                                  {"x86", "os2"},
                                                                                  {"alpha", "nt"}}};

bool empty_or_holds(const std::vector<std::string>& words, std::string_view word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

// The kinds of clients that the article has something for.
std::vector<ClientKind> kinds_of(const Draft& draft, const CatalogueEntry& entry) {
  std::vector<PlannedFile> files;
  for (const FileFacts& facts : files_of(draft, entry)) {
    for (PlannedFile& file : planned_files(facts)) {
      if (!file.on_client.empty()) files.push_back(std::move(file));
    }
  }
  std::vector<ClientKind> kinds;
  for (const auto& [platform, os] : kKinds) {
    const ClientKind kind{std::string(platform), std::string(os)};
    const bool concerned = std::any_of(
        files.begin(), files.end(), [&](const PlannedFile& file) { return concerns(file, kind); });
    const bool wanted =
        empty_or_holds(entry.needs.platforms, platform) && empty_or_holds(entry.needs.os, os);
    if (wanted && (concerned || files.empty())) kinds.push_back(kind);
  }
  return kinds;
}

// The term `key=one` or `key in (one, other)`; nothing when all of `known` are there.
std::string term(const std::string& key, const std::vector<std::string>& values,
                 std::size_t known) {
  if (values.size() == known) return {};
  if (values.size() == 1) return key + "=" + values.front();
  return key + " in (" + join(values, ", ") + ")";
}

// Selects the clients that the article has something for.
std::string selector_of(const Draft& draft) {
  const auto entry = find_catalogue_entry(draft.hotfix);
  if (!entry) return "name";
  std::vector<std::string> platforms, systems;
  const auto note = [](std::vector<std::string>& words, const std::string& word) {
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  };
  for (const ClientKind& kind : kinds_of(draft, *entry)) {
    note(platforms, kind.platform);
    note(systems, kind.os);
  }
  const std::string platform = term("platform", platforms, 2);
  const std::string system = term("os", systems, 5);
  if (platform.empty() && system.empty()) return "name";
  return platform + (platform.empty() || system.empty() ? "" : ", ") + system;
}

std::string group_lines(const Draft& draft) {
  const Method method = method_of(draft);
  const std::string selector = selector_of(draft);
  const std::string comment = selector == "name"
                                  ? "all clients; or such as: site=HQ, ring=canary"
                                  : "those that it has something for; or ring=canary too";
  std::string text = "groups:\n  - name: everybody\n" + line("    select: " + selector, comment) +
                     "    method: " + std::string(name_of(method)) + "\n";
  switch (method) {
    case Method::site_wide:
      text += line("    reaches: site", "says that you know: a force reaches every client there") +
              line("    before: [{approval: go}]", "sitewide approve latest everybody go");
      break;
    case Method::command:
      text +=
          "    command:\n"
          "      # Say here how a client is upgraded, how that is checked and how it is undone.\n"
          "      upgrade: [sh, -c, 'echo \"$0: the plan does not say how yet\" >&2; exit 1', "
          "\"{client.name}\"]\n"
          "      # verify: [...]\n"
          "      # restore: [...]\n";
      [[fallthrough]];
    case Method::upgrade_bat:
      text += line("    waves: [1, 10%, rest]", "the next starts when the one before is proven") +
              "    # after_wave: [{soak: 1h}]\n";
      break;
  }
  return text + line("    tolerate: {failed: 0, late: 5%}", "one failure more halts, rolls back") +
         "    # windows: [{days: Mon-Fri, start: \"22:00\", for: 7h, zone: Europe/Berlin}]\n\n"
         "# limits: {in_flight: 200, rollout_within: 14d}\n";
}

}  // namespace

std::string draft_text(const Draft& draft) {
  std::string text =
      "# yaml-language-server: $schema=./plan.schema.json\n"
      "# For editors: `sitewide schema > plan.schema.json`. Paths begin at this file's folder.\n"
      "# Next: `sitewide validate` says what is wrong, `sitewide preview` what would happen.\n"
      "version: 1\n"
      "name: " +
      scalar(draft.name) + "\n\n";
  if (const auto entry = find_catalogue_entry(draft.hotfix))
    text += hotfix_lines(draft, *entry) + site_lines(draft, *entry);
  return text + client_lines(draft) + group_lines(draft);
}

std::string draft_inventory(const Draft& draft) {
  const auto entry = find_catalogue_entry(draft.hotfix);
  if (!entry) return "name,ring\nexample,canary\n";
  std::string text = "name,site,platform,os,ring\n";
  for (const DraftSite& site : draft.sites) {
    for (const ClientKind& kind : kinds_of(draft, *entry))
      text += "example-" + to_lower(site.name) + "-" + kind.platform + "-" + kind.os + "," +
              site.name + "," + kind.platform + "," + kind.os + ",canary\n";
  }
  return text;
}

}  // namespace sitewide
