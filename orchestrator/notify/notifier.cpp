#include "orchestrator/notify/notifier.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "orchestrator/base/text.h"

namespace sitewide {
namespace {

namespace asio = boost::asio;

std::string named(const Notice& notice, const NotifyTarget& target) {
  return "`" + notice.what + "` to " + describe_target(target);
}

}  // namespace

struct Notifier::Receiver {
  Receiver(const asio::any_io_executor& executor, std::size_t number, const NotifyTarget& who)
      : index(number), target(who), wake(executor, asio::steady_timer::time_point::max()) {}

  const std::size_t index;
  const NotifyTarget& target;
  asio::steady_timer wake;  // expires for a try; cancelled when something is queued
  std::deque<Notice> waiting;
  std::string last_why;  // of the front, which was tried
  bool carrying = false;
  std::chrono::milliseconds wait{};
};

Notifier::Notifier(NotifierParts parts, NoticeFold fold, const std::vector<Notice>& past,
                   NotifierOptions options)
    : parts_(std::move(parts)),
      options_(options),
      fold_(std::move(fold)),
      marks_(parts_.marks, parts_.targets.size()) {
  for (std::size_t i = 0; i < parts_.targets.size(); ++i) {
    receivers_.push_back(std::make_shared<Receiver>(parts_.executor, i, parts_.targets[i]));
  }
  for (const Notice& notice : past) queue(notice);
  for (const auto& receiver : receivers_) {
    auto worker = work(receiver);
    asio::co_spawn(parts_.executor, std::move(worker), asio::detached);
  }
}

Notifier::~Notifier() = default;

void Notifier::report(std::span<const JournaledEvent> events, const Rollout& rollout) {
  for (const Notice& notice : fold_.see(events, rollout)) queue(notice);
}

void Notifier::queue(const Notice& notice) {
  for (const auto& receiver : receivers_) {
    if (!notice.concerns(receiver->target) || notice.seq <= marks_.of(receiver->index)) continue;
    if (receiver->waiting.size() >= options_.most_waiting) {
      // The front may be under way; the one behind it is the oldest that is not.
      const auto oldest = receiver->waiting.begin() + (receiver->carrying ? 1 : 0);
      parts_.warn("not notified: " + named(*oldest, receiver->target) + ": too many wait");
      if (!receiver->carrying) receiver->last_why.clear();
      receiver->waiting.erase(oldest);
    }
    receiver->waiting.push_back(notice);
    if (receiver->waiting.size() == 1) receiver->wake.cancel();
  }
}

bool Notifier::idle() const {
  return std::all_of(receivers_.begin(), receivers_.end(),
                     [](const auto& receiver) { return receiver->waiting.empty(); });
}

std::vector<std::string> Notifier::undelivered() const {
  std::vector<std::string> list;
  for (const auto& receiver : receivers_) {
    for (const Notice& notice : receiver->waiting) {
      const bool tried = &notice == &receiver->waiting.front() && !receiver->last_why.empty();
      list.push_back(named(notice, receiver->target) +
                     (tried ? " (" + receiver->last_why + ")" : ""));
    }
  }
  return list;
}

// One notification after another. The timer is waited for when there is none, and between tries.
asio::awaitable<void> Notifier::work(std::shared_ptr<Receiver> receiver) {
  for (;;) {
    if (!receiver->waiting.empty()) {
      const Notice notice = receiver->waiting.front();
      Parcel parcel;
      parcel.event = cloud_event(notice, parts_.source);
      parcel.mail = mail_of(notice, parts_.source, receiver->target.email, receiver->index);
      receiver->carrying = true;
      Delivery delivery;
      try {
        auto carried = parts_.carry(receiver->target, std::move(parcel));
        delivery = co_await std::move(carried);
      } catch (const std::exception& error) {
        delivery.why = escaped(error.what(), 200);
      }
      receiver->carrying = false;
      if (settle(*receiver, notice, delivery)) continue;
      receiver->wake.expires_after(receiver->wait);
    } else {
      receiver->wake.expires_at(asio::steady_timer::time_point::max());
    }
    boost::system::error_code ignored;
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await receiver->wake.async_wait(token);
  }
}

// True when the notification is done with, one way or the other.
bool Notifier::settle(Receiver& receiver, const Notice& notice, const Delivery& delivery) {
  const bool old = parts_.now() - notice.at > options_.give_up_after;
  if (delivery.kind == Delivery::Kind::failed && !old) {
    if (receiver.last_why.empty())
      parts_.warn("not notified yet: " + named(notice, receiver.target) + ": " + delivery.why +
                  "; it is tried again");
    receiver.last_why = delivery.why.empty() ? "it failed" : delivery.why;
    receiver.wait = receiver.wait.count() == 0 ? options_.first_wait
                                               : std::min(2 * receiver.wait, options_.slowest);
    return false;
  }
  if (delivery.kind != Delivery::Kind::delivered)
    parts_.warn("not notified: " + named(notice, receiver.target) + ": " + delivery.why +
                (old ? "; it is given up after " + format_duration(options_.give_up_after)
                     : "; it is not tried again"));
  mark(receiver, notice.seq);
  receiver.waiting.pop_front();
  receiver.last_why.clear();
  receiver.wait = {};
  return true;
}

void Notifier::mark(const Receiver& receiver, std::int64_t seq) {
  const auto written = marks_.set(receiver.index, seq);
  if (written || marks_failed_) return;
  marks_failed_ = true;
  parts_.warn("what was notified cannot be kept, and may be sent again by a resume: " +
              written.error().message);
}

}  // namespace sitewide
