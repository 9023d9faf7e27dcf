// Files of the source tree, and the table of the articles' files that was taken from the articles
// themselves, not from the catalogue.
#pragma once

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace sitewide::test {

inline std::string source_text(const std::string& path) {
  std::ifstream file(std::string(SITEWIDE_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// One line of hotfix-files.tsv: as the article prints it, but for the target.
struct TableRow {
  std::string article, file, platform, size, date, time;
  std::string target;  ///< `CS\X`, `SB\A`, `CS\X + SB\X`, `CS root …`, `tool/fragment` …
};

inline std::vector<TableRow> table_rows() {
  std::vector<TableRow> rows;
  std::istringstream lines(source_text("tests/catalogue/hotfix-files.tsv"));
  std::string line;
  std::getline(lines, line);  // names of the columns
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    std::istringstream rest(line);
    for (std::string cell; std::getline(rest, cell, '\t');) cells.push_back(cell);
    cells.resize(7);
    rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]});
  }
  return rows;
}

}  // namespace sitewide::test
