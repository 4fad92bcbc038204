#include <string>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "tests/gateway/shop_over_http.hpp"

namespace {

/// The texts at `of` of a list's rows.
std::vector<std::string> listed(const shop_over_http::reply& r, const char* list,
                                const char* of = "id") {
  INFO(r.body);
  REQUIRE(r.code() == 200);
  std::vector<std::string> all;
  const auto body = boost::json::parse(r.body);
  for (const auto& row : body.at(list).as_array()) all.emplace_back(row.at(of).as_string());
  return all;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a list shows what was answered before it was asked for, oldest first", "[lists]") {
  shop_over_http shop;
  CHECK(listed(shop.get("/api/stores"), "stores").empty());
  texts ids;
  for (int n = 0; n < 20; ++n) {
    ids.push_back(shop.store());
    CHECK(listed(shop.get("/api/stores"), "stores") == ids);
  }
  CHECK(listed(shop.get("/api/stores/participating"), "stores").empty());
  done(shop.put("/api/stores/" + ids[7] + "/participating"));
  CHECK(listed(shop.get("/api/stores/participating"), "stores") == texts{ids[7]});
  done(shop.put("/api/stores/" + ids[7] + "/rebrand", R"({"name":"Statler"})"));
  CHECK(listed(shop.get("/api/stores/participating"), "stores", "name") == texts{"Statler"});
}

TEST_CASE("a list is written to the letter", "[lists]") {
  shop_over_http shop;
  CHECK(shop.get("/api/customers").body == R"({"customers":[],"next":""})");
  const auto id = shop.customer();
  const auto r = shop.get("/api/customers");
  CHECK(r.body == R"({"customers":[{"id":")" + id +
                      R"(","name":"Ada","smsNumber":"555","enabled":true}],"next":""})");
  CHECK(r.header("Content-Length") == std::to_string(r.body.size()));
  CHECK(r.headers.count("ETag") == 0);
  CHECK(shop.ask("HEAD", "/api/customers").header("Content-Length") ==
        std::to_string(r.body.size()));
  refused(shop.get("/api/customers?limit=-1"), 3, "limit must not be negative");
}

TEST_CASE("a catalogue holds the products of its store that were not removed", "[lists]") {
  shop_over_http shop;
  const auto store = shop.store();
  const auto path = "/api/stores/" + store + "/products";
  const auto first = shop.product(store), second = shop.product(store);
  shop.product(shop.store());
  CHECK(listed(shop.get(path), "products") == texts{first, second});
  done(shop.del("/api/stores/products/" + first));
  CHECK(listed(shop.get(path), "products") == texts{second});
  CHECK(shop.get("/api/stores/nobody/products").body == R"({"products":[]})");
}

TEST_CASE("the contract's lists say next only where more follows", "[lists]") {
  shop_over_http shop;
  CHECK(shop.get("/api/stores").body == R"({"stores":[]})");
  CHECK(shop.get("/api/stores/participating").body == R"({"stores":[]})");
  shop.store();
  shop.store();
  CHECK(boost::json::parse(shop.get("/api/stores?limit=1").body).at("next").as_string() != "");
  CHECK_FALSE(boost::json::parse(shop.get("/api/stores").body).as_object().contains("next"));
}

TEST_CASE("pages join by their next, and a next of another list is refused", "[lists]") {
  shop_over_http shop;
  texts ids, seen;
  for (int n = 0; n < 7; ++n) ids.push_back(shop.customer());
  std::string next;
  do {
    const auto r = shop.get("/api/customers?limit=3&next=" + next);
    for (auto& id : listed(r, "customers")) seen.push_back(std::move(id));
    next = boost::json::parse(r.body).at("next").as_string();
    if (seen.size() == 3) CHECK(shop.get("/api/stores?next=" + next).code() == 400);
  } while (!next.empty());
  CHECK(seen == ids);
}

TEST_CASE("a list without limit is complete, however many pages it takes", "[lists]") {
  shop_over_http shop;
  texts ids;
  for (int n = 0; n < 1'207; ++n) ids.push_back(shop.customer());
  CHECK(listed(shop.get("/api/customers"), "customers") == ids);
}
