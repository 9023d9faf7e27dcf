#include "orchestrator/cli/post_order.h"

#include <thread>

#include "orchestrator/cli/order_files.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/journal/lease.h"

namespace sitewide {
namespace {

using Answered = Result<std::optional<ExitCode>>;

constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kLook = std::chrono::milliseconds(25);
constexpr int kLooksForTheController = 20;  // one look at the lock in so many at the answer

Answered left_waiting(const Console& console, const RolloutDirectory& directory,
                      const Order& order) {
  tell_order(console, directory, order,
             "waits, for nothing drives this rollout now; it takes effect with: sitewide resume " +
                 directory.id());
  return std::optional(ExitCode::on_target);
}

struct Wait {
  std::optional<std::string> answer;
  bool controller_gone = false;
};

Result<Wait> await_answer(const Orders& orders, const std::string& id,
                          const RolloutDirectory& directory) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  bool gone = false;
  for (int look = 1; std::chrono::steady_clock::now() < until; ++look) {
    const auto answer = orders.answer_to(id);
    if (!answer) return answer.error();
    if (*answer) {
      if (auto read = orders.discard_answer(id); !read) return read.error();
      return Wait{*answer, false};
    }
    if (gone) break;  // and it answered nothing before it went
    if (look % kLooksForTheController == 0) {
      const auto controller = Lease::holder(directory.lock());
      if (!controller) return controller.error();
      gone = !controller->has_value();
      if (gone) continue;
    }
    std::this_thread::sleep_for(kLook);
  }
  return Wait{std::nullopt, gone};
}

}  // namespace

void tell_order(const Console& console, const RolloutDirectory& directory, const Order& order,
                const std::string& result) {
  if (console.json()) {
    console.line("order", {{"rollout", directory.id()}, {"verb", order.verb}, {"result", result}});
  } else {
    console.out(directory.id() + ": " + order.verb + " " + result + "\n");
  }
}

Unattended when_unattended(std::string_view verb) {
  if (verb == "rollback") return Unattended::resumes;
  return verb == "continue" ? Unattended::refused : Unattended::waits;
}

Answered post_order(const RolloutDirectory& directory, const Order& order, const Console& console) {
  const auto controller = Lease::holder(directory.lock());
  if (!controller) return controller.error();
  const bool waits = when_unattended(order.verb) == Unattended::waits;
  if (!*controller && !waits) return std::optional<ExitCode>();
  const Orders orders(directory.orders());
  const auto id = orders.post(encode_order(order), wall_clock());
  if (!id) return id.error();
  if (!*controller) return left_waiting(console, directory, order);
  const auto wait = await_answer(orders, *id, directory);
  if (!wait) return wait.error();
  if (wait->controller_gone && waits) return left_waiting(console, directory, order);
  if (wait->controller_gone) {
    if (auto withdrawn = orders.discard(*id); !withdrawn) return withdrawn.error();
    return std::optional<ExitCode>();
  }
  if (!wait->answer) {
    return Error{ErrorKind::refused,
                 "the controller (" + describe(**controller) +
                     ") did not answer within 10 s; the order stays and takes effect when it does"};
  }
  if (const auto why = refusal_in(*wait->answer)) return Error{ErrorKind::refused, *why};
  tell_order(console, directory, order, "accepted");
  return std::optional(ExitCode::on_target);
}

}  // namespace sitewide
