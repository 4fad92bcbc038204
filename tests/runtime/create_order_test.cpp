#include "tests/runtime/shop_stage.hpp"

// The create-order saga on entities, policies and a journal: every row of its outcome table, and
// what nights are made of.
using namespace reenact::tests;

namespace {

/// What a saga that has ended well leaves behind, once.
void approved_once(shop_stage& s, const std::string& order) {
  CHECK(s.order_status(order) == "approved");
  CHECK(s.payment_status() == "confirmed");
  for (const auto* event : {"OrderCreated", "SagaBegun", "ShoppingListCreated", "PaymentConfirmed",
                            "ShoppingListInitiated", "OrderApproved"}) {
    INFO(event);
    CHECK(s.count(event) == 1);
  }
  CHECK(s.count("OrderRejected") == 0);
}

/// What one that was compensated leaves behind: nothing that is not taken back.
void rejected_once(shop_stage& s, const std::string& order) {
  CHECK(s.order_status(order) == "rejected");
  CHECK(s.count("OrderRejected") == 1);
  CHECK(s.count("OrderApproved") == 0);
  CHECK(s.count("ShoppingListCreated") == s.count("ShoppingListCanceled"));
  CHECK(s.count("PaymentConfirmed") == s.count("PaymentReleased"));
}

} // namespace

TEST_CASE("a basket that is checked out becomes an approved order with a list for the bots",
          "[create_order]") {
  shop_stage s;
  s.fill("o-1");
  s.checkout("o-1");
  s.settle();
  approved_once(s, "o-1");
}

TEST_CASE("the order of a customer who is unknown or disabled is rejected", "[create_order]") {
  shop_stage s;
  if (GENERATE(false, true))
    s.must(customerspb::DisableCustomerRequest(), "c-1");
  else
    s.customer = "nobody";
  s.fill("o-1");
  s.checkout("o-1");
  s.settle();
  rejected_once(s, "o-1");
  CHECK(s.count("ShoppingListCreated") == 0);
}

TEST_CASE("the order of what is sold no more is rejected, without a list", "[create_order]") {
  shop_stage s;
  s.fill("o-1");
  s.must(storespb::RemoveProductRequest(), "p-1");
  s.checkout("o-1");
  s.settle();
  rejected_once(s, "o-1");
  CHECK(s.count("ShoppingListCreated") == 0);
}

TEST_CASE("an order whose payment is unknown or too small is rejected, and its list canceled",
          "[create_order]") {
  shop_stage s;
  const bool known = GENERATE(false, true);
  if (!known) s.payment = "none";
  s.fill("o-1", known ? 6 : 1);
  s.checkout("o-1");
  s.settle();
  rejected_once(s, "o-1");
  CHECK(s.count("ShoppingListCanceled") == 1);
  CHECK(s.count("PaymentConfirmed") == 0);
}

TEST_CASE("a payment that is used twice pays one order", "[create_order]") {
  shop_stage s;
  for (const auto* id : {"o-1", "o-2"}) s.fill(id, 1);
  for (const auto* id : {"o-1", "o-2"}) s.checkout(id);
  s.settle();
  CHECK(s.count("OrderApproved") == 1);
  CHECK(s.count("OrderRejected") == 1);
  CHECK(s.count("PaymentConfirmed") == 1);
  CHECK(s.count("PaymentReleased") == 0);
}

TEST_CASE("a list that somebody canceled stops the shopping: the payment is released",
          "[create_order]") {
  shop_stage s;
  s.fill("o-1");
  s.checkout("o-1");
  while (s.count("PaymentConfirmed") == 0) s.react();
  const auto list = s.stream_of("depot.ShoppingList");
  s.must(depotpb::CancelShoppingListRequest(), list);
  s.settle();
  rejected_once(s, "o-1");
  CHECK(s.count("PaymentReleased") == 1);
}

TEST_CASE("an order that is canceled while its saga runs is compensated", "[create_order]") {
  const auto after = GENERATE(as<std::string>(), "OrderCreated", "SagaBegun", "ShoppingListCreated",
                              "PaymentConfirmed", "ShoppingListInitiated");
  INFO("canceled after " << after);
  shop_stage s;
  s.fill("o-1");
  s.checkout("o-1");
  while (s.count(after) == 0) s.react();
  s.must(orderingpb::CancelOrderRequest(), "o-1");
  s.settle();
  CHECK(s.order_status("o-1") == "cancelled");
  CHECK(s.count("OrderRejected") == 0); // there is nothing to reject any more
  CHECK(s.count("ShoppingListCreated") == s.count("ShoppingListCanceled"));
  CHECK(s.count("PaymentConfirmed") == s.count("PaymentReleased"));
}

TEST_CASE("a bot that is done before the approval is waited for, and the order becomes ready",
          "[create_order]") {
  shop_stage s;
  s.fill("o-1");
  s.checkout("o-1");
  while (s.count("ShoppingListInitiated") == 0) s.react();
  REQUIRE(s.count("OrderApproved") == 0);
  const auto list = s.stream_of("depot.ShoppingList");
  s.must(pb<depotpb::AssignShoppingListRequest>("bot_id: 'b-1'"), list);
  s.must(depotpb::CompleteShoppingListRequest(), list);
  s.settle();
  CHECK(s.order_status("o-1") == "ready");
  CHECK(s.count("InvoiceCreated") == 1);
  s.must(paymentspb::PayInvoiceRequest(), "o-1");
  s.settle();
  CHECK(s.order_status("o-1") == "completed");
  CHECK(s.count("OrderCompleted") == 1);
}

TEST_CASE("a crash after any turn of the policies changes nothing of what becomes of an order",
          "[create_order]") {
  const bool well = GENERATE(true, false);
  int turns = 0;
  for (bool ended = false; !ended; ++turns) {
    shop_stage s;
    if (!well) s.payment = "none";
    s.fill("o-1");
    s.checkout("o-1");
    for (int i = 0; i < turns; ++i) s.react();
    ended = s.count("OrderApproved") + s.count("OrderRejected") > 0;
    s.react_anew();
    s.settle();
    INFO("crashed after " << turns << " turns");
    if (well)
      approved_once(s, "o-1");
    else
      rejected_once(s, "o-1");
  }
  CHECK(turns > 5);
}

TEST_CASE("a crash in every turn lets every order end all the same", "[create_order]") {
  shop_stage s;
  s.fill("o-1");
  s.checkout("o-1");
  for (int i = 0; i < 20; ++i) {
    s.react();
    s.react_anew();
  }
  s.settle();
  approved_once(s, "o-1");
}

TEST_CASE("a journal that fails now and then delays orders, and loses and doubles none",
          "[create_order]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    shop_stage s(seed);
    s.fill("o-1");
    s.checkout("o-1");
    std::mt19937_64 dice(seed);
    using fate = unruly_journal::fate;
    s.journal->next_group = [&] {
      const auto n = dice() % 10;
      return n > 2 ? fate::good : n == 0 ? fate::refused : n == 1 ? fate::vanished : fate::silent;
    };
    for (int i = 0; i < 30; ++i) {
      s.react();
      s.time.advance(std::chrono::milliseconds(100));
      s.clockwork.step();
    }
    s.journal->next_group = nullptr;
    s.settle();
    approved_once(s, "o-1");
  }
}
