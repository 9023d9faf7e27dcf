// Courier: takes one notification to one receiver, once. Whether it is tried again is others' work.
//
// Threads: call it on the loop's thread, which it never blocks; requests to web servers and secrets
// are read on the pool. Ownership: borrows the pool. Never shows or logs a secret, nor what a
// receiver answers.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <stop_token>

#include "adapters/pool.h"
#include "orchestrator/core/notify.h"

namespace sitewide {

class Courier {
 public:
  Courier(boost::asio::any_io_executor executor, Pool& pool)
      : executor_(std::move(executor)), pool_(pool) {}
  /// As give_up().
  ~Courier() { give_up(); }
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// Delivered: a web server answered 2xx, a program ended with 0 within the time. Refused: trying
  /// again cannot help, as with 400 or 410; what an operator can mend meanwhile (401, 403, 404, a
  /// secret that is missing) is failed.
  boost::asio::awaitable<Delivery> carry(NotifyTarget target, Parcel parcel);

  /// Requests that are under way end at once, so that they do not hold up the end of the program.
  void give_up() { stop_.request_stop(); }

 private:
  boost::asio::awaitable<Delivery> post(NotifyTarget target, Parcel parcel);
  boost::asio::awaitable<Delivery> run(NotifyTarget target, Argv argv, std::string input);

  boost::asio::any_io_executor executor_;
  Pool& pool_;
  std::stop_source stop_;
};

}  // namespace sitewide
