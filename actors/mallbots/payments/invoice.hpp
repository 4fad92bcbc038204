#pragma once

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/payments/api.pb.h"
#include "messages/mallbots/payments/invoice.pb.h"

namespace mallbots::payments {

using namespace paymentspb;

/// What a customer owes for an order that is ready. Its id is the order's.
struct invoice {
  using state = Invoice;
  using creates = types<CreateInvoiceRequest>;
  using commands = types<AdjustInvoiceRequest, PayInvoiceRequest, CancelInvoiceRequest>;
  using queries = types<GetInvoiceRequest>;
  using events = types<InvoiceCreated, InvoiceAdjusted, InvoicePaid, InvoiceCanceled>;

  static constexpr auto pending = "pending", paid = "paid", canceled = "canceled";

  static constexpr auto unknown = not_found("payments.invoice_unknown", "invoice not found");
  static constexpr auto duplicate =
      invalid("payments.invoice_duplicate", "the invoice exists already");
  static constexpr auto out_of_bounds =
      invalid("payments.invoice_out_of_range", "the invoice amount is out of range");
  /// Said of canceling too: the contract's text.
  static constexpr auto not_pending =
      invalid("payments.invoice_not_pending", "invoice cannot be paid for");

  static decision decide(const state& s, const CreateInvoiceRequest& c) {
    if (c.amount() < 0 || beyond_any_sum(c.amount())) return out_of_bounds;
    return from<InvoiceCreated>(s, c);
  }
  static decision decide(const state& s, const AdjustInvoiceRequest& c) {
    if (c.amount() < 0 || beyond_any_sum(c.amount())) return out_of_bounds;
    return from<InvoiceAdjusted>(s, c);
  }
  static decision decide(const state& s, const PayInvoiceRequest&) {
    if (s.status() != pending) return not_pending;
    return from<InvoicePaid>(s);
  }
  static decision decide(const state& s, const CancelInvoiceRequest&) {
    if (s.status() != pending) return not_pending;
    return from<InvoiceCanceled>(s);
  }

  static void evolve(state& s, const InvoiceCreated& e) {
    assign(s, e);
    s.set_status(pending);
  }
  static void evolve(state& s, const InvoiceAdjusted& e) { assign(s, e); }
  static void evolve(state& s, const InvoicePaid&) { s.set_status(paid); }
  static void evolve(state& s, const InvoiceCanceled&) { s.set_status(canceled); }
};

} // namespace mallbots::payments
