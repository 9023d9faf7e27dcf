// Runs one coroutine to its end on an io_context of its own; for tests.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace sitewide::test {

/// The value that `task` comes to; its exception is thrown on.
template <class Value>
Value run_on(boost::asio::io_context& loop, boost::asio::awaitable<Value> task) {
  std::optional<Value> result;
  std::exception_ptr thrown;
  auto done = [&](std::exception_ptr error, Value value) {
    thrown = error;
    if (!error) result.emplace(std::move(value));
  };
  boost::asio::co_spawn(loop, std::move(task), done);
  loop.restart();
  loop.run();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*result);
}

}  // namespace sitewide::test
