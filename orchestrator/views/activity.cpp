#include "orchestrator/views/activity.h"

#include "orchestrator/views/trouble.h"

namespace sitewide {

void Activity::forget(std::uint32_t client) {
  const auto found = open_.find(client);
  if (found == open_.end()) return;
  line_of(found->second.step).erase({found->second.since, client});
  open_.erase(found);
}

void Activity::trouble(std::uint32_t client, Timestamp at) {
  well(client);
  in_trouble_[client] = at;
  trouble_by_time_.emplace(at, client);
  ++version_;
}

void Activity::well(std::uint32_t client) {
  const auto found = in_trouble_.find(client);
  if (found == in_trouble_.end()) return;
  trouble_by_time_.erase({found->second, client});
  in_trouble_.erase(found);
  ++version_;
}

void Activity::note(const Event& event, std::int64_t seq, Timestamp at) {
  const Subject subject = subject_of(event);
  if (subject.kind != Subject::Kind::client) return;
  const std::uint32_t client = subject.index;
  if (const auto* started = std::get_if<StepStarted>(&event)) {
    forget(client);
    open_[client] = {client, started->step, started->attempt, at};
    line_of(started->step).emplace(at, client);
  } else if (const auto* finished = std::get_if<StepFinished>(&event)) {
    forget(client);
    if (last_.size() <= client) last_.resize(client + 1);
    last_[client] = {seq, finished->step, finished->outcome.kind, finished->outcome.exit_code};
  } else if (const auto* settled = std::get_if<ClientSettled>(&event)) {
    is_trouble(settled->state) ? trouble(client, at) : well(client);
  } else if (std::holds_alternative<StepInDoubt>(event)) {
    trouble(client, at);
  }
}

void Activity::begin(const Rollout& rollout, Timestamp now) {
  for (std::uint32_t c = 0; c < rollout.schedule().clients.size(); ++c) {
    const ClientRecord& record = rollout.client(c);
    if (is_trouble(record.state)) trouble(c, now);
    const auto open = rollout.open_attempt(Subject::client(c));
    if (!open) continue;
    open_[c] = {c, open->step, open->attempt, now};
    line_of(open->step).emplace(now, c);
  }
}

std::vector<Activity::Work> Activity::slowest(const Rollout& rollout, std::size_t most) const {
  std::vector<Work> result;
  for (const BySince* line : {&actions_, &watches_}) {
    for (auto at = line->begin(); at != line->end() && result.size() < most; ++at) {
      const Work& work = open_.at(at->second);
      const auto open = rollout.open_attempt(Subject::client(work.client));
      if (open && open->step == work.step) result.push_back(work);
    }
  }
  return result;
}

std::vector<std::uint32_t> Activity::latest_trouble(const Rollout& rollout,
                                                    std::size_t most) const {
  std::vector<std::uint32_t> result;
  for (auto at = trouble_by_time_.rbegin(); at != trouble_by_time_.rend() && result.size() < most;
       ++at) {
    if (is_trouble(rollout.client(at->second).state)) result.push_back(at->second);
  }
  return result;
}

Timestamp Activity::trouble_since(std::uint32_t client) const {
  const auto found = in_trouble_.find(client);
  return found == in_trouble_.end() ? Timestamp{} : found->second;
}

Activity::Last Activity::last_of(std::uint32_t client) const {
  return client < last_.size() ? last_[client] : Last{};
}

}  // namespace sitewide
