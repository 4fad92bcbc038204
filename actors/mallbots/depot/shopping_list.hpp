#pragma once

#include <algorithm>
#include <limits>

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/depot/api.pb.h"
#include "messages/mallbots/depot/shopping_list.pb.h"
#include "messages/mallbots/stores/product.pb.h"
#include "messages/mallbots/stores/store.pb.h"

namespace mallbots::depot {

using namespace depotpb;

/// What a bot fetches for one order: a stop at each store, with what to take there.
struct shopping_list {
  using state = ShoppingList;
  using creates = types<CreateShoppingListRequest>;
  using commands =
      types<CancelShoppingListRequest, AssignShoppingListRequest, CompleteShoppingListRequest,
            InitiateShoppingRequest, RecallShoppingListRequest>;
  using queries = types<GetShoppingListRequest>;
  using events = types<ShoppingListCreated, ShoppingListInitiated, ShoppingListAssigned,
                       ShoppingListCompleted, ShoppingListCanceled>;

  static constexpr auto pending = "pending", available = "available", assigned = "assigned",
                        completed = "completed", canceled = "canceled";

  static constexpr auto unknown = not_found("depot.list_unknown", "shopping list not found");
  static constexpr auto duplicate =
      invalid("depot.list_duplicate", "the shopping list exists already");
  static constexpr auto no_store =
      not_found("depot.no_store", "building shopping list: store fallback failed");
  static constexpr auto no_product =
      not_found("depot.no_product", "building shopping list: product fallback failed");
  static constexpr auto quantity_out_of_range =
      invalid("depot.quantity_out_of_range", "the item quantity is out of range");
  static constexpr auto not_initiable =
      invalid("depot.not_initiable", "the shopping list cannot be initiated");
  static constexpr auto not_assignable =
      invalid("depot.not_assignable", "the shopping list cannot be assigned");
  static constexpr auto not_completable =
      invalid("depot.not_completable", "the shopping list cannot be completed");
  static constexpr auto not_cancelable =
      invalid("depot.not_cancelable", "the shopping list cannot be canceled");

  static void needs(const state&, const CreateShoppingListRequest& c, const facts&, wants& w) {
    for (const auto& item : c.items()) {
      w.want<stores::Store>(item.store_id());
      w.want<stores::Product>(item.product_id());
    }
  }

  static decision decide(const state& s, const CreateShoppingListRequest& c, const facts& f) {
    auto created = from<ShoppingListCreated>(s, c);
    for (const auto& item : c.items()) {
      const auto* store = f.get<stores::Store>(item.store_id());
      if (store == nullptr) return no_store;
      const auto* product = f.get<stores::Product>(item.product_id());
      if (product == nullptr) return no_product;
      auto& wanted = item_at(stop_at(created, *store), *product);
      if (item.quantity() < 0 ||
          item.quantity() > std::numeric_limits<int>::max() - wanted.quantity())
        return quantity_out_of_range;
      wanted.set_quantity(wanted.quantity() + item.quantity());
    }
    return created;
  }

  static decision decide(const state& s, const InitiateShoppingRequest&, const facts& f) {
    if (s.status() != pending) return not_initiable;
    auto initiated = from<ShoppingListInitiated>(s);
    *initiated.mutable_initiated_at() = f.now();
    return initiated;
  }

  static decision decide(const state& s, const AssignShoppingListRequest& c) {
    if (s.status() != available) return not_assignable;
    auto taken = from<ShoppingListAssigned>(s);
    taken.set_assigned_bot_id(c.bot_id());
    return taken;
  }

  static decision decide(const state& s, const CompleteShoppingListRequest&) {
    if (s.status() != assigned) return not_completable;
    return from<ShoppingListCompleted>(s);
  }

  static decision decide(const state& s, const CancelShoppingListRequest&) {
    if (ended(s)) return not_cancelable;
    return from<ShoppingListCanceled>(s);
  }

  /// The saga's undo: a completed list is kept, a canceled one is what it wants.
  static decision decide(const state& s, const RecallShoppingListRequest&) {
    if (ended(s)) return accepted();
    return from<ShoppingListCanceled>(s);
  }

  static void evolve(state& s, const ShoppingListCreated& e) { become(s, pending, e); }
  static void evolve(state& s, const ShoppingListInitiated& e) { become(s, available, e); }
  static void evolve(state& s, const ShoppingListAssigned& e) { become(s, assigned, e); }
  static void evolve(state& s, const ShoppingListCompleted& e) { become(s, completed, e); }
  static void evolve(state& s, const ShoppingListCanceled& e) { become(s, canceled, e); }

private:
  static bool ended(const state& s) { return s.status() == completed || s.status() == canceled; }

  static void become(state& s, const char* status, const any_message& e) {
    assign(s, e);
    s.set_status(status);
  }

  static ShoppingList::Stop& stop_at(ShoppingListCreated& list, const stores::Store& store) {
    const auto known =
        std::ranges::find(*list.mutable_stops(), store.store_id(), &ShoppingList::Stop::store_id);
    if (known != list.mutable_stops()->end()) return *known;
    auto& stop = *list.add_stops();
    stop.set_store_id(store.store_id());
    stop.set_store_name(store.name());
    stop.set_store_location(store.location());
    return stop;
  }

  /// A product that is asked for twice is one line.
  static ShoppingList::Item& item_at(ShoppingList::Stop& stop, const stores::Product& product) {
    const auto known = std::ranges::find(*stop.mutable_items(), product.product_id(),
                                         &ShoppingList::Item::product_id);
    if (known != stop.mutable_items()->end()) return *known;
    auto& item = *stop.add_items();
    item.set_product_id(product.product_id());
    item.set_product_name(product.name());
    return item;
  }
};

} // namespace mallbots::depot
