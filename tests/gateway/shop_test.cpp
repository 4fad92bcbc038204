#include <catch2/catch.hpp>

#include "tests/gateway/shop_over_http.hpp"

namespace {

const std::string nobody = "8f14e45f-ceea-467f-9575-1f8d5d1f2a3b";

} // namespace

TEST_CASE("a store is created, shown, rebranded, and takes part or not", "[shop]") {
  shop_over_http shop;
  const auto id = shop.store();
  const auto path = "/api/stores/" + id;
  const auto shown = [&](const std::string& name, const char* participating) {
    const auto r = shop.get(path);
    CHECK(r.code() == 200);
    CHECK(r.header("Content-Type") == "application/json");
    CHECK(r.body == R"({"store":{"id":")" + id + R"(","name":")" + name +
                        R"(","location":"here","participating":)" + participating + "}}");
  };
  shown("Waldorf", "false");
  refused(shop.del(path + "/participating"), 3, "the store is already not participating");
  done(shop.put(path + "/participating", "{}"));
  shown("Waldorf", "true");
  refused(shop.put(path + "/participating"), 3, "the store is already participating");
  done(shop.del(path + "/participating"));
  done(shop.put(path + "/rebrand", R"({"name":"Statler"})"));
  shown("Statler", "false");
  refused(shop.put(path + "/rebrand", R"({"name":""})"), 3, "the store name cannot be blank");
}

TEST_CASE("a store needs a name and a location", "[shop]") {
  shop_over_http shop;
  refused(shop.post("/api/stores", R"({"location":"here"})"), 3, "the store name cannot be blank");
  refused(shop.post("/api/stores", R"({"name":"Waldorf"})"), 3,
          "the store location cannot be blank");
  refused(shop.ask("POST", "/api/stores"), 3, "the store name cannot be blank");
}

TEST_CASE("an unknown store is not found, whatever is asked of it", "[shop]") {
  shop_over_http shop;
  const auto path = "/api/stores/" + nobody;
  for (const auto& r :
       {shop.get(path), shop.put(path + "/participating"), shop.del(path + "/participating"),
        shop.put(path + "/rebrand", R"({"name":"x"})"),
        shop.post(path + "/products", R"({"name":"x"})")})
    refused(r, 5, "store not found");
}

TEST_CASE("a product is added, shown, changed and removed", "[shop]") {
  shop_over_http shop;
  const auto store = shop.store();
  const auto id = shop.product(store);
  const auto path = "/api/stores/products/" + id;
  const auto shown = [&](const std::string& name, const std::string& price) {
    CHECK(shop.get(path).body ==
          R"({"product":{"id":")" + id + R"(","storeId":")" + store + R"(","name":")" + name +
              R"(","description":"to read","sku":"b-1","price":)" + price + "}}");
  };
  shown("Book", "9.99");
  done(shop.put(path + "/rebrand", R"({"name":"Novel","description":"to read"})"));
  shown("Novel", "9.99");
  refused(shop.put(path + "/rebrand", "{}"), 3, "the product name cannot be blank");
  done(shop.put(path + "/increasePrice", R"({"price":12})"));
  shown("Novel", "12");
  refused(shop.put(path + "/increasePrice", R"({"price":11.9999})"), 3,
          "the price change would be a decrease");
  done(shop.put(path + "/decreasePrice", R"({"price":"0.5"})"));
  shown("Novel", "0.5");
  refused(shop.put(path + "/decreasePrice", R"({"price":0.6})"), 3,
          "the price change would be an increase");
  refused(shop.put(path + "/decreasePrice", R"({"price":-1})"), 3,
          "the product price cannot be negative");
  refused(shop.put(path + "/increasePrice", R"({"price":100000})"), 3,
          "the product price is out of range");
  done(shop.del(path));
  const auto gone = "product with that ID does not exist";
  refused(shop.get(path), 5, gone);
  refused(shop.del(path), 5, gone);
}

TEST_CASE("a product needs a name and a price that is one", "[shop]") {
  shop_over_http shop;
  const auto path = "/api/stores/" + shop.store() + "/products";
  refused(shop.post(path, R"({"price":1})"), 3,
          "initializing product: the product name cannot be blank");
  refused(shop.post(path, R"({"name":"x","price":-1})"), 3,
          "initializing product: the product price cannot be negative");
  for (const auto* price : {"1e5", "1e9999", "\"Infinity\"", "\"NaN\"", "\"1e9999\""})
    refused(shop.post(path, R"({"name":"x","price":)" + std::string(price) + "}"), 3,
            "the product price is out of range");
}

TEST_CASE("an unknown product is not found, whatever is asked of it", "[shop]") {
  shop_over_http shop;
  const auto path = "/api/stores/products/" + nobody;
  for (const auto& r :
       {shop.get(path), shop.del(path), shop.put(path + "/rebrand", R"({"name":"x"})"),
        shop.put(path + "/increasePrice", R"({"price":1})"),
        shop.put(path + "/decreasePrice", R"({"price":1})")})
    refused(r, 5, "product with that ID does not exist");
}

TEST_CASE("a customer is registered, shown, disabled, enabled and reached anew", "[shop]") {
  shop_over_http shop;
  const auto id = shop.customer();
  const auto path = "/api/customers/" + id;
  const auto shown = [&](const std::string& sms, const char* enabled) {
    CHECK(shop.get(path).body == R"({"customer":{"id":")" + id + R"(","name":"Ada","smsNumber":")" +
                                     sms + R"(","enabled":)" + enabled + "}}");
  };
  shown("555", "true");
  refused(shop.put(path + "/enable", "{}"), 3, "the customer is already enabled");
  done(shop.put(path + "/disable", "{}"));
  shown("555", "false");
  refused(shop.put(path + "/disable"), 3, "the customer is already disabled");
  done(shop.put(path + "/enable"));
  done(shop.put(path + "/change-sms", R"({"sms_number":"777"})"));
  shown("777", "true");
  refused(shop.put(path + "/change-sms", "{}"), 3, "the SMS number cannot be blank");
}

TEST_CASE("a customer needs a name and a number", "[shop]") {
  shop_over_http shop;
  refused(shop.post("/api/customers", R"({"smsNumber":"1"})"), 3,
          "the customer name cannot be blank");
  refused(shop.post("/api/customers", R"({"name":"Ada"})"), 3, "the SMS number cannot be blank");
}

TEST_CASE("an unknown customer is not found, whatever is asked of it", "[shop]") {
  shop_over_http shop;
  const auto path = "/api/customers/" + nobody;
  for (const auto& r : {shop.get(path), shop.put(path + "/enable"), shop.put(path + "/disable"),
                        shop.put(path + "/change-sms", R"({"smsNumber":"1"})")})
    refused(r, 5, "customer not found");
}
