// Readers: each takes one part of a document whose shape was checked and fills the part of the Plan
// it is named for. They report what a table of keys cannot say: references, contradictions, rules
// of methods. Used by plans/loader.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "orchestrator/core/problem.h"
#include "plans/inventory.h"
#include "plans/values.h"

namespace sitewide {

/// What no plan needs more of; checks that compare each with each stay quick.
inline constexpr std::size_t kMostGroups = 1000;
inline constexpr std::size_t kMostFiles = 1000;
inline constexpr std::size_t kMostTransports = 1000;
inline constexpr std::size_t kMostWindows = 100;  ///< of one group

/// What readers share.
struct Reading {
  std::string folder;  ///< of the plan, absolute: relative paths begin there
  Problems problems;
  bool has_hotfix = false;  ///< the plan has that key, whatever became of its value
  bool has_sites = false;
  std::size_t zones_looked_for = 0;  ///< names of zones that a similar one was looked for

  void error(const Place& place, std::string message, std::string help = {}) {
    problems.push_back(
        {Problem::Severity::error, place, std::move(message), std::move(help), {}, {}});
  }
  void warning(const Place& place, std::string message, std::string help = {}) {
    problems.push_back(
        {Problem::Severity::warning, place, std::move(message), std::move(help), {}, {}});
  }
  /// Reports that the plan has more than `most` of something.
  void too_many(const Place& place, std::string_view owner, std::size_t most,
                std::string_view things, std::string help = {});
  /// `path` made absolute and lexically normal; nothing is looked up.
  std::string absolute(const std::string& path) const;
};

/// `sites`: the plan's; an article with builds for several languages needs theirs.
Hotfix read_hotfix(const Values& hotfix, const std::vector<Site>& sites, Reading& reading);
std::vector<Site> read_sites(const std::vector<Entry>& sites, Reading& reading);
std::vector<Transport> read_transports(const std::vector<Entry>& transports, Reading& reading);
std::vector<InventorySource> read_sources(const std::vector<Node>& sources, Reading& reading);
Group read_group(const Values& group, Reading& reading);
std::vector<Gate> read_gates(const std::vector<Node>& gates, Reading& reading);
/// Adds the windows of `windows:` and of `before:`.
void read_windows(const Values& group, std::vector<Window>& windows, Reading& reading);
Limits read_limits(const Values& limits, Reading& reading);
std::vector<NotifyTarget> read_notify(const std::vector<Node>& items, Reading& reading);
/// A text, or where a secret is; not given when `node` is null.
SecretText read_secret(const Node* node, const Reading& reading);
/// `headers` of a request to a web server.
std::vector<PlannedHeader> read_headers(const Values& values, Reading& reading);
/// `smb`: who logs in on SMB servers.
SmbLogin read_smb_login(const Values& smb, Reading& reading);
/// A folder of this machine, made absolute, or a place on an SMB server, which is checked.
std::string read_place(const std::string& text, const Place& place, Reading& reading);
/// `files`, `share` and `smb` of a transport.
void read_smb_files(const Values& transport, Transport& read, Reading& reading);
/// A program that is named by a relative path with a `/` lies beside the plan; a bare name is
/// looked up in PATH.
void put_beside_plan(Argv& argv, const Reading& reading);
/// An argv list of the plan, its program put beside the plan.
Argv read_program(const Values& values, std::string_view key, const Reading& reading);

/// What one group's method allows and needs of its keys, its transport and the plan.
void check_method(const Values& own, const Group& group, const std::vector<Transport>& transports,
                  Reading& reading);
/// Whether each transport's `batch` can find batch files on the sites' logon servers.
void check_batches(const Plan& plan, Reading& reading);
/// Whether deadlines and pauses of one group fit into each other and into the rollout's.
void check_deadlines(const Values& group, const Group& read, const Limits& limits,
                     Reading& reading);
/// Names that groups give twice, name wrongly or in a circle.
void check_references(const std::vector<Group>& groups, Reading& reading);

}  // namespace sitewide
