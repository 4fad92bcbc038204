#pragma once

#include "actors/mallbots/depot/bot.hpp"
#include "actors/mallbots/depot/shopping_list.hpp"

namespace mallbots::depot {

/// The shopping lists of the depot, of an order or in a state where that is asked.
struct work {
  static constexpr auto name = "depot.work";
  using row = ShoppingList;
  using evolves = shopping_list;
  using queries = types<GetShoppingListsRequest>;

  static filter select(const GetShoppingListsRequest& q) {
    return filter().equals_if_given("order_id", q.order_id()).equals_if_given("status", q.status());
  }
};

/// The depot's bots.
struct fleet {
  static constexpr auto name = "depot.fleet";
  using row = Bot;
  using evolves = bot;
  using queries = types<GetBotsRequest>;

  static filter select(const GetBotsRequest&) { return {}; }
};

} // namespace mallbots::depot
