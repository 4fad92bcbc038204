#include "actors/mallbots/modules.hpp"
#include "actors/mallbots/payments/invoice.hpp"
#include "actors/mallbots/payments/payment.hpp"
#include "messages/mallbots/ordering/order.pb.h"

namespace mallbots::payments {
namespace {

/// An invoice has its order's id.
errand bill(const ordering::OrderReadied& e) {
  auto c = from<CreateInvoiceRequest>(e);
  c.set_amount(reenact::messages::from_money(e.total()));
  return send(std::move(c));
}

} // namespace

void install(registry& node) {
  node.add<payment>();
  node.add<invoice>();
  node.on<ordering::OrderReadied>("payment-orders", bill);
}

} // namespace mallbots::payments
