#include "actors/mallbots/depot/dispatch.hpp"
#include "actors/mallbots/depot/work.hpp"
#include "actors/mallbots/modules.hpp"

namespace mallbots::depot {
namespace {

/// To the bot that the list was given to, if it was; whoever is no bot of the fleet refuses.
template <class Command, class Event>
errands tell_bot(const Event& e) {
  if (e.assigned_bot_id().empty()) return {};
  auto c = from<Command>(e);
  c.set_id(e.assigned_bot_id());
  return {send(std::move(c))};
}

/// Bots are active for as long as they have lists. Events of one list are told in their order.
void keep_bots_busy(registry& node) {
  const auto policy = "depot-bots";
  node.on<ShoppingListAssigned>(policy, tell_bot<EngageBotRequest, ShoppingListAssigned>);
  node.on<ShoppingListCompleted>(policy, tell_bot<ReleaseBotRequest, ShoppingListCompleted>);
  node.on<ShoppingListCanceled>(policy, tell_bot<ReleaseBotRequest, ShoppingListCanceled>);
}

template <class Review, class Event>
void review_on(registry& node) {
  const auto review = [](const Event& e) {
    auto c = from<Review>(e);
    c.set_id(dispatch::id);
    return send(std::move(c));
  };
  node.on<Event>("depot-dispatch", review, since::start);
}

errand hand_over(const ListMatched& e) {
  auto c = from<AssignShoppingListRequest>(e);
  c.set_id(e.shopping_list_id());
  return send(std::move(c));
}

/// Lists find their bots by themselves. Those that were there before are known, too.
void assign_by_itself(registry& node) {
  review_on<ReviewShoppingListRequest, ShoppingListInitiated>(node);
  review_on<ReviewShoppingListRequest, ShoppingListAssigned>(node);
  review_on<ReviewShoppingListRequest, ShoppingListCompleted>(node);
  review_on<ReviewShoppingListRequest, ShoppingListCanceled>(node);
  review_on<ReviewBotRequest, BotWentOnline>(node);
  review_on<ReviewBotRequest, BotWentOffline>(node);
  review_on<ReviewBotRequest, BotEngaged>(node);
  review_on<ReviewBotRequest, BotReleased>(node);
  node.on<ListMatched>("depot-dispatch", hand_over, since::start);
}

} // namespace

void install(registry& node) {
  node.add<shopping_list>();
  node.add<bot>();
  node.add<dispatch>();
  node.view<work>();
  node.view<fleet>();
  keep_bots_busy(node);
  if (node.enabled("depot.auto_assign")) assign_by_itself(node);
}

} // namespace mallbots::depot
