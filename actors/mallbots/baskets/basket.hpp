#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/baskets/api.pb.h"
#include "messages/mallbots/baskets/basket.pb.h"
#include "messages/mallbots/stores/product.pb.h"
#include "messages/mallbots/stores/store.pb.h"

namespace mallbots::baskets {

using namespace basketspb;

/// A basket at the kiosk, from its start to checkout or cancellation.
struct basket {
  using state = Basket;
  using creates = types<StartBasketRequest>;
  using commands = types<AddItemRequest, RemoveItemRequest, CancelBasketRequest,
                         CheckoutBasketRequest, AbandonBasketRequest>;
  using queries = types<GetBasketRequest>;
  using events =
      types<BasketStarted, BasketItemAdded, BasketItemRemoved, BasketCanceled, BasketCheckedOut>;

  /// For how long an open basket is kept that nobody touches.
  static constexpr reenact::model::setting abandon_after{"baskets.abandon_after",
                                                         std::chrono::hours(24)};

  static constexpr auto open = "open", canceled = "canceled", checked_out = "checked_out";

  static constexpr auto unknown = not_found("baskets.unknown", "basket not found");
  static constexpr auto duplicate = invalid("baskets.duplicate", "the basket cannot be modified");
  static constexpr auto no_customer =
      invalid("baskets.no_customer", "the customer id cannot be blank");
  static constexpr auto no_product =
      not_found("baskets.no_product", "product fallback failed: product was not located");
  static constexpr auto not_open = invalid("baskets.not_open", "the basket cannot be modified");
  static constexpr auto negative_quantity =
      invalid("baskets.negative_quantity", "the item quantity cannot be negative");
  static constexpr auto quantity_out_of_range =
      invalid("baskets.quantity_out_of_range", "the item quantity is out of range");
  static constexpr auto not_cancelable =
      invalid("baskets.not_cancelable", "the basket cannot be cancelled");
  static constexpr auto checkout_not_open =
      invalid("baskets.checkout_not_open", "baskets checkout: the basket cannot be modified");
  static constexpr auto checkout_empty =
      invalid("baskets.checkout_empty", "baskets checkout: the basket has no items");
  static constexpr auto checkout_no_payment =
      invalid("baskets.checkout_no_payment", "baskets checkout: the payment id cannot be blank");

  static decision decide(const state& s, const StartBasketRequest& c, const facts& f) {
    if (c.customer_id().empty()) return no_customer;
    auto started = from<BasketStarted>(s, c);
    *started.mutable_at() = f.now();
    return decision(std::move(started)).wake_in<AbandonBasketRequest>(f.setting(abandon_after));
  }

  static void needs(const state&, const AddItemRequest& c, const facts& f, wants& w) {
    w.want<stores::Product>(c.product_id());
    if (const auto* product = f.get<stores::Product>(c.product_id()))
      w.want<stores::Store>(product->store_id());
  }

  static decision decide(const state& s, const AddItemRequest& c, const facts& f) {
    const auto* product = f.get<stores::Product>(c.product_id());
    if (product == nullptr) return no_product;
    if (s.status() != open) return not_open;
    if (c.quantity() < 0) return negative_quantity;
    if (c.quantity() > std::numeric_limits<int>::max() - quantity_of(s, c.product_id()))
      return quantity_out_of_range;
    if (c.quantity() == 0) return accepted();
    auto added = from<BasketItemAdded>(s);
    auto& item = *added.mutable_item();
    assign(item, *product);
    assign(item, c);
    item.set_product_name(product->name());
    item.set_store_name(f.get<stores::Store>(product->store_id())->name());
    *added.mutable_at() = f.now();
    return added;
  }

  static void needs(const state& s, const RemoveItemRequest& c, const facts&, wants& w) {
    if (find(s, c.product_id()) == nullptr) w.want<stores::Product>(c.product_id());
  }

  static decision decide(const state& s, const RemoveItemRequest& c, const facts& f) {
    const auto* held = find(s, c.product_id());
    if (held == nullptr && f.get<stores::Product>(c.product_id()) == nullptr) return no_product;
    if (s.status() != open) return not_open;
    if (c.quantity() < 0) return negative_quantity;
    if (held == nullptr || c.quantity() == 0) return accepted();
    auto removed = from<BasketItemRemoved>(s, c);
    *removed.mutable_at() = f.now();
    return removed;
  }

  static decision decide(const state& s, const CancelBasketRequest&) {
    if (s.status() != open) return not_cancelable;
    return decision(from<BasketCanceled>(s)).sleep<AbandonBasketRequest>();
  }

  static decision decide(const state& s, const CheckoutBasketRequest& c) {
    if (s.status() != open) return checkout_not_open;
    if (s.items().empty()) return checkout_empty;
    if (c.payment_id().empty()) return checkout_no_payment;
    return decision(from<BasketCheckedOut>(s, c)).sleep<AbandonBasketRequest>();
  }

  /// Items do not set the timer anew: when it comes, a basket that was active since sets the next.
  static decision decide(const state& s, const AbandonBasketRequest&, const facts& f) {
    if (s.status() != open) return accepted();
    const auto left = f.setting(abandon_after) - f.since(s.active_at());
    if (left > left.zero()) return decision(accepted()).wake_in<AbandonBasketRequest>(left);
    return from<BasketCanceled>(s);
  }

  static void answer(const state& s, const GetBasketRequest& q, GetBasketResponse& r) {
    auto& shown = *r.mutable_basket();
    shown.set_id(s.basket_id());
    for (const auto& item : s.items()) {
      auto& line = *shown.add_items();
      assign(line, item);
      line.set_product_price(reenact::messages::from_money(item.price()));
    }
    if (q.view() != "full") return;
    shown.set_customer_id(s.customer_id());
    shown.set_payment_id(s.payment_id());
    shown.set_status(s.status());
  }

  static void evolve(state& s, const BasketStarted& e) {
    assign(s, e);
    *s.mutable_active_at() = e.at();
    s.set_status(open);
  }
  static void evolve(state& s, const BasketItemAdded& e) {
    *s.mutable_active_at() = e.at();
    auto& items = *s.mutable_items();
    const auto held = std::ranges::find(items, e.item().product_id(), &Basket::Item::product_id);
    if (held == items.end())
      *items.Add() = e.item();
    else
      held->set_quantity(held->quantity() + e.item().quantity());
  }
  static void evolve(state& s, const BasketItemRemoved& e) {
    *s.mutable_active_at() = e.at();
    auto& items = *s.mutable_items();
    const auto held = std::ranges::find(items, e.product_id(), &Basket::Item::product_id);
    if (held == items.end()) return;
    held->set_quantity(std::max(0, held->quantity() - e.quantity()));
    if (held->quantity() == 0) items.erase(held);
  }
  static void evolve(state& s, const BasketCanceled&) {
    s.clear_items();
    s.set_status(canceled);
  }
  static void evolve(state& s, const BasketCheckedOut& e) {
    s.set_payment_id(e.payment_id());
    s.set_status(checked_out);
  }

private:
  static const Basket::Item* find(const state& s, const std::string& product) {
    const auto at = std::ranges::find(s.items(), product, &Basket::Item::product_id);
    return at == s.items().end() ? nullptr : &*at;
  }
  static int quantity_of(const state& s, const std::string& product) {
    const auto* held = find(s, product);
    return held == nullptr ? 0 : held->quantity();
  }
};

} // namespace mallbots::baskets
