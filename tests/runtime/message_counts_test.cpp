#include "actors/runtime/message_counts.hpp"

#include <map>
#include <string>

#include "messages/mallbots/customers/customer.pb.h"
#include "tests/runtime/shop_stage.hpp"

// What modules say to each other, counted.
using namespace reenact::tests;

namespace {

using numbers = std::map<std::string, std::uint64_t>;

/// The messages of which there were some, "module message".
numbers sent(const message_counts& of) {
  numbers all;
  for (const auto& [as, count] : of.all_sent())
    if (count > 0) all[as.first + " " + as.second] = count;
  return all;
}
numbers handled(const message_counts& of) {
  numbers all;
  for (const auto& [as, m] : of.all_received())
    if (const auto n = m.handled.now().all(); n > 0) all[as.first + " " + as.second] = n;
  return all;
}
numbers failed(const message_counts& of) {
  numbers all;
  for (const auto& [as, m] : of.all_received())
    if (const auto n = m.failed.now().all(); n > 0) all[as.first + " " + as.second] = n;
  return all;
}

} // namespace

TEST_CASE("a purchase sends and receives what the contract says, each once", "[messages]") {
  shop_stage s;
  s.fill("o-1");
  s.checkout("o-1");
  s.settle();
  const auto list = s.stream_of("depot.ShoppingList");
  s.must(pb<depotpb::AssignShoppingListRequest>("bot_id: 'b-1'"), list);
  s.must(depotpb::CompleteShoppingListRequest(), list);
  s.settle();
  s.must(paymentspb::PayInvoiceRequest(), "o-1");
  s.settle();
  CHECK(sent(s.here.said) == numbers{{"stores storesapi.StoreCreated", 1},
                                     {"stores storesapi.ProductAdded", 1},
                                     {"customers customersapi.CustomerRegistered", 1},
                                     {"customers am.Success", 1},
                                     {"baskets basketsapi.BasketStarted", 1},
                                     {"baskets basketsapi.BasketCheckedOut", 1},
                                     {"ordering ordersapi.OrderCreated", 1},
                                     {"ordering ordersapi.OrderApproved", 1},
                                     {"ordering ordersapi.OrderReadied", 1},
                                     {"ordering ordersapi.OrderCompleted", 1},
                                     {"ordering am.Success", 1},
                                     {"depot depotapi.CreatedShoppingListReply", 1},
                                     {"depot am.Success", 1},
                                     {"depot depotapi.ShoppingListCompleted", 1},
                                     {"payments am.Success", 1},
                                     {"payments paymentsapi.InvoicePaid", 1},
                                     {"cosec customersapi.AuthorizeCustomer", 1},
                                     {"cosec depotapi.CreateShoppingListCommand", 1},
                                     {"cosec paymentsapi.ConfirmPayment", 1},
                                     {"cosec depotapi.InitiateShoppingCommand", 1},
                                     {"cosec ordersapi.ApproveOrder", 1}});
  CHECK(handled(s.here.said) == numbers{{"ordering basketsapi.BasketCheckedOut", 1},
                                        {"ordering depotapi.ShoppingListCompleted", 1},
                                        {"ordering paymentsapi.InvoicePaid", 1},
                                        {"ordering ordersapi.ApproveOrder", 1},
                                        {"customers customersapi.AuthorizeCustomer", 1},
                                        {"depot depotapi.CreateShoppingListCommand", 1},
                                        {"depot depotapi.InitiateShoppingCommand", 1},
                                        {"payments paymentsapi.ConfirmPayment", 1},
                                        {"payments ordersapi.OrderReadied", 1},
                                        {"cosec ordersapi.OrderCreated", 1},
                                        {"cosec am.Success", 4},
                                        {"cosec depotapi.CreatedShoppingListReply", 1},
                                        {"notifications ordersapi.OrderCreated", 1},
                                        {"notifications ordersapi.OrderApproved", 1},
                                        {"notifications ordersapi.OrderReadied", 1},
                                        {"notifications ordersapi.OrderCompleted", 1}});
  CHECK(failed(s.here.said).empty());
}

TEST_CASE("a refusal is a reply of failure to a command that was handled", "[messages]") {
  shop_stage s;
  s.payment = "none";
  s.fill("o-1");
  s.checkout("o-1");
  s.settle();
  const auto out = sent(s.here.said), in = handled(s.here.said);
  CHECK(out.at("payments am.Failure") == 1);
  CHECK_FALSE(out.contains("payments am.Success"));
  CHECK(out.at("cosec depotapi.CancelShoppingListCommand") == 1);
  CHECK(out.at("cosec ordersapi.RejectOrder") == 1);
  CHECK(in.at("payments paymentsapi.ConfirmPayment") == 1);
  CHECK(in.at("cosec am.Failure") == 1);
  CHECK(in.at("cosec am.Success") == 3);
  CHECK(failed(s.here.said).empty());
}

TEST_CASE("what is tried or asked again, and what did not become durable, counts once or not",
          "[messages]") {
  shop_stage s;
  s.fill("o-1");
  int groups = 0;
  using fate = unruly_journal::fate;
  s.journal->next_group = [&] { return ++groups % 3 == 0 ? fate::good : fate::refused; };
  const auto refused = s.ask(pb<basketspb::CheckoutBasketRequest>("payment_id: 'pay-1'"), "o-1");
  s.run();
  CHECK(refused->got.what == answer::kind::unavailable);
  CHECK_FALSE(sent(s.here.said).contains("baskets basketsapi.BasketCheckedOut"));
  s.journal->next_group = nullptr;
  uuid same{};
  for (int i = 0; i < 2; ++i) {
    s.ask(pb<basketspb::CheckoutBasketRequest>("payment_id: 'pay-1'"), "o-1", [&](call& c) {
      if (i == 0) same = c.id;
      c.id = same;
      c.from = origin::client;
    });
    s.run();
  }
  s.journal->next_group = [&] { return ++groups % 3 == 0 ? fate::good : fate::refused; };
  s.settle();
  s.journal->next_group = nullptr;
  s.settle();
  const auto out = sent(s.here.said);
  CHECK(s.order_status("o-1") == "approved");
  CHECK(out.at("baskets basketsapi.BasketCheckedOut") == 1);
  CHECK(out.at("ordering ordersapi.OrderCreated") == 1);
  CHECK(out.at("cosec paymentsapi.ConfirmPayment") == 1);
  CHECK(out.at("payments am.Success") == 1);
  CHECK(handled(s.here.said).at("ordering basketsapi.BasketCheckedOut") == 1);
}

TEST_CASE("a dead letter was not handled", "[messages]") {
  shop_stage s;
  ::model::Record odd;
  odd.set_type("mallbots.ordering.OrderReadied");
  odd.set_payload("\xff\xff");
  s.write_behind_back("c-1", 1, odd);
  s.settle();
  CHECK(failed(s.here.said) == numbers{{"payments ordersapi.OrderReadied", 1},
                                       {"notifications ordersapi.OrderReadied", 1}});
  CHECK(handled(s.here.said).empty());
}

TEST_CASE("a message counts in the bucket that it took, and in the sum", "[messages]") {
  latencies l;
  using std::chrono::milliseconds;
  for (const int ms : {0, 10, 11, 5000, 5001}) l.add(milliseconds(ms));
  const auto seen = l.now();
  CHECK(seen.counts[0] == 2);
  CHECK(seen.counts[1] == 1);
  CHECK(seen.counts[8] == 1);
  CHECK(seen.counts[9] == 1);
  CHECK(seen.all() == 5);
  CHECK(seen.sum_s == Approx(10.022));
}
