// Loading plans from text, for tests of plans/.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "plans/diagnostics.h"
#include "plans/loader.h"

namespace sitewide::testing {

inline std::string source_file(const std::string& path) {
  return std::string(SITEWIDE_SOURCE_DIR) + "/" + path;
}

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Each problem as `line:column message`.
inline std::vector<std::string> lines_of(const Problems& problems) {
  std::vector<std::string> lines;
  for (const Problem& problem : problems) {
    lines.push_back(std::to_string(problem.place.line) + ":" +
                    std::to_string(problem.place.column) + " " + problem.message);
  }
  return lines;
}

inline LoadedPlan load_text(const std::string& yaml) { return load_plan("/plans/plan.yaml", yaml); }

/// A plan with one group whose further lines are `group`, and further top-level lines `rest`.
inline LoadedPlan load_group(const std::string& group, const std::string& rest = {}) {
  return load_text(R"(version: 1
name: test
hotfix: {id: Q1, files: [{name: A.exe, platform: x86, source: a.exe}]}
sites: {HQ: {root: sms, logon_servers: {L1: l1}}}
inventory: [{hosts: [pc1]}]
transports: {shop: {type: local, root: "c/{client.name}", batch: ["{batch}"]}}
)" + rest + "groups:\n  - name: canary\n    select: name\n" +
                   group);
}

}  // namespace sitewide::testing
