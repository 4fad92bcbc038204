#pragma once

#include <chrono>
#include <vector>

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/create_order/purchase.pb.h"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/depot/api.pb.h"
#include "messages/mallbots/ordering/api.pb.h"
#include "messages/mallbots/ordering/order.pb.h"
#include "messages/mallbots/payments/api.pb.h"

namespace mallbots::create_order {

/// Carries a new order through authorisation, shopping list, payment and approval; when a step is
/// refused, or the customer cancels, undoes the steps before it, last first.
struct create_order {
  static constexpr auto name = "cosec.CreateOrder";
  using data = Purchase;
  using starts = ordering::OrderCreated;
  using cancels = ordering::OrderCanceled;
  static constexpr auto patience = std::chrono::seconds(30);

  static Purchase begin(const ordering::OrderCreated& e) { return from<Purchase>(e); }

  static std::vector<step<Purchase>> steps() {
    return {
        {.name = "order", .undo = reject},
        {.name = "customer", .run = authorize},
        {.name = "shopping list", .run = list, .then = keep_list, .undo = recall},
        {.name = "payment", .run = confirm, .undo = release},
        {.name = "shopping", .run = initiate},
        {.name = "approval", .run = approve},
    };
  }

private:
  static errand reject(const Purchase& p) {
    orderingpb::RejectOrderRequest c;
    c.set_id(p.order_id());
    return send(std::move(c));
  }
  static errand authorize(const Purchase& p) {
    customerspb::AuthorizeCustomerRequest c;
    c.set_id(p.customer_id());
    return send(std::move(c));
  }
  static errand list(const Purchase& p) {
    return send(from<depotpb::CreateShoppingListRequest>(p));
  }
  static void keep_list(Purchase& p, const any_message& reply) {
    p.set_shopping_id(static_cast<const depotpb::CreateShoppingListResponse&>(reply).id());
  }
  static errand recall(const Purchase& p) {
    depotpb::RecallShoppingListRequest c;
    c.set_id(p.shopping_id());
    return send(std::move(c));
  }
  static errand confirm(const Purchase& p) {
    auto c = from<paymentspb::ConfirmPaymentRequest>(p);
    c.set_id(p.payment_id());
    c.set_amount(reenact::messages::from_money(p.total()));
    return send(std::move(c));
  }
  static errand release(const Purchase& p) {
    auto c = from<paymentspb::ReleasePaymentRequest>(p);
    c.set_id(p.payment_id());
    return send(std::move(c));
  }
  static errand initiate(const Purchase& p) {
    depotpb::InitiateShoppingRequest c;
    c.set_id(p.shopping_id());
    return send(std::move(c));
  }
  static errand approve(const Purchase& p) {
    auto c = from<orderingpb::ApproveOrderRequest>(p);
    c.set_id(p.order_id());
    return send(std::move(c));
  }
};

} // namespace mallbots::create_order
