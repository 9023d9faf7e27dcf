// One local client in a temporary folder, with everything that a step of its needs; for tests.
#pragma once

#include <memory>
#include <string>

#include "adapters/command_steps.h"
#include "adapters/descendants.h"
#include "adapters/local.h"
#include "tests/adapters/run_awaitable.h"
#include "tests/adapters/temporary_folder.h"

namespace sitewide::test {

struct LocalWorld {
  LocalWorld() {
    prepare_for_children();
    context.executor = loop.get_executor();
    context.pool = &pool;
    context.transport = std::make_shared<LocalTransport>(loop.get_executor(), pool);
    context.now = [] {
      return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    };
  }

  /// Runs `script` by the shell, in the client's root.
  Operation operation(Step step, std::string script) const {
    Operation made;
    made.key = "rollout~client_pc1~" + std::string(name_of(step)) + "~1";
    made.action.subject = Subject::client(0);
    made.action.step = step;
    made.action.deadline = context.now() + std::chrono::seconds(20);
    made.transport.type = "local";
    made.transport.root = made.client.root = client.path().string();
    made.argv = {"/bin/sh", "-c", std::move(script)};
    return made;
  }
  Answer answer(Operation what) { return run_on(loop, run_command_step(context, std::move(what))); }
  /// What a later controller finds.
  Answer answer(Operation what, Purpose purpose) {
    what.action.purpose = purpose;
    return answer(std::move(what));
  }

  TemporaryFolder client;
  boost::asio::io_context loop;
  Pool pool{loop.get_executor()};
  StepContext context;
};

}  // namespace sitewide::test
