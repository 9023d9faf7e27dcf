#include "orchestrator/cli/stored_rollout.h"

#include <array>
#include <string_view>

#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/schedule_codec.h"

namespace sitewide {
namespace {

Result<std::unique_ptr<StoredRollout>> open_schedule(const RolloutDirectory& directory,
                                                     JournalReader& reader) {
  auto header = reader.header();
  if (!header) return header.error();
  if (header->event_format > kEventFormat) {
    return Error{ErrorKind::journal, "rollout " + directory.id() +
                                         " was written by a newer Sitewide (events of format " +
                                         std::to_string(header->event_format) +
                                         "); use that version"};
  }
  auto text = reader.schedule();
  if (!text) return text.error();
  auto schedule = decode_schedule(*text);
  if (!schedule) return schedule.error();
  return std::make_unique<StoredRollout>(directory, std::move(*header), std::move(*schedule));
}

// Applies one row, after `before` has seen it.
Result<Event> replay(StoredRollout& stored, const Record& record, const BeforeApply& before) {
  auto event = decode(stored.subjects, record);
  if (!event) return event.error();
  if (before) {
    if (auto seen = before(stored, *event, record); !seen) return seen.error();
  }
  stored.rollout.apply(*event, record.at);
  return event;
}

// Sees what of an event was to be told, so that what was not told yet can be.
void note(StoredRollout& stored, const Record& record, Event event) {
  if (stored.schedule.notify.empty()) return;
  const JournaledEvent journaled{record.seq, record.at, std::move(event)};
  for (Notice& notice : stored.notices.see({&journaled, 1}, stored.rollout))
    stored.past_notices.push_back(std::move(notice));
}

}  // namespace

std::string world_wide_name(const StoredRollout& stored) {
  return stored.directory.id() + "." + stored.header.instance.substr(0, 12);
}

Result<StateDirectory> state_directory(const std::string& option) {
  const auto path = state_path(option, read_environment());
  if (!path) return path.error();
  return StateDirectory(*path);
}

Result<std::unique_ptr<StoredRollout>> read_schedule(const RolloutDirectory& directory) {
  auto reader = JournalReader::open(directory.journal());
  if (!reader) return reader.error();
  return open_schedule(directory, *reader);
}

Result<std::unique_ptr<StoredRollout>> read_rollout(const RolloutDirectory& directory,
                                                    const BeforeApply& before) {
  auto reader = JournalReader::open(directory.journal());
  if (!reader) return reader.error();
  auto stored = open_schedule(directory, *reader);
  if (!stored) return stored;
  if (auto read = read_on(**stored, *reader, before); !read) return read.error();
  return stored;
}

Result<> read_on(StoredRollout& stored, JournalReader& reader, const BeforeApply& before) {
  const auto seen = reader.verify_chain(
      [&](const Record& record) -> Result<> {
        const auto event = replay(stored, record, before);
        if (!event) return event.error();
        return {};
      },
      stored.seen);
  if (!seen) return seen.error();
  stored.seen = *seen;
  return {};
}

bool has_ended(const RolloutDirectory& directory) {
  // What may follow the end of a rollout and does not take it up again (Rollout::apply).
  static constexpr std::array<std::string_view, 4> kAfterTheEnd{
      "order_refused", "controller_started", "controller_stopping", "clock_jumped"};
  auto reader = JournalReader::open(directory.journal());
  if (!reader) return false;
  const auto last = reader->last_kind(kAfterTheEnd);
  return last && *last == "rollout_ended";
}

Result<WritableRollout> reopen_rollout(const RolloutDirectory& directory) {
  WritableRollout result;
  {
    auto reader = JournalReader::open(directory.journal());
    if (!reader) return reader.error();
    auto stored = open_schedule(directory, *reader);
    if (!stored) return stored.error();
    result.stored = std::move(*stored);
  }
  auto journal = SqliteJournal::open(directory.journal(), [&](const Record& record) -> Result<> {
    auto event = replay(*result.stored, record, {});
    if (!event) return event.error();
    note(*result.stored, record, std::move(*event));
    return {};
  });
  if (!journal) return journal.error();
  result.journal = std::move(*journal);
  return result;
}

Result<RolloutDirectory> find_rollout(const std::string& state_option, const std::string& word) {
  const auto state = state_directory(state_option);
  if (!state) return state.error();
  return state->find(word.empty() ? "latest" : word);
}

}  // namespace sitewide
