#include "orchestrator/cli/await_rest.h"

#include <algorithm>
#include <thread>

namespace sitewide {
namespace {

constexpr Duration kLook = std::chrono::milliseconds(200);

bool only_waits_for_approvals(const Rollout& rollout) {
  if (rollout.open_actions() > 0 || rollout.open_watches() > 0) return false;
  bool waits = false;
  for (std::uint32_t g = 0; g < rollout.schedule().groups.size(); ++g) {
    const GroupState state = rollout.group(g).state;
    if (state == GroupState::running || state == GroupState::soaking ||
        state == GroupState::checking)
      return false;
    waits = waits || state == GroupState::awaiting_approval;
  }
  return waits;
}

}  // namespace

bool stands_still(const Rollout& rollout, bool controlled) {
  if (!controlled || rollout.at_rest()) return true;
  if (rollout.paused()) return rollout.running_actions() == 0;
  return only_waits_for_approvals(rollout);
}

Result<bool> await_rest(StoredRollout& stored, std::optional<Duration> most) {
  const auto until = std::chrono::steady_clock::now() + most.value_or(Duration{});
  auto reader = JournalReader::open(stored.directory.journal());
  if (!reader) return reader.error();
  for (;;) {
    const auto controller = Lease::holder(stored.directory.lock());
    if (!controller) return controller.error();
    // Read after the look at the lock: what a controller wrote before it left is seen.
    if (auto read = read_on(stored, *reader); !read) return read.error();
    const bool controlled = controller->has_value();
    if (stands_still(stored.rollout, controlled)) return controlled;
    if (most && std::chrono::steady_clock::now() >= until) return controlled;
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace sitewide
