#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/gateway/shop_over_http.hpp"

// Orders as they are searched for, and what customers were told about them.
namespace {

using texts = std::vector<std::string>;

/// Two stores with something to buy, and customers who order it.
struct shopping_mall : shop_over_http {
  std::string waldorf = store(), statler = store();
  std::string hat = product(waldorf), cup = product(statler);
  std::string ada = customer(), bob = customer();

  std::string line(const std::string& of, const std::string& product, double price) {
    return R"({"storeId":")" + of + R"(","productId":")" + product + R"(","price":)" +
           std::to_string(price) + R"(,"quantity":2})";
  }
  std::string order(const std::string& customer, const std::string& lines) {
    return made("/api/ordering", R"({"customerId":")" + customer +
                                     R"(","paymentId":"pay-1","items":[)" + lines + "]}");
  }
  reply search(const std::string& filters, const std::string& more = {}) {
    return post("/api/search/orders", R"({"filters":{)" + filters + "}" + more + "}");
  }
  /// The orders that are found, newest first.
  texts found(const std::string& filters, const std::string& more = {}) {
    return ids_of(search(filters, more), "orders", "orderId");
  }
  boost::json::value shown(const std::string& id) {
    const auto r = get("/api/search/orders/" + id);
    INFO(r.body);
    REQUIRE(r.code() == 200);
    return boost::json::parse(r.body).at("order");
  }

  static texts ids_of(const reply& r, const char* list, const char* of) {
    INFO(r.body);
    REQUIRE(r.code() == 200);
    texts all;
    const auto body = boost::json::parse(r.body);
    for (const auto& row : body.at(list).as_array()) all.emplace_back(row.at(of).as_string());
    return all;
  }
};

std::string text_at(const boost::json::value& of, const char* name) {
  return std::string(of.at(name).as_string());
}

} // namespace

TEST_CASE("an order is found the moment it was placed, to the letter", "[search]") {
  shopping_mall mall;
  const auto id = mall.order(mall.ada, mall.line(mall.waldorf, mall.hat, 9.99));
  const auto created =
      text_at(boost::json::parse(mall.get("/api/ordering/" + id).body).at("order"), "createdAt");
  // Without a payment that is known the saga rejects it by itself.
  comes_true([&] { return text_at(mall.shown(id), "status") == "Rejected"; });
  const auto shown =
      R"({"orderId":")" + id + R"(","customerId":")" + mall.ada +
      R"(","customerName":"Ada","items":[{"productId":")" + mall.hat + R"(","storeId":")" +
      mall.waldorf + R"(","productName":"Book","storeName":"Waldorf","price":9.99,)" +
      R"("quantity":"2"}],"total":19.98,"status":"Rejected","createdAt":")" + created + R"("})";
  CHECK(mall.get("/api/search/orders/" + id).body == R"({"order":)" + shown + "}");
  CHECK(mall.search("").body == R"({"orders":[)" + shown + R"(],"next":""})");
  CHECK(mall.post("/api/search/orders", "{}").body == R"({"orders":[)" + shown + R"(],"next":""})");
}

TEST_CASE("an order that nobody placed is not found", "[search]") {
  shopping_mall mall;
  refused(mall.get("/api/search/orders/8f14e45f-ceea-467f-9575-1f8d5d1f2a3b"), 5,
          "order not found");
  CHECK(mall.search("").body == R"({"orders":[],"next":""})");
}

TEST_CASE("each filter keeps what it names, and all of them hold", "[search]") {
  shopping_mall mall;
  const auto hat = [&](double price) { return mall.line(mall.waldorf, mall.hat, price); };
  const auto cup = [&](double price) { return mall.line(mall.statler, mall.cup, price); };
  const auto one = mall.order(mall.ada, hat(5));
  const auto two = mall.order(mall.bob, cup(10));
  const auto both = mall.order(mall.ada, hat(20) + "," + cup(30));
  const auto of = [](const std::string& name, const std::string& text) {
    return '"' + name + R"(":")" + text + '"';
  };
  CHECK(mall.found("") == texts{both, two, one});
  CHECK(mall.found(of("customerId", mall.ada)) == texts{both, one});
  CHECK(mall.found(of("customerId", "nobody")).empty());
  CHECK(mall.found(R"("storeIds":[")" + mall.statler + "\"]") == texts{both, two});
  CHECK(mall.found(R"("storeIds":[")" + mall.statler + R"(",")" + mall.waldorf + "\"]") ==
        texts{both, two, one});
  CHECK(mall.found(R"("productIds":[")" + mall.hat + "\"]") == texts{both, one});
  CHECK(mall.found(R"("minTotal":20)") == texts{both, two});
  CHECK(mall.found(R"("maxTotal":20)") == texts{two, one});
  CHECK(mall.found(R"("minTotal":20,"maxTotal":20)") == texts{two});
  const auto created = text_at(mall.shown(two), "createdAt");
  CHECK(mall.found(of("after", created)) == texts{both, two});
  CHECK(mall.found(of("before", created)) == texts{one});
  CHECK(mall.found(of("customerId", mall.ada) + R"(,"productIds":[")" + mall.cup + "\"]") ==
        texts{both});
  comes_true([&] { return mall.found(of("status", "Rejected")).size() == 3; });
  CHECK(mall.found(of("status", "Rejected") + ',' + of("customerId", mall.bob)) == texts{two});
  CHECK(mall.found(of("status", "rejected")).empty());
}

TEST_CASE("a search comes in pages that join, and a next of another search is refused",
          "[search]") {
  shopping_mall mall;
  texts placed, seen;
  for (int n = 0; n < 8; ++n)
    placed.insert(placed.begin(), mall.order(mall.ada, mall.line(mall.waldorf, mall.hat, 1)));
  const auto filters = R"("customerId":")" + mall.ada + '"';
  std::string next;
  int pages = 0;
  do {
    const auto r = mall.search(filters, R"(,"limit":3,"next":")" + next + '"');
    for (auto& id : shopping_mall::ids_of(r, "orders", "orderId")) seen.push_back(std::move(id));
    next = text_at(boost::json::parse(r.body), "next");
    if (pages++ == 0) CHECK(mall.search("", R"(,"next":")" + next + '"').code() == 400);
  } while (!next.empty());
  CHECK(pages == 3);
  CHECK(seen == placed);
  refused(mall.search("", R"(,"next":"x")"), 3, "next: not a token of this query");
  refused(mall.search("", R"(,"limit":-1)"), 3, "limit must not be negative");
  refused(mall.search(R"("minTotal":"NaN")"), 3, "the total is out of range");
}

TEST_CASE("a purchase is followed from new to completed, and its customer told of each step",
          "[search]") {
  shopping_mall mall;
  const auto payment =
      mall.made("/api/payments", R"({"customerId":")" + mall.ada + R"(","amount":100})");
  const auto id = mall.made("/api/baskets", R"({"customerId":")" + mall.ada + R"("})");
  done(mall.put("/api/baskets/" + id + "/addItem",
                R"({"productId":")" + mall.hat + R"(","quantity":3})"));
  done(mall.put("/api/baskets/" + id + "/checkout", R"({"paymentId":")" + payment + R"("})"));
  const auto is = [&](const std::string& status) {
    const auto r = mall.get("/api/search/orders/" + id);
    return r.code() == 200 && text_at(boost::json::parse(r.body).at("order"), "status") == status;
  };
  comes_true([&] { return is("Approved"); });
  CHECK(mall.shown(id).at("total").to_number<double>() == 29.97);
  const auto lists = boost::json::parse(mall.get("/api/depot/shopping?orderId=" + id).body);
  const auto list =
      "/api/depot/shopping/" + text_at(lists.at("shoppingLists").as_array().at(0), "id");
  comes_true([&] { return mall.put(list + "/assign", R"({"botId":"b-1"})").code() == 200; });
  done(mall.put(list + "/complete"));
  comes_true([&] { return is("Ready For Pickup"); });
  comes_true([&] { return mall.put("/api/payments/invoices/" + id + "/pay").code() == 200; });
  comes_true([&] { return is("Completed"); });

  const auto told = "/api/notifications?customerId=" + mall.ada;
  const texts steps{"order_created", "order_approved", "order_ready", "order_completed"};
  comes_true(
      [&] { return shopping_mall::ids_of(mall.get(told), "notifications", "kind") == steps; });
}

TEST_CASE("a notification says what was sent to whom, when, and about which event",
          "[notifications]") {
  shopping_mall mall;
  const auto id = mall.order(mall.ada, mall.line(mall.waldorf, mall.hat, 9.99));
  mall.order("nobody", mall.line(mall.waldorf, mall.hat, 9.99));
  const auto told = [&](const std::string& query) {
    return boost::json::parse(mall.get("/api/notifications" + query).body)
        .at("notifications")
        .as_array();
  };
  // Received and rejected, both orders.
  comes_true([&] { return told("").size() == 4; });
  const auto to_ada = told("?customerId=" + mall.ada);
  REQUIRE(to_ada.size() == 2);
  const auto& first = to_ada[0];
  CHECK(text_at(first, "customerId") == mall.ada);
  CHECK(text_at(first, "orderId") == id);
  CHECK(text_at(first, "kind") == "order_created");
  CHECK(text_at(first, "text") == "Your order " + id + " was received.");
  CHECK(text_at(first, "smsNumber") == "555");
  CHECK(text_at(first, "event") == "ordersapi.OrderCreated");
  CHECK(text_at(first, "sentAt").back() == 'Z');
  CHECK(text_at(first, "id").size() == 36);
  CHECK(first.as_object().size() == 8);
  CHECK(text_at(to_ada[1], "event") == "ordersapi.OrderRejected");
  CHECK(text_at(told("?customerId=nobody").at(0), "smsNumber").empty());
  const auto r = mall.get("/api/notifications?limit=3");
  const auto next = text_at(boost::json::parse(r.body), "next");
  CHECK(told("?limit=3&next=" + next).size() == 1);
}
