#pragma once

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/payments/api.pb.h"
#include "messages/mallbots/payments/payment.pb.h"

namespace mallbots::payments {

using namespace paymentspb;

/// An authorised payment, which confirms one order only.
struct payment {
  using state = Payment;
  using creates = types<AuthorizePaymentRequest>;
  using commands = types<ConfirmPaymentRequest, ReleasePaymentRequest>;
  using queries = types<GetPaymentRequest>;
  using events = types<PaymentAuthorized, PaymentConfirmed, PaymentReleased>;

  static constexpr auto authorized = "authorized", confirmed = "confirmed";

  static constexpr auto unknown = not_found("payments.payment_unknown", "payment not found");
  static constexpr auto duplicate =
      invalid("payments.payment_duplicate", "the payment exists already");
  static constexpr auto out_of_bounds =
      invalid("payments.amount_out_of_range", "the payment amount is out of range");
  static constexpr auto not_confirmable =
      not_found("payments.not_confirmable", "payment cannot be confirmed");

  static const rejection& unknown_to(const ConfirmPaymentRequest&) { return not_confirmable; }

  static decision decide(const state& s, const AuthorizePaymentRequest& c) {
    if (c.amount() < 0 || out_of_range(c.amount())) return out_of_bounds;
    return from<PaymentAuthorized>(s, c);
  }

  static decision decide(const state& s, const ConfirmPaymentRequest& c) {
    if (s.status() != authorized || s.customer_id() != c.customer_id()) return not_confirmable;
    if (beyond_any_sum(c.amount()) || s.amount() < to_money(c.amount())) return not_confirmable;
    return from<PaymentConfirmed>(s, c);
  }

  /// The saga's undo: nothing to release for an order that does not hold the payment.
  static decision decide(const state& s, const ReleasePaymentRequest& c) {
    if (s.status() != confirmed || s.order_id() != c.order_id()) return accepted();
    return from<PaymentReleased>(s, c);
  }

  static void evolve(state& s, const PaymentAuthorized& e) {
    assign(s, e);
    s.set_status(authorized);
  }
  static void evolve(state& s, const PaymentConfirmed& e) {
    assign(s, e);
    s.set_status(confirmed);
  }
  static void evolve(state& s, const PaymentReleased&) {
    s.clear_order_id();
    s.set_status(authorized);
  }
};

} // namespace mallbots::payments
