// Notifier: a view that tells people and programs elsewhere of what cannot wait (views/notice.h).
// For each receiver of the plan a queue, and a worker that takes one notification after the other
// to it, again and again until it is taken or too old. Which were taken survives a crash (Marks).
//
// Threads: the loop's; report() only queues. Ownership: borrows the schedule's receivers; destroy
// it before the io_context, once nothing runs on that any more. It never changes the rollout and
// never holds it up: what goes wrong here is said to `warn`, once a notification.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>

#include "orchestrator/notify/marks.h"
#include "orchestrator/views/notice.h"

namespace sitewide {

/// Takes a notification to a receiver, once.
using Carry = std::function<boost::asio::awaitable<Delivery>(NotifyTarget, Parcel)>;

struct NotifierOptions {
  /// Between the first two tries; doubles up to `slowest`.
  std::chrono::milliseconds first_wait = std::chrono::seconds(1);
  std::chrono::milliseconds slowest = std::chrono::minutes(5);
  /// What is older is given up.
  Duration give_up_after = std::chrono::hours(24);
  /// Waiting at one receiver; past that the oldest is given up.
  std::size_t most_waiting = 256;
};

struct NotifierParts {
  boost::asio::any_io_executor executor;
  const std::vector<NotifyTarget>& targets;
  NoticeSource source;
  std::filesystem::path marks;
  Carry carry;
  std::function<Timestamp()> now;
  std::function<void(const std::string&)> warn;
};

class Notifier : public Reporter {
 public:
  /// `fold` has seen what the journal holds already, and made `past` of it: of that, what a
  /// receiver was not told of yet is told now.
  Notifier(NotifierParts parts, NoticeFold fold, const std::vector<Notice>& past,
           NotifierOptions options = {});
  ~Notifier() override;

  void report(std::span<const JournaledEvent> events, const Rollout& rollout) override;

  /// Nothing waits and nothing is under way.
  bool idle() const;
  /// `the end, to https://hooks.example.org (it answers 503)`: what was not taken yet; those that
  /// were given up are not among them.
  std::vector<std::string> undelivered() const;

 private:
  struct Receiver;
  void queue(const Notice& notice);
  boost::asio::awaitable<void> work(std::shared_ptr<Receiver> receiver);
  bool settle(Receiver& receiver, const Notice& notice, const Delivery& delivery);
  void mark(const Receiver& receiver, std::int64_t seq);

  NotifierParts parts_;
  NotifierOptions options_;
  NoticeFold fold_;
  Marks marks_;
  std::vector<std::shared_ptr<Receiver>> receivers_;
  bool marks_failed_ = false;
};

}  // namespace sitewide
