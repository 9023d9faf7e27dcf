// Orders: files that any process may have left for a controller. Each line of the input is the text
// of one; what the rollout accepts it can fold and decide upon, and the folder hands out what is an
// order and nothing else.
#include "orchestrator/core/decide.h"
#include "orchestrator/core/event_codec.h"
#include "orchestrator/core/order.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/sample.h"
#include "tests/fuzz/targets.h"

namespace sitewide::fuzz {
namespace {

constexpr int kMostOrders = 40;

// A rollout that goes on by itself between orders, as far as it can without clients.
class Run {
 public:
  explicit Run(const Schedule& schedule)
      : schedule_(schedule), subjects_(schedule), rollout_(schedule) {
    fold(RolloutCreated{"sample-1", schedule.digest, "0", {}});
    fold(ControllerStarted{1, "0", "here", 1, "me", {}});
    go_on();
  }

  void take(const Order& order) {
    now_ += std::chrono::minutes(1);
    const auto events = to_events(rollout_, subjects_, order, now_);
    if (!events) {
      holds(events.error().kind == ErrorKind::refused, "an order is refused", order.verb);
      return;
    }
    for (const Event& event : *events) {
      holds_what_was_meant(order, event);
      fold(event);
    }
    go_on();
  }

 private:
  // `client/pc1` never touches a group, nor `group/pc1` a client.
  void holds_what_was_meant(const Order& order, const Event& event) const {
    const std::size_t slash = order.subject.find('/');
    if (order.verb == "approve" || slash == std::string::npos) return;
    const Subject* about = nullptr;
    if (const auto* skipped = std::get_if<Skipped>(&event)) about = &skipped->subject;
    if (const auto* retry = std::get_if<RetryOrdered>(&event)) about = &retry->subject;
    if (const auto* rollback = std::get_if<RollbackStarted>(&event)) about = &rollback->subject;
    if (about == nullptr) return;
    holds(subject_name(schedule_, *about) == order.subject, "an order is on what it says",
          order.subject);
  }

  void fold(const Event& event) {
    const auto again = decode(subjects_, encode(schedule_, event, now_));
    holds(again.has_value(), "what an order does can be written and read", kind_of(event));
    rollout_.apply(*again, now_);
  }
  void go_on() {
    for (int i = 0; i < 100; ++i) {
      const auto event = decide(rollout_, now_);
      if (!event) return;
      rollout_.apply(*event, now_);
    }
  }

  const Schedule& schedule_;
  SubjectIndex subjects_;
  Rollout rollout_;
  Timestamp now_ = *parse_timestamp("2026-11-23T22:30:00Z");
};

}  // namespace

void order(std::string_view input) {
  Run run(sample_schedule());
  Input lines(input);
  for (int i = 0; i < kMostOrders && !lines.at_end(); ++i) {
    const std::string_view text = lines.line();
    const auto read = decode_order(text);
    if (!read) {
      holds(read.error().kind == ErrorKind::refused, "what is no order is refused", text);
      holds_safe(read.error().message);
      continue;
    }
    holds(!read->verb.empty(), "an order has a verb", text);
    const auto again = decode_order(encode_order(*read));
    holds(again && *again == *read, "an order is read as it is written", text);
    run.take(*read);
  }
}

}  // namespace sitewide::fuzz
