#include "orchestrator/cli/order_desk.h"

#include "orchestrator/base/text.h"
#include "orchestrator/cli/controller.h"
#include "orchestrator/cli/order_files.h"

namespace sitewide {
namespace {

// A live controller answers within a second.
constexpr Duration kPatience = std::chrono::seconds(10);

std::string words_of(const Order& order) {
  std::string text = escaped(order.verb);
  if (!order.name.empty()) text += " " + escaped(order.name);
  if (!order.subject.empty()) text += " of " + escaped(order.subject);
  return text;
}

}  // namespace

OrderDesk::OrderDesk(const StoredRollout& stored)
    : stored_(stored), orders_(stored.directory.orders()) {}

std::optional<OrderDesk::Reply> OrderDesk::give(Order order, Timestamp now) {
  const std::string words = words_of(order);
  order.by = this_operator(order.by.reason.empty() ? "from the screen" : order.by.reason);
  const auto meant = to_events(stored_.rollout, stored_.subjects, order, now);
  if (!meant) return Reply{words + " refused: " + escaped(meant.error().message), true};
  if (meant->empty()) return Reply{words + ": it is so already", false};
  const auto id = orders_.post(encode_order(order), now);
  if (!id) return Reply{words + " refused: " + escaped(id.error().message), true};
  waiting_.push_back({*id, words, now});
  return std::nullopt;
}

std::vector<OrderDesk::Reply> OrderDesk::replies(Timestamp now) {
  std::vector<Reply> replies;
  const auto answered = [&](const Posted& posted) {
    const auto answer = orders_.answer_to(posted.id);
    if (!answer) {
      replies.push_back({posted.words + ": " + escaped(answer.error().message), true});
      return true;
    }
    if (*answer) {
      const auto why = refusal_in(**answer);
      replies.push_back(
          {posted.words + (why ? " refused: " + escaped(*why) : " accepted"), why.has_value()});
      (void)orders_.discard_answer(posted.id);  // what is left behind does no harm
      return true;
    }
    if (now - posted.at < kPatience) return false;
    replies.push_back(
        {posted.words + ": the controller has not answered yet; the order stays", true});
    return true;
  };
  std::erase_if(waiting_, answered);
  return replies;
}

}  // namespace sitewide
