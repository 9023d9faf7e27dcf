#include "plans/draft.h"

#include <algorithm>

#include "orchestrator/base/text.h"
#include "plans/catalogue.h"
#include "plans/grammar.h"

namespace sitewide {
namespace {

Error mistake(const std::string& what) { return {ErrorKind::usage, what}; }

Result<> check_name(const char* kind, const std::string& name) {
  if (is_name(name)) return {};
  return mistake(std::string(kind) + " `" + escaped(name, 80) +
                 "` is no name: letters, digits, `.`, `_` and `-`, at most 64");
}

Result<> check_path(const char* kind, const std::string& path) {
  if (path.empty()) return mistake(std::string(kind) + " is not given");
  if (!is_utf8(path) || has_control_character(path) || path.find('\\') != path.npos)
    return mistake(std::string(kind) + " `" + escaped(path, 80) +
                   "` is no path of a plan: UTF-8 with `/` and without control characters");
  return {};
}

Result<> check_site(const DraftSite& site) {
  if (auto good = check_name("site", site.name); !good) return good;
  if (auto good = check_path(("the root of site " + site.name).c_str(), site.root); !good)
    return good;
  if (site.logon_servers.empty())
    return mistake("site " + site.name + " has no logon server: --logon-server NAME=DIR");
  for (const auto& [name, share] : site.logon_servers) {
    if (auto good = check_name("logon server", name); !good) return good;
    if (auto good = check_path(("the share of logon server " + name).c_str(), share); !good)
      return good;
  }
  return {};
}

Result<> check_hotfix(const Draft& draft) {
  if (draft.method == Method::command) {
    if (draft.hotfix.empty() && draft.sites.empty()) return {};
    return mistake("the command method runs programs of yours and needs neither hotfix nor site");
  }
  if (draft.hotfix.empty())
    return mistake("no hotfix is given: --hotfix ARTICLE, or --method command");
  const auto entry = find_catalogue_entry(draft.hotfix);
  if (!entry) {
    const auto known = catalogue_articles();
    const std::string_view near = nearest(draft.hotfix, known);
    return mistake("the catalogue has no hotfix `" + escaped(draft.hotfix, 40) + "`" +
                   (near.empty() ? "; `sitewide catalogue` lists those it has"
                                 : "; did you mean `" + std::string(near) + "`?"));
  }
  const std::string_view method = name_of(draft.method);
  if (std::find(entry->methods.begin(), entry->methods.end(), method) == entry->methods.end())
    return mistake(draft.hotfix + " does not go out by " + std::string(method));
  if (draft.sites.empty()) return mistake("no site is given: --site NAME=DIR");
  return {};
}

// A scalar that YAML reads as this text whatever it holds.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

std::string hotfix_lines(const Draft& draft) {
  std::string text =
      "hotfix:\n  id: " + draft.hotfix + "\n  catalogue: " + draft.hotfix +
      "          # names, platforms, sizes and dates come from the article\n  payload: " +
      quoted(draft.payload) + "\n  # The files that are looked for in that folder:\n";
  const auto entry = find_catalogue_entry(draft.hotfix);
  for (const FileFacts& facts : entry ? entry->files : std::vector<FileFacts>{}) {
    text += "  #   " + facts.file.platform + "/" + facts.file.name +
            (facts.optional ? "   (only when `files:` lists it)" : "") + "\n";
  }
  return text + "\n";
}

std::string site_lines(const Draft& draft) {
  std::string text = "sites:\n";
  for (const DraftSite& site : draft.sites) {
    text += "  " + quoted(site.name) + ":\n    root: " + quoted(site.root) +
            "          # the site server's SMS root, as this machine sees it\n"
            "    logon_servers:          # every one of them: what its SMS_SHR shows\n";
    for (const auto& [name, share] : site.logon_servers)
      text += "      " + quoted(name) + ": " + quoted(share) + "\n";
    text += "    # replication: {within: 72h, warn_after: 1h}\n";
  }
  return text + "\n";
}

std::string client_lines(const Draft& draft) {
  std::string text =
      "inventory:\n"
      "  # The first row names the columns: name, perhaps address, and labels of your own\n"
      "  # (site, platform, os, ring ...), by which groups select clients.\n"
      "  - file: " +
      quoted(draft.inventory) + "\n";
  if (draft.sites.size() == 1)
    text += "    labels: {site: " + quoted(draft.sites[0].name) +
            "}          # of clients whose row has none\n";
  text +=
      "\ntransports:\n  shop:\n    type: local          # the client's drive C is a folder here\n"
      "    root: " +
      quoted(draft.root) + "\n";
  if (draft.method == Method::upgrade_bat)
    text +=
        "    # A program of yours that runs the batch file on that client, its folder current:\n"
        "    batch: [run-batch, \"{client.root}\", \"{logon_server.share}\", \"{batch}\"]\n";
  return text + "\n";
}

std::string group_lines(const Draft& draft) {
  std::string text =
      "groups:\n"
      "  - name: everybody\n"
      "    select: name          # all clients; or such as: site=HQ, ring notin (canary)\n"
      "    method: " +
      std::string(name_of(draft.method)) + "\n";
  switch (draft.method) {
    case Method::site_wide:
      text +=
          "    reaches: site          # says that you know: a force reaches every client there\n"
          "    before: [{approval: go}]          # sitewide approve latest everybody go\n";
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
      text +=
          "    waves: [1, 10%, rest]          # the next starts when the one before is proven\n"
          "    # after_wave: [{soak: 1h}]\n";
      break;
  }
  return text +
         "    tolerate: {failed: 0, late: 5%}          # one failure more halts, and rolls back\n"
         "    # windows: [{days: Mon-Fri, start: \"22:00\", for: 7h, zone: Europe/Berlin}]\n\n"
         "# limits: {in_flight: 200, rollout_within: 14d}\n";
}

}  // namespace

Result<> check_draft(const Draft& draft) {
  if (auto good = check_name("the plan's name", draft.name); !good) return good;
  if (auto good = check_hotfix(draft); !good) return good;
  for (const DraftSite& site : draft.sites) {
    if (auto good = check_site(site); !good) return good;
  }
  if (auto good = check_path("the inventory", draft.inventory); !good) return good;
  if (auto good = check_path("the clients' root", draft.root); !good) return good;
  if (draft.method == Method::command) return {};
  return check_path("the payload folder", draft.payload);
}

std::string draft_text(const Draft& draft) {
  const bool sms = draft.method != Method::command;
  return "# yaml-language-server: $schema=./plan.schema.json\n"
         "# For editors: `sitewide schema > plan.schema.json`. Paths begin at this file's folder.\n"
         "# Next: `sitewide validate` says what is wrong, `sitewide preview` what would happen.\n"
         "version: 1\n"
         "name: " +
         quoted(draft.name) + "\n\n" + (sms ? hotfix_lines(draft) : "") +
         (sms ? site_lines(draft) : "") + client_lines(draft) + group_lines(draft);
}

}  // namespace sitewide
