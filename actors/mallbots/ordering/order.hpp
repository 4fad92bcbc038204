#pragma once

#include <string_view>

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/customers/customer.pb.h"
#include "messages/mallbots/ordering/api.pb.h"
#include "messages/mallbots/ordering/order.pb.h"
#include "messages/mallbots/stores/product.pb.h"
#include "messages/mallbots/stores/store.pb.h"

namespace mallbots::ordering {

using namespace orderingpb;

/// An order, from checkout to pick-up.
struct order {
  using state = Order;
  using creates = types<CreateOrderRequest>;
  using commands = types<CancelOrderRequest, RejectOrderRequest, ApproveOrderRequest,
                         ReadyOrderRequest, CompleteOrderRequest>;
  using queries = types<GetOrderRequest>;
  using events = types<OrderCreated, OrderRejected, OrderApproved, OrderCanceled, OrderReadied,
                       OrderCompleted>;

  static constexpr auto pending = "pending", rejected = "rejected", approved = "approved",
                        ready = "ready", completed = "completed", canceled = "cancelled";

  static constexpr auto unknown = not_found("ordering.unknown", "order not found");
  static constexpr auto duplicate =
      invalid("ordering.duplicate", "create order command: the order cannot be recreated");
  static constexpr auto no_items =
      invalid("ordering.no_items", "create order command: the order has no items");
  static constexpr auto no_customer =
      invalid("ordering.no_customer", "create order command: the customer id cannot be blank");
  static constexpr auto no_payment =
      invalid("ordering.no_payment", "create order command: the payment id cannot be blank");
  static constexpr auto price_out_of_range =
      invalid("ordering.price_out_of_range", "the item price is out of range");
  static constexpr auto negative_quantity =
      invalid("ordering.negative_quantity", "the item quantity cannot be negative");
  static constexpr auto total_out_of_range =
      invalid("ordering.total_out_of_range", "the order total is out of range");
  static constexpr auto not_cancelable =
      invalid("ordering.not_cancelable", "the order cannot be cancelled");
  static constexpr auto not_rejectable =
      invalid("ordering.not_rejectable", "the order cannot be rejected");
  static constexpr auto not_approvable =
      invalid("ordering.not_approvable", "the order cannot be approved");
  static constexpr auto not_approved =
      invalid("ordering.not_approved", "the order cannot be readied");
  static constexpr auto not_ready = invalid("ordering.not_ready", "the order cannot be completed");

  /// The names of that time, for those who search later. A basket knows those of its items.
  static void needs(const state&, const CreateOrderRequest& c, const facts&, wants& w) {
    w.want<customers::Customer>(c.customer_id());
    for (const auto& item : c.items()) {
      if (item.product_name().empty()) w.want<stores::Product>(item.product_id());
      if (item.store_name().empty()) w.want<stores::Store>(item.store_id());
    }
  }

  static decision decide(const state& s, const CreateOrderRequest& c, const facts& f) {
    if (c.items().empty()) return no_items;
    if (c.customer_id().empty()) return no_customer;
    if (c.payment_id().empty()) return no_payment;
    double sum = 0;
    for (const auto& item : c.items()) {
      if (item.price() < 0 || out_of_range(item.price())) return price_out_of_range;
      if (item.quantity() < 0) return negative_quantity;
      sum += item.price() * item.quantity();
    }
    if (beyond_any_sum(sum)) return total_out_of_range;
    auto created = from<OrderCreated>(s, c);
    for (auto& item : *created.mutable_items()) name(item, f);
    created.set_total(total_of(created));
    if (const auto* customer = f.get<customers::Customer>(c.customer_id()))
      created.set_customer_name(customer->name());
    *created.mutable_created_at() = f.now();
    return created;
  }

  static decision decide(const state& s, const CancelOrderRequest&) {
    if (s.status() != pending) return not_cancelable;
    return from<OrderCanceled>(s);
  }

  /// The saga's undo: there is nothing to reject in an order that has ended so already.
  static decision decide(const state& s, const RejectOrderRequest&) {
    if (s.status() == canceled || s.status() == rejected) return accepted();
    if (s.status() != pending) return not_rejectable;
    return from<OrderRejected>(s);
  }

  static decision decide(const state& s, const ApproveOrderRequest& c) {
    if (s.status() != pending) return not_approvable;
    return from<OrderApproved>(s, c);
  }

  /// A bot may be done before the saga has approved: that is not now, but possible.
  static decision decide(const state& s, const ReadyOrderRequest&) {
    if (s.status() == pending) return later{not_approved};
    if (s.status() != approved) return not_approved;
    return from<OrderReadied>(s);
  }

  static decision decide(const state& s, const CompleteOrderRequest& c) {
    if (s.status() == pending || s.status() == approved) return later{not_ready};
    if (s.status() != ready) return not_ready;
    return from<OrderCompleted>(s, c);
  }

  static void evolve(state& s, const OrderCreated& e) { become(s, pending, e); }
  static void evolve(state& s, const OrderRejected& e) { become(s, rejected, e); }
  static void evolve(state& s, const OrderApproved& e) { become(s, approved, e); }
  static void evolve(state& s, const OrderCanceled& e) { become(s, canceled, e); }
  static void evolve(state& s, const OrderReadied& e) { become(s, ready, e); }
  static void evolve(state& s, const OrderCompleted& e) { become(s, completed, e); }

private:
  static void become(state& s, const char* status, const any_message& e) {
    assign(s, e);
    s.set_status(status);
  }

  static void name(Order::Item& item, const facts& f) {
    if (item.product_name().empty())
      if (const auto* product = f.get<stores::Product>(item.product_id()))
        item.set_product_name(product->name());
    if (item.store_name().empty())
      if (const auto* store = f.get<stores::Store>(item.store_id()))
        item.set_store_name(store->name());
  }

  static std::int64_t total_of(const OrderCreated& e) {
    std::int64_t total = 0;
    for (const auto& item : e.items()) total += item.price() * item.quantity();
    return total;
  }
};

} // namespace mallbots::ordering
