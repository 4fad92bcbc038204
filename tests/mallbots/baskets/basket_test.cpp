#include "actors/mallbots/baskets/basket.hpp"

#include "tests/given.hpp"

using namespace mallbots::baskets;
using reenact::tests::given;
using reenact::tests::pb;

namespace {

const auto shop = pb<mallbots::stores::Store>("store_id: 's-1' name: 'Waldorf' location: 'here'");
const auto hat =
    pb<mallbots::stores::Product>("product_id: 'p-1' store_id: 's-1' name: 'Hat' price: 99900");
const auto started = pb<BasketStarted>("basket_id: 'it' customer_id: 'c-1' at {}");
const auto abandon = pb<AbandonBasketRequest>();
constexpr std::chrono::microseconds day = std::chrono::hours(24);
const auto canceled = pb<BasketCanceled>("basket_id: 'it'");
const auto checked_out =
    pb<BasketCheckedOut>("basket_id: 'it' customer_id: 'c-1' payment_id: 'pay-1'");

BasketItemAdded hats(int quantity) {
  auto e = pb<BasketItemAdded>(R"(basket_id: 'it' item { store_id: 's-1' product_id: 'p-1'
      store_name: 'Waldorf' product_name: 'Hat' price: 99900 } at {})");
  e.mutable_item()->set_quantity(quantity);
  return e;
}
template <class Command>
Command of(int quantity, const std::string& product = "p-1") {
  Command c;
  c.set_product_id(product);
  c.set_quantity(quantity);
  return c;
}
std::string shown(given<basket>& of, const std::string& view = {}) {
  return of.shows<GetBasketResponse>(pb<GetBasketRequest>("view: '" + view + "'"))
      .basket()
      .ShortDebugString();
}

} // namespace

TEST_CASE("a basket is started for a customer, whoever that is", "[baskets]") {
  given<basket>().when(pb<StartBasketRequest>("customer_id: 'c-1'")).then(started);
  given<basket>().when(pb<StartBasketRequest>()).rejected(basket::no_customer);
}

TEST_CASE("an item carries the names and the price of the moment it was added", "[baskets]") {
  given<basket>(started).knowing(hat).knowing(shop).when(of<AddItemRequest>(2)).then(hats(2));
}

TEST_CASE("of a product that is there only the quantity grows", "[baskets]") {
  auto dearer = hats(3);
  dearer.mutable_item()->set_price(1);
  given<basket> twice(started, hats(2), dearer);
  CHECK(shown(twice) ==
        R"(id: "it" items { store_id: "s-1" product_id: "p-1" store_name: "Waldorf" )"
        R"(product_name: "Hat" product_price: 9.99 quantity: 5 })");
}

TEST_CASE("what cannot be added is refused: the product first, then the rules", "[baskets]") {
  given<basket>(started).when(of<AddItemRequest>(1)).rejected(basket::no_product);
  given<basket>(started, canceled).when(of<AddItemRequest>(-1)).rejected(basket::no_product);
  const auto adding = [](given<basket> to, int quantity) {
    return to.knowing(hat).knowing(shop).when(of<AddItemRequest>(quantity));
  };
  adding(given<basket>(started, canceled), -1).rejected(basket::not_open);
  adding(given<basket>(started, hats(1), checked_out), 1).rejected(basket::not_open);
  adding(given<basket>(started), -1).rejected(basket::negative_quantity);
  adding(given<basket>(started, hats(2)), INT32_MAX - 1).rejected(basket::quantity_out_of_range);
  adding(given<basket>(started), 0).then();
  adding(given<basket>(), 1).rejected(basket::unknown);
}

TEST_CASE("items are removed, and the line goes when nothing is left", "[baskets]") {
  const auto less = pb<BasketItemRemoved>("basket_id: 'it' product_id: 'p-1' quantity: 1 at {}");
  given<basket>(started, hats(2)).when(of<RemoveItemRequest>(1)).then(less);
  given<basket> one_left(started, hats(2), less);
  CHECK(shown(one_left).find("quantity: 1") != std::string::npos);
  given<basket> none_left(started, hats(2), less, less);
  CHECK(shown(none_left) == R"(id: "it")");
  const auto all =
      pb<BasketItemRemoved>("basket_id: 'it' product_id: 'p-1' quantity: 2147483647 at {}");
  given<basket> more_than_there(started, hats(2), all);
  CHECK(shown(more_than_there) == R"(id: "it")");
}

TEST_CASE("removing looks at the product only when the basket does not hold it", "[baskets]") {
  given<basket>(started, hats(1))
      .when(of<RemoveItemRequest>(1, "p-2"))
      .rejected(basket::no_product);
  given<basket>(started).knowing(hat).when(of<RemoveItemRequest>(1)).then();
  given<basket>(started, hats(1)).when(of<RemoveItemRequest>(0)).then();
  given<basket>(started, hats(1))
      .when(of<RemoveItemRequest>(-1))
      .rejected(basket::negative_quantity);
  given<basket>(started, canceled)
      .knowing(hat)
      .when(of<RemoveItemRequest>(1))
      .rejected(basket::not_open);
}

TEST_CASE("an open basket is canceled once, and loses its items", "[baskets]") {
  given<basket>(started, hats(1)).when(pb<CancelBasketRequest>()).then(canceled);
  given<basket> gone(started, hats(1), canceled);
  CHECK(shown(gone) == R"(id: "it")");
  gone.when(pb<CancelBasketRequest>()).rejected(basket::not_cancelable);
  given<basket>(started, hats(1), checked_out)
      .when(pb<CancelBasketRequest>())
      .rejected(basket::not_cancelable);
}

TEST_CASE("a basket with items and a payment is checked out, with all that an order needs",
          "[baskets]") {
  const auto pay = pb<CheckoutBasketRequest>("payment_id: 'pay-1'");
  auto out = checked_out;
  *out.add_items() = hats(2).item();
  given<basket>(started, hats(2)).when(pay).then(out);
  given<basket>(started, hats(2), checked_out).when(pay).rejected(basket::checkout_not_open);
  given<basket>(started).when(pay).rejected(basket::checkout_empty);
  given<basket>(started, hats(2))
      .when(pb<CheckoutBasketRequest>())
      .rejected(basket::checkout_no_payment);
}

TEST_CASE("customer, payment and status are shown in the full view alone", "[baskets]") {
  given<basket> bought(started, hats(1), checked_out);
  CHECK(shown(bought).find("customer_id") == std::string::npos);
  CHECK(shown(bought, "full")
            .find(R"(customer_id: "c-1" payment_id: "pay-1" status: "checked_out")") !=
        std::string::npos);
}

TEST_CASE("a basket that nobody touches for a day cancels itself", "[baskets]") {
  given<basket>()
      .when(pb<StartBasketRequest>("customer_id: 'c-1'"))
      .wakes<AbandonBasketRequest>(day);
  given<basket>(started, hats(1)).at(day.count()).when(abandon).then(canceled);
  given<basket>(started, hats(1), canceled).at(day.count()).when(abandon).then();
  given<basket>(started, hats(1), checked_out).at(day.count()).when(abandon).then();
}

TEST_CASE("a basket that was active since looks again when its day is over", "[baskets]") {
  auto later = hats(1);
  later.mutable_at()->set_seconds(3'600);
  given<basket>(started, later)
      .at(day.count())
      .when(abandon)
      .then()
      .wakes<AbandonBasketRequest>(std::chrono::hours(1));
}

TEST_CASE("a basket that has ended does not wake any more", "[baskets]") {
  given<basket>(started).when(pb<CancelBasketRequest>()).wakes<AbandonBasketRequest>({});
  given<basket>(started, hats(1))
      .when(pb<CheckoutBasketRequest>("payment_id: 'pay-1'"))
      .wakes<AbandonBasketRequest>({});
}
