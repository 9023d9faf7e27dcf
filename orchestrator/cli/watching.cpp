#include "orchestrator/cli/watching.h"

#include <csignal>

#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/views/terminal.h"

namespace sitewide {
namespace {

// Between two looks at the journal; a key is answered at once.
constexpr Duration kBetweenTurns = std::chrono::milliseconds(100);
// The end of a long output is what a screen has room for.
constexpr std::size_t kOutputShown = 16 * 1024;

std::string output_of(JournalReader& reader, std::int64_t seq) {
  const auto output = reader.output(seq);
  if (!output || !*output) return {};
  const std::string& text = (*output)->tail.empty() ? (*output)->head : (*output)->tail;
  return text.size() > kOutputShown ? text.substr(text.size() - kOutputShown) : text;
}

}  // namespace

Watching::Watching(std::unique_ptr<StoredRollout> stored, JournalReader reader, Durations past,
                   bool keys)
    : stored_(std::move(stored)),
      reader_(std::move(reader)),
      keyboard_(keys),
      desk_(*stored_),
      forecaster_(std::move(past)) {}

Result<std::unique_ptr<Watching>> Watching::open(const RolloutDirectory& directory,
                                                 const Options& options, const Console& console,
                                                 Seat seat) {
  auto reader = JournalReader::open(directory.journal());
  if (!reader) return reader.error();
  Durations past;
  const bool live = console.live();
  const auto remember = [&](const StoredRollout&, const Event& event,
                            const Record& record) -> Result<> {
    if (!live) return {};
    seat.past.note(event, record.seq, record.at);
    past.note(event, record.at);
    return {};
  };
  auto stored = read_rollout(directory, remember);
  if (!stored) return stored.error();
  std::unique_ptr<Watching> watching(
      new Watching(std::move(*stored), std::move(*reader), std::move(past), !seat.leave.empty()));
  JournalReader& journal = watching->reader_;
  seat.output = [&journal](std::int64_t seq) { return output_of(journal, seq); };
  watching->views_ = std::make_unique<Views>(options, console, *watching->stored_, std::move(seat));
  return watching;
}

Result<bool> Watching::catch_up() {
  std::vector<JournaledEvent> events;
  const auto note = [&](const StoredRollout&, const Event& event,
                        const Record& record) -> Result<> {
    if (views_->terminal() != nullptr) forecaster_.note(event, record.at);
    events.push_back({record.seq, record.at, event});
    return {};
  };
  if (auto read = read_on(*stored_, reader_, note); !read) return read.error();
  for (Reporter* reporter : views_->reporters()) {
    if (!events.empty()) reporter->report(events, stored_->rollout);
    reporter->tick(wall_clock(), stored_->rollout);
  }
  return !events.empty();
}

Result<bool> Watching::turn() {
  hold_in_background();
  for (const Key& key : keyboard_.wait(kBetweenTurns)) press(key);
  if (Terminal* terminal = views_->terminal()) {
    for (const OrderDesk::Reply& reply : desk_.replies(wall_clock()))
      terminal->answer(reply.text, reply.refused ? Level::error : Level::info, wall_clock());
  }
  auto seen = catch_up();
  if (!seen) return seen;
  if (Terminal* terminal = views_->terminal()) {
    if (auto outlook = forecaster_.look(stored_->rollout, wall_clock(), *seen))
      terminal->expect(std::move(*outlook));
  }
  return seen;
}

void Watching::press(const Key& key) {
  Terminal* terminal = views_->terminal();
  if (terminal == nullptr) return;
  Wish wish = terminal->press(key, wall_clock(), stored_->rollout);
  if (wish.kind == Wish::Kind::leave) leave_ = true;
  if (wish.kind == Wish::Kind::order) give(std::move(wish.order));
}

void Watching::give(Order order) {
  Terminal& terminal = *views_->terminal();
  const Timestamp now = wall_clock();
  if (const auto known = desk_.give(std::move(order), now))
    terminal.answer(known->text, known->refused ? Level::error : Level::info, now);
  terminal.tick(now, stored_->rollout);
}

void Watching::heed(ViewSignals& signals) {
  Terminal* terminal = views_->terminal();
  if (signals.taken(SIGTSTP) > 0) {
    if (terminal != nullptr) terminal->give_back();
    keyboard_.give_back();
    signals.stop_here();
    if (terminal != nullptr) terminal->refresh();
  }
  const bool moved = signals.taken(SIGCONT) + signals.taken(SIGWINCH) > 0;
  if (moved && terminal != nullptr) terminal->refresh();
}

// A shell that took the terminal back writes there now.
void Watching::hold_in_background() {
  Terminal* terminal = views_->terminal();
  const bool hold = !in_foreground();
  if (terminal == nullptr || hold == held_) return;
  held_ = hold;
  if (hold) keyboard_.give_back();
  terminal->hold(hold);
  if (!hold) terminal->refresh();
}

}  // namespace sitewide
