#include "actors/mallbots/payments/invoice.hpp"

#include <limits>

#include "tests/given.hpp"

using namespace mallbots::payments;
using reenact::tests::given;
using reenact::tests::pb;

namespace {
const auto created =
    pb<InvoiceCreated>("invoice_id: 'it' order_id: 'it' payment_id: 'pay-1' amount: 199801");
const auto adjusted = pb<InvoiceAdjusted>("invoice_id: 'it' amount: 10000");
const auto paid = pb<InvoicePaid>("invoice_id: 'it' order_id: 'it'");
const auto canceled = pb<InvoiceCanceled>("invoice_id: 'it'");
} // namespace

TEST_CASE("an invoice is made for an order, of any sum", "[payments]") {
  auto c = pb<CreateInvoiceRequest>("order_id: 'it' payment_id: 'pay-1' amount: 19.9801");
  given<invoice>().when(c).then(created);
  given<invoice>(created).when(c).rejected(invoice::duplicate);
  for (const double amount : {-1.0, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
    c.set_amount(amount);
    given<invoice>().when(c).rejected(invoice::out_of_bounds);
  }
}

TEST_CASE("an invoice is adjusted whatever has become of it", "[payments]") {
  const auto adjust = pb<AdjustInvoiceRequest>("amount: 1");
  given<invoice>(created).when(adjust).then(adjusted);
  given<invoice>(created, paid).when(adjust).then(adjusted);
  given<invoice>(created)
      .when(pb<AdjustInvoiceRequest>("amount: -1"))
      .rejected(invoice::out_of_bounds);
}

TEST_CASE("a pending invoice is paid or canceled, once", "[payments]") {
  given<invoice>(created).when(pb<PayInvoiceRequest>()).then(paid);
  given<invoice>(created).when(pb<CancelInvoiceRequest>()).then(canceled);
  for (auto g : {given<invoice>(created, paid), given<invoice>(created, canceled)}) {
    g.when(pb<PayInvoiceRequest>()).rejected(invoice::not_pending);
    g.when(pb<CancelInvoiceRequest>()).rejected(invoice::not_pending);
  }
  given<invoice>().when(pb<PayInvoiceRequest>()).rejected(invoice::unknown);
}

TEST_CASE("a canceled invoice is shown", "[payments]") {
  given<invoice> g(created, adjusted, canceled);
  CHECK(g.shows<GetInvoiceResponse>(pb<GetInvoiceRequest>()).ShortDebugString() ==
        R"(invoice { id: "it" order_id: "it" amount: 1 status: "canceled" })");
}
