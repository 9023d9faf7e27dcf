#include "adapters/sms/client/proof.h"

#include <algorithm>
#include <array>

#include "adapters/sms/signatures.h"
#include "orchestrator/base/text.h"

namespace sitewide::sms {
namespace {

constexpr std::size_t kMostThings = 2;
constexpr std::size_t kMostNameBytes = 120;

/// What a flagged client waits for. UPGRADE and verify_files are acted upon at the next log-on or
/// start (Q125978); a component that runs then holds everything up until another one (Q166771).
std::string why_flagged(const Sight& sight) {
  if (!sight.executable_in_use.empty()) {
    return told(Failure::component_in_use,
                "component in use: " + escaped(sight.executable_in_use, kMostNameBytes));
  }
  if (!sight.not_downloaded.empty()) return {};
  return "waits for log-on (SetupPhase " + sight.phase_shown + ")";
}

std::string wrong_words(const FileSight& file) {
  std::string words = "file " + file.name + (file.original ? " is still new" : " is still old");
  if (file.original || !file.same_size) return words;
  return told(Failure::wrong_twin, words + ", though it has the hotfix's size");
}

}  // namespace

std::string what_is_missing(const Sight& sight) {
  std::vector<std::string> things;
  const auto add = [&things](std::string thing) {
    if (!thing.empty() && things.size() < kMostThings) things.push_back(std::move(thing));
  };
  if (is_flagged(sight.phase)) add(why_flagged(sight));
  add(sight.not_downloaded);
  if (!sight.not_modified.empty()) {
    add("system files not modified: " + escaped(sight.not_modified, kMostNameBytes));
  }
  for (const FileSight& file : sight.files) {
    if (!file.waiting_copy.empty()) {
      add(told(Failure::restart_pending,
               "restart pending: " + escaped(file.waiting_copy, kMostNameBytes)));
    }
  }
  add(sight.request.words);
  for (const FileSight& file : sight.files) {
    if (file.content == FileSight::Content::wrong) add(wrong_words(file));
    if (file.content == FileSight::Content::missing) add("file " + file.name + " is missing");
  }
  add(sight.copy_list);
  if (sight.phase != SetupPhase::installed && !is_flagged(sight.phase)) {
    add("SetupPhase is " + sight.phase_shown);
  }
  // A flagged phase always gives a reason above, except where only its downloads are named.
  if (things.empty() && sight.phase != SetupPhase::installed)
    add("SetupPhase is " + sight.phase_shown);
  return join(things, "; ");
}

Result<bool> files_are_right(Files& drive_c, const std::vector<ExpectedFile>& files) {
  for (const ExpectedFile& file : files) {
    const auto state = drive_c.state(file.path);
    if (!state) return state.error();
    if (!*state || std::ranges::find(file.accepted, (*state)->digest) == file.accepted.end())
      return false;
  }
  return !files.empty();
}

std::string executable_in_use(std::string_view log) {
  constexpr std::string_view kActive = "Client executable active:";
  constexpr std::array<std::string_view, 2> kBegins{"Starting execution", "Reading configuration"};
  std::string executable;
  while (!log.empty()) {
    const std::size_t end = log.find('\n');
    const std::string_view line = log.substr(0, end);
    for (const std::string_view begin : kBegins) {
      if (line.find(begin) != std::string_view::npos) executable.clear();
    }
    const std::size_t active = line.find(kActive);
    if (active != std::string_view::npos) {
      executable = trim(line.substr(active + kActive.size()).substr(0, kMostNameBytes));
    }
    if (end == std::string_view::npos) break;
    log.remove_prefix(end + 1);
  }
  return executable;
}

}  // namespace sitewide::sms
