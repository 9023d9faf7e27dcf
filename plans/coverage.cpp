#include "plans/coverage.h"

#include "orchestrator/base/check.h"
#include "orchestrator/base/text.h"
#include "plans/catalogue_data.h"

namespace sitewide {

std::string Coverage::in_words(const std::string& claim) {
  return claim.find('.') == std::string::npos ? claim : "yes";
}

std::vector<Coverage> catalogue_coverage() {
  std::vector<Coverage> rows;
  for (const std::string_view line : split(catalogue_coverage_text(), '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto cells = split(line, '\t');
    check(cells.size() == 5, "a row of coverage.tsv has five cells");
    rows.push_back({std::string(cells[0]), std::string(cells[1]), std::string(cells[2]),
                    std::string(cells[3]), std::string(cells[4])});
  }
  return rows;
}

}  // namespace sitewide
