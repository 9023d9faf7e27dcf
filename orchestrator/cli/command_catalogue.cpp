#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/catalogue_text.h"
#include "orchestrator/cli/commands.h"
#include "plans/catalogue.h"
#include "plans/coverage.h"

namespace sitewide {
namespace {

std::vector<CatalogueEntry> all_entries() {
  std::vector<CatalogueEntry> entries;
  for (const std::string_view article : catalogue_articles()) {
    if (auto entry = find_catalogue_entry(article)) entries.push_back(std::move(*entry));
  }
  return entries;
}

void list(const Console& console) {
  const auto entries = all_entries();
  if (!console.json()) return console.out(catalogue_list_text(entries));
  for (const CatalogueEntry& entry : entries) {
    console.line("article", {{"article", entry.article},
                             {"title", entry.title},
                             {"methods", boost::json::value_from(entry.methods)},
                             {"files", entry.files.size()},
                             {"needs", needs_in_brief(entry)}});
  }
}

/// One article's row, or all.
Result<ExitCode> coverage(const std::string& article, const Console& console) {
  std::vector<Coverage> rows = catalogue_coverage();
  if (!article.empty())
    std::erase_if(rows, [&](const Coverage& row) { return row.article != article; });
  if (rows.empty()) {
    return Error{ErrorKind::refused, "no article `" + escaped(article, 40) +
                                         "` in the family; `sitewide catalogue --coverage` lists "
                                         "them"};
  }
  if (!console.json()) console.out(coverage_text(rows));
  for (const Coverage& row : rows) {
    if (console.json()) console.line("coverage", coverage_json(row));
  }
  return ExitCode::on_target;
}

}  // namespace

Result<ExitCode> command_catalogue(const Options& options, const Console& console) {
  if (options.coverage) return coverage(options.target, console);
  if (options.target.empty()) {
    list(console);
    return ExitCode::on_target;
  }
  const auto entry = find_catalogue_entry(options.target);
  if (!entry) {
    for (const Coverage& row : catalogue_coverage()) {
      if (!equals_ignoring_case(row.article, options.target)) continue;
      return Error{ErrorKind::refused, row.article + " is not expressible as a plan: " + row.why};
    }
    const auto articles = catalogue_articles();
    const std::string_view near = nearest(options.target, articles);
    return Error{ErrorKind::refused,
                 "no article `" + escaped(options.target, 40) + "` in the catalogue" +
                     (near.empty() ? "; `sitewide catalogue` lists them"
                                   : "; did you mean `" + std::string(near) + "`?")};
  }
  if (console.json()) {
    console.line("article", catalogue_entry_json(*entry));
  } else {
    console.out(catalogue_entry_text(*entry));
  }
  return ExitCode::on_target;
}

}  // namespace sitewide
