#include "actors/mallbots/payments/payment.hpp"

#include <limits>

#include "tests/given.hpp"

using namespace mallbots::payments;
using reenact::tests::given;
using reenact::tests::pb;

namespace {

const auto authorized = pb<PaymentAuthorized>("payment_id: 'it' customer_id: 'c-1' amount: 100000");
const auto confirmed = pb<PaymentConfirmed>("payment_id: 'it' order_id: 'o-1'");
const auto released = pb<PaymentReleased>("payment_id: 'it' order_id: 'o-1'");
const auto confirm = pb<ConfirmPaymentRequest>("amount: 10 customer_id: 'c-1' order_id: 'o-1'");
const auto release = pb<ReleasePaymentRequest>("order_id: 'o-1'");

AuthorizePaymentRequest authorize(double amount) {
  auto c = pb<AuthorizePaymentRequest>("customer_id: 'c-1'");
  c.set_amount(amount);
  return c;
}

} // namespace

TEST_CASE("a payment is authorised for anybody and any amount that is one", "[payments]") {
  given<payment>().when(authorize(10)).then(authorized);
  given<payment>()
      .when(pb<AuthorizePaymentRequest>())
      .then(pb<PaymentAuthorized>("payment_id: 'it'"));
  for (const double amount : {-0.01, 100'000.0, std::numeric_limits<double>::quiet_NaN()})
    given<payment>().when(authorize(amount)).rejected(payment::out_of_bounds);
}

TEST_CASE("a payment is confirmed for its customer, up to its amount, for one order",
          "[payments]") {
  given<payment>(authorized).when(confirm).then(confirmed);
  auto other = confirm;
  other.set_amount(10.0001);
  given<payment>(authorized).when(other).rejected(payment::not_confirmable);
  other.set_amount(std::numeric_limits<double>::infinity());
  given<payment>(authorized).when(other).rejected(payment::not_confirmable);
  other = confirm;
  other.set_customer_id("c-2");
  given<payment>(authorized).when(other).rejected(payment::not_confirmable);
  other = confirm;
  other.set_order_id("o-2");
  given<payment>(authorized, confirmed).when(other).rejected(payment::not_confirmable);
}

TEST_CASE("an unknown payment cannot be confirmed, and is not found otherwise", "[payments]") {
  given<payment>().when(confirm).rejected(payment::not_confirmable);
  given<payment>().when(release).rejected(payment::unknown);
  CHECK(payment::not_confirmable.code == 5);
}

TEST_CASE("a payment is released by the order that holds it, and free again", "[payments]") {
  given<payment>(authorized, confirmed).when(release).then(released);
  given<payment>(authorized).when(release).then();
  given<payment>(authorized, confirmed, released).when(release).then();
  given<payment>(authorized, confirmed).when(pb<ReleasePaymentRequest>("order_id: 'o-2'")).then();
  given<payment>(authorized, confirmed, released).when(confirm).then(confirmed);
}

TEST_CASE("a payment is shown", "[payments]") {
  given<payment> g(authorized, confirmed);
  CHECK(g.shows<GetPaymentResponse>(pb<GetPaymentRequest>()).ShortDebugString() ==
        R"(payment { id: "it" customer_id: "c-1" amount: 10 status: "confirmed" })");
}
