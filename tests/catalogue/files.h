// Files of the source tree, and the table of the articles' files that was taken from the articles
// themselves, not from the catalogue.
#pragma once

#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>
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

inline std::vector<TableRow> rows_of(const std::string& path) {
  std::vector<TableRow> rows;
  std::istringstream lines(source_text(path));
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

inline std::vector<TableRow> table_rows() { return rows_of("tests/catalogue/hotfix-files.tsv"); }

/// In lower case, by no code of the program's.
inline std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The folders under the site's root that a row's target means; lower case, with `/`.
inline std::set<std::string> folders_of(const std::string& target, const std::string& language) {
  const std::string source = "site.srv/maincfg.box/client.src";
  std::set<std::string> folders;
  if (target.starts_with("CS root")) return {source};
  if (target.starts_with("MAINCFG")) return {"site.srv/maincfg.box/mstest"};
  if (target.starts_with("Primsite")) return {"primsite.srv/import.src/enu"};
  if (target.starts_with("HELPER")) return {};
  if (target.find("CS\\X\\<lang>") != std::string::npos)
    return {source + "/x86.bin/" + lower(language)};
  if (target.starts_with("CS\\X")) folders.insert(source + "/x86.bin");
  if (target.starts_with("CS\\A")) folders.insert(source + "/alpha.bin");
  if (target.find("SB\\X") != std::string::npos) folders.insert("site.srv/x86.bin");
  if (target.find("SB\\A") != std::string::npos) folders.insert("site.srv/alpha.bin");
  return folders;
}

/// A tool or a fragment: it is used, and goes nowhere.
inline bool is_tool(const TableRow& row) { return row.target == "tool/fragment"; }

/// Nobody says where these go; the catalogue says where it took the folder from.
inline bool is_open(const TableRow& row) {
  return row.target == "(not stated)" || row.target.find("no target named") != std::string::npos;
}

/// Supplied, but not what the article's steps put in place; or, in Q193031, what was replaced.
inline bool is_optional(const TableRow& row) {
  return row.target.find("not in text") != std::string::npos ||
         row.target.find("no target named") != std::string::npos ||
         (row.article == "Q193031" && row.date.ends_with("98"));
}

}  // namespace sitewide::test
