// What tests of the real program ask again and again about a lab and about what runs.
#pragma once

#include <functional>
#include <string>

#include "tests/support/event_log.h"
#include "tests/support/lab.h"

namespace sitewide::test {

/// A small plan where nothing goes wrong: canaries by Upgrade.bat, then the whole site, in seconds.
std::unique_ptr<Lab> small_lab(int clients = 6, int canaries = 3);
/// The same; Upgrade.bat fails on the second canary, which breaks the canary's budget.
std::unique_ptr<Lab> lab_with_bad_canary();
/// Replaces everything from `groups:` on.
void set_groups(const Lab& lab, const std::string& groups);

/// The environment in which the program kills itself, see crash_shim.c.
std::map<std::string, std::string> crash_at(const std::string& where);
/// Runs the program with `arguments` on the lab; ends by the crash or by itself.
Finished run_on(const Lab& lab, std::vector<std::string> arguments,
                std::map<std::string, std::string> environment = {});

/// The rollout's events so far.
EventLog log_of(const Lab& lab);
/// What is to be equal after two rollouts that ended alike: all files of site, logon servers and
/// clients but for logs, and for what a clock makes in Sms.ini and in the copy lists.
std::map<std::string, std::string> lasting_tree(const Lab& lab);
/// The same of one folder.
std::map<std::string, std::string> lasting_tree(const std::filesystem::path& root);
/// The paths at which two trees differ; none when they are equal.
std::vector<std::string> differences(const std::map<std::string, std::string>& one,
                                     const std::map<std::string, std::string>& other);

/// The same of two labs; an Sms.ini is no difference if only keys differ that a restore leaves.
std::vector<std::string> lasting_differences(const std::map<std::string, std::string>& one,
                                             const std::map<std::string, std::string>& other);

/// What `look` finds, looked for again and again until it finds nothing, or for a while: the
/// stand-ins play on after a rollout has ended, and a client that a force reached beside its group
/// may be half-way through verifying its files.
std::vector<std::string> once_settled(const std::function<std::vector<std::string>()>& look);

/// A lab's files as they were, to be compared with what they are later.
class Before {
 public:
  explicit Before(const Lab& lab) : lab_(lab), tree_(lasting_tree(lab)) {}
  /// Files whose path in the lab begins so and that differ.
  std::vector<std::string> changed(const std::string& beginning = {}) const;
  /// Those of them that differ still once the stand-ins are through.
  std::vector<std::string> stays_changed(const std::string& beginning = {}) const;

 private:
  const Lab& lab_;
  std::map<std::string, std::string> tree_;
};

/// Programs that a controller of this lab started and that still run, by what they were started
/// as; waits a little for those that are about to end.
std::vector<std::string> survivors(const Lab& lab);
/// The same for a lab's folder.
std::vector<std::string> survivors(const std::filesystem::path& root);
/// Files in the lab whose names say that a write was not finished.
std::vector<std::string> left_temporaries(const Lab& lab);
std::vector<std::string> left_temporaries(const std::filesystem::path& root);
std::int64_t modified_seconds(const std::filesystem::path& path);

}  // namespace sitewide::test
