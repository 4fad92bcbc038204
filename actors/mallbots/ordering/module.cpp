#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/ordering/order.hpp"
#include "messages/mallbots/baskets/basket.pb.h"
#include "messages/mallbots/depot/shopping_list.pb.h"
#include "messages/mallbots/payments/invoice.pb.h"

namespace mallbots::ordering {
namespace {

/// An order has its basket's id.
errand place(const baskets::BasketCheckedOut& e) {
  return send(e.basket_id(), from<CreateOrderRequest>(e));
}

/// A list may have been made by hand, for no order.
errands ready(const depot::ShoppingListCompleted& e) {
  if (e.order_id().empty()) return {};
  ReadyOrderRequest c;
  c.set_id(e.order_id());
  return {send(std::move(c))};
}

errand complete(const payments::InvoicePaid& e) {
  CompleteOrderRequest c;
  c.set_id(e.order_id());
  c.set_invoice_id(e.invoice_id());
  return send(std::move(c));
}

} // namespace

void install(registry& node) {
  node.add<order>();
  node.on<baskets::BasketCheckedOut>("ordering-baskets", place);
  node.on<depot::ShoppingListCompleted>("ordering-depot", ready);
  node.on<payments::InvoicePaid>("ordering-payments", complete);
}

} // namespace mallbots::ordering
