#include "orchestrator/cli/post_order.h"

#include <thread>

#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/opening.h"
#include "orchestrator/cli/order_files.h"
#include "orchestrator/cli/preview_steps.h"
#include "orchestrator/journal/lease.h"

namespace sitewide {
namespace {

using Answered = Result<std::optional<ExitCode>>;

constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kLook = std::chrono::milliseconds(25);
constexpr int kLooksForTheController = 20;  // one look at the lock in so many at the answer

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

Answered said(const Console& console, const RolloutDirectory& directory, const Order& order,
              const std::string& refusal) {
  if (!refusal.empty()) return Error{ErrorKind::refused, refusal};
  tell_order(console, directory, order, "accepted");
  return std::optional(ExitCode::on_target);
}

Error a_controller_came() { return {ErrorKind::held, "a controller took the rollout over"}; }

// An order that can never be carried out must not lie in wait for a rollback: with the lease ours,
// nobody else takes it while it is taken away.
Answered withdraw(const Console& console, const RolloutDirectory& directory, const Order& order,
                  const std::string& id) {
  const Timestamp now = wall_clock();
  const auto lease = take_lease(directory, now);
  if (!lease) return lease.error();
  auto opened = reopen_rollout(directory);
  if (!opened) return opened.error();
  StoredRollout& stored = *opened->stored;
  if (auto left = refuse_left_orders(stored, *opened->journal, now); !left) return left.error();
  const Orders orders(directory.orders());
  if (auto gone = orders.discard(id); !gone) return gone.error();
  if (auto read = orders.discard_answer(id); !read) return read.error();
  if (const auto known = stored.rollout.refusal_of(id))
    return said(console, directory, order, *known);
  const auto meant = to_events(stored.rollout, stored.subjects, order, now);
  return Error{ErrorKind::refused,
               meant ? "it was withdrawn; give it again" : meant.error().message};
}

// The journal says what becomes of an order that no controller has answered: it was carried out or
// refused, it waits for the next controller, or it comes too late. An error of kind held: there is
// a controller after all.
Answered left_waiting(const Console& console, const RolloutDirectory& directory, const Order& order,
                      const std::string& id) {
  const auto controller = Lease::holder(directory.lock());
  if (!controller) return controller.error();
  if (*controller) return a_controller_came();
  const auto stored = read_rollout(directory);
  if (!stored) return stored.error();
  if (const auto known = (*stored)->rollout.refusal_of(id))
    return said(console, directory, order, *known);
  if (!to_events((*stored)->rollout, (*stored)->subjects, order, wall_clock()))
    return withdraw(console, directory, order, id);
  tell_order(console, directory, order,
             "waits, for nothing drives this rollout now; it takes effect with: sitewide resume " +
                 directory.id());
  return std::optional(ExitCode::on_target);
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
  auto controller = Lease::holder(directory.lock());
  if (!controller) return controller.error();
  const bool waits = when_unattended(order.verb) == Unattended::waits;
  if (!*controller && !waits) return std::optional<ExitCode>();
  const Orders orders(directory.orders());
  const auto id = orders.post(encode_order(order), wall_clock());
  if (!id) return id.error();
  for (;;) {
    if (*controller) {
      const auto wait = await_answer(orders, *id, directory);
      if (!wait) return wait.error();
      if (wait->answer)
        return said(console, directory, order, refusal_in(*wait->answer).value_or(""));
      if (!wait->controller_gone) {
        return Error{ErrorKind::refused, "the controller (" + describe(**controller) +
                                             ") did not answer within 10 s; the order stays and "
                                             "takes effect when it does"};
      }
      if (!waits) {
        if (auto withdrawn = orders.discard(*id); !withdrawn) return withdrawn.error();
        return std::optional<ExitCode>();
      }
    }
    auto left = left_waiting(console, directory, order, *id);
    if (left || left.error().kind != ErrorKind::held) return left;
    controller = Lease::holder(directory.lock());
    if (!controller) return controller.error();
  }
}

}  // namespace sitewide
