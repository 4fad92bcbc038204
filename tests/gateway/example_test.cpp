#include "gateway/example.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "gateway/json_schema.hpp"
#include "messages/mallbots/ordering/order.pb.h"
#include "tests/gateway/every_kind.pb.h"

using namespace reenact::gateway;

TEST_CASE("an example has a value for every field, made of its name and kind") {
  CHECK(example_of(mallbots::ordering::OrderCreated::descriptor()) == boost::json::parse(R"({
          "orderId": "order-1", "customerId": "customer-1", "paymentId": "payment-1",
          "shoppingId": "shopping-1",
          "items": [{"productId": "product-1", "storeId": "store-1", "price": 9.99, "quantity": 1,
                     "productName": "product name", "storeName": "store name"}],
          "total": 9.99, "customerName": "customer name", "createdAt": "2022-05-10T12:00:00Z"})"));
}

TEST_CASE("an example of a message that speaks of itself ends") {
  const auto example = example_of(testing::EveryKind::descriptor());
  CHECK(example.at("inner").as_object().contains("i32"));
  CHECK(!example.at("inner").as_object().contains("inner"));
  CHECK(example.at("i64") == "1");
  CHECK(example.at("colour") == "RED");
}

TEST_CASE("money has the schema of a number where it is kept as one of four places") {
  json_schemas schemas("#/");
  schemas.reference(mallbots::ordering::OrderCreated::descriptor());
  const auto all = schemas.collected();
  CHECK(all.at("orderingOrderCreated").at("properties").at("total").at("type") == "number");
  CHECK(all.at("OrderItem").at("properties").at("price").at("type") == "number");
}

TEST_CASE("JSON is laid out a value a line") {
  CHECK(indented(boost::json::parse(R"({"a":[1.5,{"b":"\""}],"c":{},"d":[]})")) ==
        "{\n  \"a\": [\n    1.5,\n    {\n      \"b\": \"\\\"\"\n    }\n  ],\n  \"c\": {},\n"
        "  \"d\": []\n}");
}
