#include <thread>

#include "orchestrator/cli/commands.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/order_files.h"
#include "orchestrator/cli/post_order.h"
#include "orchestrator/cli/preview_steps.h"

namespace sitewide {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);

// Says what became of the order.
void tell(const Console& console, const RolloutDirectory& directory, const Order& order,
          const std::string& result) {
  if (console.json()) {
    console.line("order", {{"rollout", directory.id()}, {"verb", order.verb}, {"result", result}});
  } else {
    console.out(directory.id() + ": " + order.verb + " " + result + "\n");
  }
}

// Waits for the controller's answer; nothing when none came in time.
Result<std::optional<std::string>> await_answer(const Orders& orders, const std::string& id) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    const auto answer = orders.answer_to(id);
    if (!answer) return answer.error();
    if (*answer) {
      if (auto gone = orders.discard_answer(id); !gone) return gone.error();
      return *answer;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  return std::optional<std::string>{};
}

}  // namespace

Result<ExitCode> post_order(const RolloutDirectory& directory, const Order& order,
                            const Console& console) {
  const auto controller = Lease::holder(directory.lock());
  if (!controller) return controller.error();
  const bool waits_well = order.verb == "approve" || order.verb == "skip" ||
                          order.verb == "pause" || order.verb == "abort";
  if (!*controller && !waits_well) {
    return Error{ErrorKind::refused,
                 "rollout " + directory.id() +
                     " has no controller that could take the order; `sitewide resume " +
                     directory.id() + "` starts one"};
  }
  const Orders orders(directory.orders());
  const auto id = orders.post(encode_order(order), wall_clock());
  if (!id) return id.error();
  if (!*controller) {
    tell(console, directory, order,
         "waits, for nothing drives this rollout now; it takes effect with: sitewide resume " +
             directory.id());
    return ExitCode::on_target;
  }
  const auto answer = await_answer(orders, *id);
  if (!answer) return answer.error();
  if (!*answer) {
    return Error{ErrorKind::refused,
                 "the controller (" + describe(**controller) +
                     ") did not answer within 10 s; the order stays and takes effect when it does"};
  }
  if (const auto why = refusal_in(**answer)) return Error{ErrorKind::refused, *why};
  tell(console, directory, order, "accepted");
  return ExitCode::on_target;
}

Result<ExitCode> command_order(const Options& options, const Console& console) {
  const auto directory = find_rollout(options.state_dir, options.target);
  if (!directory) return directory.error();
  Order order;
  order.verb = options.command;
  order.subject = options.subject;
  order.name = order.verb == "abort" ? options.policy : options.name;
  order.count = options.acknowledge;
  order.by = this_operator(options.reason);
  const auto stored = read_rollout(*directory);
  if (!stored) return stored.error();
  // What cannot apply is said at once, without troubling the controller; it judges again when it
  // takes the order.
  const auto meant = to_events((*stored)->rollout, (*stored)->subjects, order, wall_clock());
  if (!meant) return meant.error();
  if (meant->empty()) {
    tell(console, *directory, order, "has nothing to do: it is so already");
    return ExitCode::on_target;
  }
  return post_order(*directory, order, console);
}

}  // namespace sitewide
