#include <catch2/catch.hpp>

#include "tests/gateway/shop_over_http.hpp"

// What stands between a kiosk and a bill: baskets, orders, the depot, payments.
namespace {

const std::string nobody = "8f14e45f-ceea-467f-9575-1f8d5d1f2a3b";

std::string field(const raw_client::reply& r, const char* of, const char* name) {
  return std::string(boost::json::parse(r.body).at(of).at(name).as_string());
}

std::string item_of(const std::string& product, int quantity) {
  return R"({"productId":")" + product + R"(","quantity":)" + std::to_string(quantity) + "}";
}

/// A shop with a book to buy.
struct bookshop : shop_over_http {
  explicit bookshop(void (*install)(reenact::model::registry&) = mallbots::install)
    : shop_over_http({}, install) {}

  std::string store_id = store();
  std::string book = product(store_id);
  std::string lines = R"([{"storeId":")" + store_id + R"(","productId":")" + book +
                      R"(","storeName":"Waldorf","productName":"Book","price":9.99,"quantity":2}])";

  std::string basket() { return made("/api/baskets", R"({"customerId":"c-1"})"); }
  std::string order() {
    return made("/api/ordering",
                R"({"customerId":"c-1","paymentId":"pay-1","items":)" + lines + "}");
  }
  std::string list() {
    return made("/api/depot/shopping", R"({"orderId":"o-1","items":)" + lines + "}");
  }
};

/// Orders that stay as they are placed: no saga decides on them.
void without_saga(reenact::model::registry& node) {
  node.module("stores", mallbots::stores::install);
  node.module("customers", mallbots::customers::install);
  node.module("ordering", mallbots::ordering::install);
}

} // namespace

TEST_CASE("a basket takes a product the moment its creation was answered, and is checked out",
          "[shop]") {
  bookshop shop;
  const auto id = shop.basket();
  const auto path = "/api/baskets/" + id;
  CHECK(shop.get(path).body == R"({"basket":{"id":")" + id + R"(","items":[]}})");
  done(shop.put(path + "/addItem", item_of(shop.book, 3)));
  done(shop.put(path + "/removeItem", item_of(shop.book, 1)));
  CHECK(shop.get(path).body ==
        R"({"basket":{"id":")" + id + R"(","items":[{"storeId":")" + shop.store_id +
            R"(","productId":")" + shop.book +
            R"(","storeName":"Waldorf","productName":"Book","productPrice":9.99,"quantity":2}]}})");
  done(shop.put(path + "/checkout", R"({"paymentId":"pay-1"})"));
  const auto full = shop.get(path + "?view=full");
  CHECK(field(full, "basket", "customerId") == "c-1");
  CHECK(field(full, "basket", "paymentId") == "pay-1");
  CHECK(field(full, "basket", "status") == "checked_out");
  refused(shop.put(path + "/addItem", item_of(shop.book, 1)), 3, "the basket cannot be modified");
  refused(shop.del(path), 3, "the basket cannot be cancelled");
}

TEST_CASE("a basket says what it cannot take", "[shop]") {
  bookshop shop;
  refused(shop.post("/api/baskets", "{}"), 3, "the customer id cannot be blank");
  const auto path = "/api/baskets/" + shop.basket();
  const auto gone = "product fallback failed: product was not located";
  refused(shop.put(path + "/addItem", item_of(nobody, -1)), 5, gone);
  refused(shop.put(path + "/removeItem", item_of(nobody, 1)), 5, gone);
  refused(shop.put(path + "/addItem", item_of(shop.book, -1)), 3,
          "the item quantity cannot be negative");
  done(shop.put(path + "/addItem", item_of(shop.book, 0)));
  done(shop.put(path + "/removeItem", item_of(shop.book, 1)));
  refused(shop.put(path + "/checkout", "{}"), 3, "baskets checkout: the basket has no items");
  done(shop.put(path + "/addItem", item_of(shop.book, 1)));
  refused(shop.put(path + "/checkout", "{}"), 3,
          "baskets checkout: the payment id cannot be blank");
  done(shop.del(path));
  refused(shop.put(path + "/checkout", "{}"), 3, "baskets checkout: the basket cannot be modified");
}

TEST_CASE("a product that was removed cannot be added any more", "[shop]") {
  bookshop shop;
  const auto path = "/api/baskets/" + shop.basket();
  done(shop.put(path + "/addItem", item_of(shop.book, 1)));
  done(shop.del("/api/stores/products/" + shop.book));
  refused(shop.put(path + "/addItem", item_of(shop.book, 1)), 5,
          "product fallback failed: product was not located");
  done(shop.put(path + "/removeItem", item_of(shop.book, 1))); // the basket holds the line
}

TEST_CASE("an unknown basket, order, list, payment, invoice or bot is not found", "[shop]") {
  bookshop shop;
  const auto of = [&](const std::string& root) { return root + nobody; };
  const auto basket = of("/api/baskets/");
  for (const auto& r : {shop.get(basket), shop.del(basket), shop.put(basket + "/checkout", "{}"),
                        shop.put(basket + "/addItem", item_of(nobody, 1)),
                        shop.put(basket + "/removeItem", item_of(nobody, 1))})
    refused(r, 5, "basket not found");
  const auto order = of("/api/ordering/");
  for (const auto& r : {shop.get(order), shop.del(order)}) refused(r, 5, "order not found");
  const auto list = of("/api/depot/shopping/");
  for (const auto& r :
       {shop.get(list), shop.post(list, "{}"), shop.put(list + "/assign", R"({"botId":"b"})"),
        shop.put(list + "/complete")})
    refused(r, 5, "shopping list not found");
  refused(shop.get(of("/api/payments/")), 5, "payment not found");
  const auto invoice = of("/api/payments/invoices/");
  for (const auto& r : {shop.get(invoice), shop.put(invoice + "/pay")})
    refused(r, 5, "invoice not found");
  refused(shop.put(of("/api/depot/bots/") + "/online"), 5, "bot not found");
}

TEST_CASE("an order is placed by hand, shown, and canceled while it is pending", "[shop]") {
  bookshop shop(without_saga);
  const auto id = shop.order();
  const auto path = "/api/ordering/" + id;
  const auto shown = shop.get(path);
  CHECK(field(shown, "order", "status") == "pending");
  CHECK(boost::json::parse(shown.body).at("order").at("total").to_number<double>() == 19.98);
  const auto created = field(shown, "order", "createdAt");
  CHECK(created.substr(0, 2) == "20");
  CHECK(created.back() == 'Z');
  CHECK(shown.body.find(R"("items":[{"storeId":")" + shop.store_id) != std::string::npos);
  done(shop.del(path));
  CHECK(field(shop.get(path), "order", "status") == "cancelled");
  refused(shop.del(path), 3, "the order cannot be cancelled");
}

TEST_CASE("an order says what it lacks", "[shop]") {
  bookshop shop;
  const auto place = [&](const std::string& body) { return shop.post("/api/ordering", body); };
  refused(place("{}"), 3, "create order command: the order has no items");
  refused(place(R"({"items":[{}]})"), 3, "create order command: the customer id cannot be blank");
  refused(place(R"({"items":[{}],"customerId":"c"})"), 3,
          "create order command: the payment id cannot be blank");
  refused(place(R"({"items":[{"price":1e5}],"customerId":"c","paymentId":"p"})"), 3,
          "the item price is out of range");
}

TEST_CASE("a shopping list is made, found by its order, and canceled", "[shop]") {
  bookshop shop;
  const auto id = shop.list();
  const auto path = "/api/depot/shopping/" + id;
  const auto shown = R"({"id":")" + id +
                     R"(","orderId":"o-1","status":"pending","assignedBotId":"",)" +
                     R"("stops":[{"storeId":")" + shop.store_id +
                     R"(","storeName":"Waldorf","storeLocation":"here","items":[{"productId":")" +
                     shop.book + R"(","productName":"Book","quantity":2}]}]})";
  CHECK(shop.get(path).body == R"({"shoppingList":)" + shown + "}");
  const auto listed = R"({"shoppingLists":[)" + shown + R"(],"next":""})";
  for (const auto* query : {"?orderId=o-1", "?status=pending", "?orderId=o-1&status=pending", ""})
    CHECK(shop.get("/api/depot/shopping" + std::string(query)).body == listed);
  CHECK(shop.get("/api/depot/shopping?orderId=o-2").body == R"({"shoppingLists":[],"next":""})");
  refused(shop.put(path + "/assign", R"({"botId":"b-1"})"), 3,
          "the shopping list cannot be assigned");
  refused(shop.put(path + "/complete"), 3, "the shopping list cannot be completed");
  done(shop.post(path, "{}"));
  refused(shop.post(path, ""), 3, "the shopping list cannot be canceled");
}

TEST_CASE("a shopping list of what nobody sells is not made", "[shop]") {
  bookshop shop;
  const auto make = [&](const std::string& store, const std::string& product) {
    return shop.post("/api/depot/shopping", R"({"items":[{"storeId":")" + store +
                                                R"(","productId":")" + product + R"("}]})");
  };
  refused(make(nobody, nobody), 5, "building shopping list: store fallback failed");
  refused(make(shop.store_id, nobody), 5, "building shopping list: product fallback failed");
}

TEST_CASE("bots are added, listed, and go on and off duty", "[shop]") {
  bookshop shop;
  refused(shop.post("/api/depot/bots", R"({"name":""})"), 3, "the bot name cannot be blank");
  const auto id = shop.made("/api/depot/bots", R"({"name":"R2"})");
  const auto listed = [&](const std::string& status) {
    CHECK(shop.get("/api/depot/bots").body ==
          R"({"bots":[{"id":")" + id + R"(","name":"R2","status":")" + status + R"("}]})");
  };
  listed("offline");
  done(shop.put("/api/depot/bots/" + id + "/online"));
  listed("idle");
  done(shop.put("/api/depot/bots/" + id + "/offline"));
  listed("offline");
}

TEST_CASE("a bot that works on a list cannot go off duty, and can when the list is done",
          "[shop]") {
  bookshop shop;
  const auto ada = shop.customer();
  const auto pays = shop.made("/api/payments", R"({"customerId":")" + ada + R"(","amount":50})");
  const auto order = shop.made("/api/ordering", R"({"customerId":")" + ada + R"(","paymentId":")" +
                                                    pays + R"(","items":)" + shop.lines + "}");
  const auto bot = "/api/depot/bots/" + shop.made("/api/depot/bots", R"({"name":"R2"})");
  done(shop.put(bot + "/online"));
  const auto bot_is = [&](const std::string& status) {
    return shop.get("/api/depot/bots").body.find(status) != std::string::npos;
  };
  comes_true(
      [&] { return field(shop.get("/api/ordering/" + order), "order", "status") == "approved"; });
  const auto lists = boost::json::parse(shop.get("/api/depot/shopping?orderId=" + order).body);
  const auto list =
      "/api/depot/shopping/" + std::string(lists.at("shoppingLists").at(0).at("id").as_string());
  done(shop.put(list + "/assign", R"({"botId":")" + bot.substr(bot.rfind('/') + 1) + "\"}"));
  comes_true([&] { return bot_is("active"); });
  refused(shop.put(bot + "/offline"), 3, "the bot is active");
  done(shop.put(list + "/complete"));
  comes_true([&] { return bot_is("idle"); });
  done(shop.put(bot + "/offline"));
}

TEST_CASE("a payment is authorised and shown", "[shop]") {
  bookshop shop;
  const auto id = shop.made("/api/payments", R"({"customerId":"c-1","amount":19.98})");
  CHECK(shop.get("/api/payments/" + id).body ==
        R"({"payment":{"id":")" + id +
            R"(","customerId":"c-1","amount":19.98,"status":"authorized"}})");
  for (const auto* amount : {"-1", "100000", "\"NaN\""})
    refused(shop.post("/api/payments", R"({"amount":)" + std::string(amount) + "}"), 3,
            "the payment amount is out of range");
}
