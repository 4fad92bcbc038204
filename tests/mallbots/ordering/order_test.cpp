#include "actors/mallbots/ordering/order.hpp"

#include <limits>

#include "tests/given.hpp"

using namespace mallbots::ordering;
using reenact::tests::given;
using reenact::tests::pb;

namespace {

const auto ada = pb<mallbots::customers::Customer>("customer_id: 'c-1' name: 'Ada'");
const auto placed = pb<CreateOrderRequest>(R"(customer_id: 'c-1' payment_id: 'pay-1'
    items { store_id: 's-1' product_id: 'p-1' store_name: 'Waldorf' product_name: 'Hat'
            price: 9.99 quantity: 2 }
    items { store_id: 's-2' product_id: 'p-2' store_name: 'Statler' product_name: 'Cup'
            price: 0.0001 quantity: 1 })");
const auto created = pb<OrderCreated>(R"(order_id: 'it' customer_id: 'c-1' payment_id: 'pay-1'
    items { product_id: 'p-1' store_id: 's-1' price: 99900 quantity: 2
            product_name: 'Hat' store_name: 'Waldorf' }
    items { product_id: 'p-2' store_id: 's-2' price: 1 quantity: 1
            product_name: 'Cup' store_name: 'Statler' }
    total: 199801 customer_name: 'Ada' created_at { seconds: 1669291200 })");

template <class Event>
Event of_it(const std::string& more = {}) {
  return pb<Event>("order_id: 'it' customer_id: 'c-1' " + more);
}
const auto rejected = of_it<OrderRejected>("payment_id: 'pay-1'");
const auto approved = of_it<OrderApproved>("payment_id: 'pay-1' shopping_id: 'list-1'");
const auto canceled = of_it<OrderCanceled>("payment_id: 'pay-1'");
const auto readied = of_it<OrderReadied>("payment_id: 'pay-1' total: 199801");
const auto completed = of_it<OrderCompleted>("invoice_id: 'inv-1'");

const auto approve = pb<ApproveOrderRequest>("shopping_id: 'list-1'");
const auto complete = pb<CompleteOrderRequest>("invoice_id: 'inv-1'");

given<order> new_order() {
  given<order> g;
  g.knowing(ada).at(1'669'291'200'000'000);
  return g;
}

std::string status_after(given<order> g) {
  return g.shows<GetOrderResponse>(pb<GetOrderRequest>()).order().status();
}

} // namespace

TEST_CASE("an order is created with its names, its total and its time", "[ordering]") {
  new_order().when(placed).then(created);
}

TEST_CASE("names that the client did not give are those of product and store", "[ordering]") {
  auto nameless = placed;
  nameless.mutable_items(0)->clear_product_name();
  nameless.mutable_items(0)->clear_store_name();
  new_order()
      .knowing(pb<mallbots::stores::Product>("product_id: 'p-1' name: 'Hat'"))
      .knowing(pb<mallbots::stores::Store>("store_id: 's-1' name: 'Waldorf'"))
      .when(nameless)
      .then(created);
}

TEST_CASE("an order of strangers is created: the saga decides", "[ordering]") {
  auto unnamed = created;
  unnamed.clear_customer_name();
  given<order>().at(1'669'291'200'000'000).when(placed).then(unnamed);
}

TEST_CASE("an order needs items, a customer and a payment, in this order", "[ordering]") {
  auto c = placed;
  c.clear_payment_id();
  new_order().when(c).rejected(order::no_payment);
  c.clear_customer_id();
  new_order().when(c).rejected(order::no_customer);
  c.clear_items();
  new_order().when(c).rejected(order::no_items);
  given<order>(created).when(placed).rejected(order::duplicate);
}

TEST_CASE("prices of items are prices, quantities are not negative, sums are sums", "[ordering]") {
  const auto with = [](double price, int quantity) {
    auto c = placed;
    c.mutable_items(1)->set_price(price);
    c.mutable_items(1)->set_quantity(quantity);
    return c;
  };
  for (const double price : {-0.01, 100'000.0, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()})
    new_order().when(with(price, 1)).rejected(order::price_out_of_range);
  new_order().when(with(1, -1)).rejected(order::negative_quantity);
  auto huge = with(99'999, INT32_MAX);
  for (int i = 0; i < 10; ++i) *huge.add_items() = huge.items(1);
  new_order().when(huge).rejected(order::total_out_of_range);
}

TEST_CASE("an order is shown with what the contract adds", "[ordering]") {
  given<order> g(created, approved, readied, completed);
  const auto shown = g.shows<GetOrderResponse>(pb<GetOrderRequest>()).order();
  CHECK(shown.id() == "it");
  CHECK(shown.items(0).price() == 9.99);
  CHECK(shown.items(1).store_name() == "Statler");
  CHECK(shown.total() == 19.9801);
  CHECK(shown.shopping_id() == "list-1");
  CHECK(shown.invoice_id() == "inv-1");
  CHECK(shown.created_at().seconds() == 1'669'291'200);
}

TEST_CASE("an order's status is the contract's word", "[ordering]") {
  CHECK(status_after(given<order>(created)) == "pending");
  CHECK(status_after(given<order>(created, rejected)) == "rejected");
  CHECK(status_after(given<order>(created, canceled)) == "cancelled");
  CHECK(status_after(given<order>(created, approved)) == "approved");
  CHECK(status_after(given<order>(created, approved, readied)) == "ready");
  CHECK(status_after(given<order>(created, approved, readied, completed)) == "completed");
}

TEST_CASE("an order is canceled while it is pending", "[ordering]") {
  const auto cancel = pb<CancelOrderRequest>();
  given<order>(created).when(cancel).then(canceled);
  given<order>(created, approved).when(cancel).rejected(order::not_cancelable);
  given<order>(created, canceled).when(cancel).rejected(order::not_cancelable);
  given<order>().when(cancel).rejected(order::unknown);
}

TEST_CASE("an order is approved and rejected only while it is pending", "[ordering]") {
  const auto reject = pb<RejectOrderRequest>();
  given<order>(created).when(approve).then(approved);
  given<order>(created).when(reject).then(rejected);
  for (auto g : {given<order>(created, canceled), given<order>(created, rejected),
                 given<order>(created, approved), given<order>(created, approved, readied)})
    g.when(approve).rejected(order::not_approvable);
  given<order>(created, approved).when(reject).rejected(order::not_rejectable);
}

TEST_CASE("to reject what is canceled or rejected is done already", "[ordering]") {
  given<order>(created, canceled).when(pb<RejectOrderRequest>()).then();
  given<order>(created, rejected).when(pb<RejectOrderRequest>()).then();
}

TEST_CASE("an order is readied when it is approved, and not yet before", "[ordering]") {
  const auto ready = pb<ReadyOrderRequest>();
  given<order>(created, approved).when(ready).then(readied);
  given<order>(created).when(ready).postponed(order::not_approved);
  for (auto g : {given<order>(created, canceled), given<order>(created, rejected),
                 given<order>(created, approved, readied)})
    g.when(ready).rejected(order::not_approved);
}

TEST_CASE("an order is completed when it is ready, and not yet before", "[ordering]") {
  given<order>(created, approved, readied).when(complete).then(completed);
  given<order>(created).when(complete).postponed(order::not_ready);
  given<order>(created, approved).when(complete).postponed(order::not_ready);
  for (auto g : {given<order>(created, canceled), given<order>(created, rejected),
                 given<order>(created, approved, readied, completed)})
    g.when(complete).rejected(order::not_ready);
}
