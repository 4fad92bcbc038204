#include "actors/mallbots/stores/product.hpp"

#include <limits>

#include "tests/given.hpp"

using namespace mallbots::stores;
using reenact::tests::given;
using reenact::tests::pb;

namespace {
const auto shop = pb<store::state>("store_id: 's-1' name: 'Waldorf' location: 'Level 2'");
const auto added = pb<ProductAdded>(
    "product_id: 'it' store_id: 's-1' name: 'Hat' description: 'warm' sku: 'H1' price: 99900");

AddProductRequest hat(double price) {
  auto c = pb<AddProductRequest>("store_id: 's-1' name: 'Hat' description: 'warm' sku: 'H1'");
  c.set_price(price);
  return c;
}
template <class Command>
Command to(double price) {
  Command c;
  c.set_price(price);
  return c;
}
} // namespace

TEST_CASE("a product is added to a store that exists", "[stores]") {
  given<product>().knowing(shop).when(hat(9.99)).then(added);
}

TEST_CASE("a product is not added to a store that nobody created", "[stores]") {
  given<product>().when(hat(9.99)).rejected(store::unknown);
}

TEST_CASE("a product needs a name and a price that is a price", "[stores]") {
  auto nameless = hat(1);
  nameless.clear_name();
  given<product>().knowing(shop).when(nameless).rejected(product::no_name);
  given<product>().knowing(shop).when(hat(-0.01)).rejected(product::negative_start);
  given<product>().knowing(shop).when(hat(100'000)).rejected(product::price_out_of_range);
  given<product>().knowing(shop).when(hat(99'999.99999)).rejected(product::price_out_of_range);
  given<product>()
      .knowing(shop)
      .when(hat(std::numeric_limits<double>::quiet_NaN()))
      .rejected(product::price_out_of_range);
  CHECK(product::no_name.text == "initializing product: the product name cannot be blank");
  CHECK(product::negative_start.text ==
        "initializing product: the product price cannot be negative");
  CHECK(product::price_out_of_range.text == "the product price is out of range");
}

TEST_CASE("description and sku may be empty, and a price may be zero", "[stores]") {
  auto plain = pb<AddProductRequest>("store_id: 's-1' name: 'Hat'");
  given<product>().knowing(shop).when(plain).then(
      pb<ProductAdded>("product_id: 'it' store_id: 's-1' name: 'Hat'"));
}

TEST_CASE("a product is rebranded, its description even to nothing", "[stores]") {
  given<product>(added)
      .when(pb<RebrandProductRequest>("name: 'Cap'"))
      .then(pb<ProductRebranded>("product_id: 'it' name: 'Cap'"));
  given<product>(added).when(pb<RebrandProductRequest>()).rejected(product::blank_name);
  const auto after = given<product>(added, pb<ProductRebranded>("product_id: 'it' name: 'Cap'"))
                         .shows<GetProductResponse>(GetProductRequest());
  CHECK(after.product().name() == "Cap");
  CHECK(after.product().description().empty());
}

TEST_CASE("a price goes up by increasing it, equal allowed", "[stores]") {
  given<product>(added)
      .when(to<IncreaseProductPriceRequest>(12.5))
      .then(pb<ProductPriceIncreased>("product_id: 'it' delta: 25100 price: 125000"));
  given<product>(added)
      .when(to<IncreaseProductPriceRequest>(9.99))
      .then(pb<ProductPriceIncreased>("product_id: 'it' price: 99900"));
  given<product>(added)
      .when(to<IncreaseProductPriceRequest>(9.98))
      .rejected(product::not_an_increase);
  CHECK(product::not_an_increase.text == "the price change would be a decrease");
}

TEST_CASE("a price goes down by decreasing it, never below zero", "[stores]") {
  given<product>(added)
      .when(to<DecreaseProductPriceRequest>(0))
      .then(pb<ProductPriceDecreased>("product_id: 'it' delta: -99900"));
  given<product>(added).when(to<DecreaseProductPriceRequest>(10)).rejected(product::not_a_decrease);
  given<product>(added).when(to<DecreaseProductPriceRequest>(-1)).rejected(product::negative_price);
  given<product>(added)
      .when(to<IncreaseProductPriceRequest>(1e9))
      .rejected(product::price_out_of_range);
  CHECK(product::not_a_decrease.text == "the price change would be an increase");
  CHECK(product::negative_price.text == "the product price cannot be negative");
}

TEST_CASE("a removed product is as if it had never been", "[stores]") {
  given<product>(added)
      .when(pb<RemoveProductRequest>())
      .then(pb<ProductRemoved>("product_id: 'it'"));
  given<product> removed(added, pb<ProductRemoved>("product_id: 'it'"));
  removed.when(pb<RemoveProductRequest>()).rejected(product::unknown);
  removed.when(pb<RebrandProductRequest>("name: 'x'")).rejected(product::unknown);
  removed.when(to<IncreaseProductPriceRequest>(20)).rejected(product::unknown);
  CHECK(product::unknown.text == "product with that ID does not exist");
}
