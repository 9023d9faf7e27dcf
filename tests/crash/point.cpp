#include "tests/crash/point.h"

#include <regex>
#include <sstream>

#include "tests/support/lab_check.h"

namespace sitewide::test {
namespace {

/// Numbers of processes and chance make temporary names new each time.
std::string without_chance(const std::string& path) {
  static const std::regex journal(R"(\.new-[0-9]+-[0-9]+)");
  static const std::regex site(R"((\.sitewide-[^-/]+)-[0-9]+)");
  return std::regex_replace(std::regex_replace(path, journal, ".new-*"), site, "$1-*");
}

struct Line {
  std::string call, path;
};

std::vector<Line> lines_of(const std::string& log) {
  std::vector<Line> lines;
  std::istringstream text(log);
  for (std::string line; std::getline(text, line);) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos) lines.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  return lines;
}

}  // namespace

std::string describe(const Point& point) {
  return point.what + " " + point.call.call + " " + std::to_string(point.call.nth) + " of " +
         point.call.path;
}

std::map<std::string, std::string> environment_for(const Point& point, const std::string& root,
                                                   const std::string& log) {
  const bool program = point.call.call == "spawn";
  auto environment =
      crash_at(point.call.call + ":" + point.what + ":" + std::to_string(point.call.nth) + ":" +
               (program ? point.call.path : root + "/" + point.call.path));
  if (!log.empty()) environment["SITEWIDE_CRASH_LOG"] = log;
  return environment;
}

std::map<std::string, std::string> environment_to_count(const std::string& log) {
  auto environment = crash_at("");
  environment.erase("SITEWIDE_CRASH");
  environment["SITEWIDE_CRASH_LOG"] = log;
  return environment;
}

std::vector<Call> calls_in(const std::string& log, const std::string& root) {
  std::vector<Call> calls;
  std::map<std::pair<std::string, std::string>, int> count;
  for (const Line& line : lines_of(log)) {
    std::string path = line.path;
    if (line.call != "spawn") {
      if (!path.starts_with(root + "/")) continue;
      path = without_chance(path.substr(root.size() + 1));
    }
    const int nth = ++count[{line.call, path}];
    calls.push_back({line.call, path, nth});
  }
  return calls;
}

bool was_reached(const std::string& log) {
  for (const Line& line : lines_of(log)) {
    if (line.call == "chosen") return true;
  }
  return false;
}

std::vector<std::string> went_on_after(const std::string& log) {
  std::vector<std::string> done;
  bool chosen = false;
  for (const Line& line : lines_of(log)) {
    if (line.call == "chosen") chosen = true;
    const bool writes = line.call == "write" && line.path.ends_with("/journal.db-wal");
    if (chosen && (writes || line.call == "spawn")) done.push_back(line.call + " " + line.path);
  }
  return done;
}

bool is_commit(const Call& call) {
  return call.call == "sync" && call.path.ends_with("/journal.db-wal");
}

bool is_journal(const Call& call) {
  const bool state = call.path == "state" || call.path.starts_with("state/");
  const bool makes = call.call == "mkdir" || call.call == "mode";
  if (makes && call.path.ends_with("/backups")) return true;
  return state && call.path.find("/backups") == std::string::npos;
}

}  // namespace sitewide::test
