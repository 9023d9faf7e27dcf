#include <algorithm>
#include <boost/json.hpp>

#include "orchestrator/base/text.h"
#include "orchestrator/cli/readiness.h"

namespace sitewide {
namespace {

constexpr std::size_t kMostNames = 20;

std::string names_of(const std::vector<std::string>& clients) {
  std::string text;
  for (std::size_t i = 0; i < std::min(clients.size(), kMostNames); ++i)
    text += (i == 0 ? "" : ", ") + escaped(clients[i], 80);
  const std::size_t more = clients.size() - std::min(clients.size(), kMostNames);
  return text + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

std::string line_of(const Finding& finding) {
  return finding.about + ": " + finding.lack.what +
         (finding.clients.empty() ? "" : ": " + names_of(finding.clients));
}

std::string group_line(const Schedule& schedule, const GroupSample& sample) {
  const ScheduledGroup& group = schedule.groups[sample.group];
  const Transport& transport = schedule.transports[group.transport];
  std::string text =
      "  " + group.plan.name + ": " + (sample.has_inspect ? "asked " : "looked for ") +
      std::to_string(sample.asked.size()) + " of " + count_of(group.clients.size(), "client");
  const char* separator = ": ";
  for (std::size_t i = 0; sample.has_inspect && i < kClientStandings; ++i) {
    if (sample.counts[i] == 0) continue;
    text += separator + std::to_string(sample.counts[i]) + " " +
            std::string(name_of(static_cast<ClientStanding>(i)));
    separator = ", ";
  }
  return text + "; its transport " + transport.name + " (" + transport.type + ") reaches " +
         (sample.files ? "files" : "no files") + " and keeps " +
         (sample.records ? "records of attempts" : "no records of attempts") + "\n";
}

std::string listed(const Readiness& readiness, bool stops, const std::string& title) {
  std::string text;
  std::size_t count = 0;
  for (const Finding& finding : readiness.findings) {
    if (finding.lack.stops != stops) continue;
    ++count;
    text += "  " + line_of(finding) + "\n";
    if (!finding.lack.remedy.empty()) text += "      " + finding.lack.remedy + "\n";
  }
  return count == 0 ? std::string() : title + ", " + std::to_string(count) + ":\n" + text;
}

boost::json::object counts_json(const std::array<std::uint32_t, kClientStandings>& counts) {
  boost::json::object members;
  for (std::size_t i = 0; i < kClientStandings; ++i) {
    std::string name(name_of(static_cast<ClientStanding>(i)));
    std::ranges::replace(name, ' ', '_');
    members[name] = counts[i];
  }
  return members;
}

}  // namespace

std::string readiness_text(const Schedule& schedule, const Readiness& readiness, bool concise) {
  std::string text;
  if (concise) {
    for (const Finding& finding : readiness.findings)
      text += (finding.lack.stops ? "missing: " : "warning: ") + line_of(finding) + "\n";
    return text;
  }
  text = "Looked at " + count_of(readiness.sites, "site") + " with " +
         count_of(readiness.logon_servers, "logon server") + ", and at clients, in " +
         describe_duration(readiness.took) + "; nothing was changed\n";
  for (const GroupSample& sample : readiness.sample.groups) text += group_line(schedule, sample);
  text += listed(readiness, true, "Missing");
  text += listed(readiness, false, "Warnings");
  return text + (readiness.lacks_anything() ? "" : "Nothing is missing.\n");
}

std::vector<std::pair<std::string, boost::json::object>> readiness_json(
    const Schedule& schedule, const Readiness& readiness) {
  std::vector<std::pair<std::string, boost::json::object>> lines;
  std::size_t asked = 0;
  for (const GroupSample& sample : readiness.sample.groups) {
    const ScheduledGroup& group = schedule.groups[sample.group];
    boost::json::object members{
        {"group", group.plan.name},        {"transport", schedule.transports[group.transport].name},
        {"files", sample.files},           {"records", sample.records},
        {"clients", group.clients.size()}, {"asked", sample.asked.size()}};
    if (sample.has_inspect) members["counts"] = counts_json(sample.counts);
    lines.emplace_back("probe.group", std::move(members));
    asked += sample.asked.size();
  }
  for (const Finding& finding : readiness.findings) {
    boost::json::object members{{"level", finding.lack.stops ? "error" : "warning"},
                                {"about", to_utf8(finding.about)},
                                {"what", to_utf8(finding.lack.what)},
                                {"remedy", to_utf8(finding.lack.remedy)}};
    boost::json::array names;
    for (const std::string& name : finding.clients) names.emplace_back(to_utf8(name));
    if (!names.empty()) members["clients"] = std::move(names);
    lines.emplace_back("probe.finding", std::move(members));
  }
  const auto missing = std::ranges::count_if(
      readiness.findings, [](const Finding& finding) { return finding.lack.stops; });
  lines.emplace_back(
      "probe.summary",
      boost::json::object{
          {"sites", readiness.sites},
          {"logon_servers", readiness.logon_servers},
          {"asked", asked},
          {"missing", missing},
          {"warnings", static_cast<std::ptrdiff_t>(readiness.findings.size()) - missing},
          {"took_ms", readiness.took.count()}});
  return lines;
}

}  // namespace sitewide
