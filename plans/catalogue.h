// Catalogue: facts of hotfix articles, one YAML file an article in plans/catalogue/, held inside
// the program. A plan that names an article need not repeat them. Reading is pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/problem.h"
#include "plans/values.h"

namespace sitewide {

/// A planned file before it is known where each copy of it goes.
struct FileFacts {
  PlannedFile file;             ///< targets that are empty get their default
  std::vector<std::string> to;  ///< `client`, `logon_server`, `server`, `helper`
  std::string edition;          ///< language of the sites that it is for; empty: any
  bool optional = false;        ///< only for plans that list it
};

/// What an article needs of a site and of clients. Empty: anything goes.
struct Requirements {
  std::vector<std::uint32_t> service_packs;  ///< of SMS 1.2; 0: none
  std::vector<std::string> fixes;            ///< articles
  std::string language;
  std::vector<std::string> platforms, os;  ///< of clients
};

struct CatalogueEntry {
  std::string article;
  std::string title;
  std::string product;
  std::vector<std::string> methods;  ///< `upgrade_bat`, `site_wide`
  std::vector<FileFacts> files;
  std::vector<FileFacts> tools;  ///< supplied, but staged nowhere; only name, CPU, size, date
  Requirements needs;
  std::vector<std::string> supersedes;  ///< articles that it replaces
  Parts parts;                          ///< its site steps and client steps
  std::vector<std::string> errata;      ///< where the article is wrong or ambiguous
  std::vector<std::string> notes;       ///< conditions and work by hand, for people

  /// The languages that its files have editions for, sorted.
  std::vector<std::string> editions() const;

  /// The file of that name (in any case) and platform, or null.
  const FileFacts* find(std::string_view name, std::string_view platform) const;
};

/// All articles' numbers, sorted.
std::vector<std::string_view> catalogue_articles();
/// The YAML of an article, or nothing.
std::optional<std::string_view> catalogue_text(std::string_view article);
/// The entry of an article, or nothing.
std::optional<CatalogueEntry> find_catalogue_entry(std::string_view article);
/// Reads one entry. With problems, it is incomplete.
CatalogueEntry parse_catalogue_entry(std::string_view yaml, Problems& problems);

/// Takes over what `values` says of one file.
void read_file_facts(const Values& values, FileFacts& facts);
/// One PlannedFile for each of `to`, with default targets where none is given.
std::vector<PlannedFile> planned_files(const FileFacts& facts);

}  // namespace sitewide
