#include "messages/fields.hpp"

#include <catch2/catch.hpp>

#include "messages/mallbots/stores/api.pb.h"
#include "messages/mallbots/stores/product.pb.h"
#include "messages/mallbots/stores/store.pb.h"
#include "messages/money.hpp"
#include "messages/schema.hpp"

using namespace reenact::messages;
using namespace mallbots::stores;

TEST_CASE("a message is made of the fields it shares, a later source winning", "[fields]") {
  Store s;
  s.set_store_id("s-1");
  s.set_name("old");
  storespb::CreateStoreRequest c;
  c.set_name("new");
  c.set_location("here");
  const auto e = from<StoreCreated>(s, c);
  CHECK(e.store_id() == "s-1");
  CHECK(e.name() == "new");
  CHECK(e.location() == "here");
}

TEST_CASE("a zero overwrites, because an event that sets false must be seen", "[fields]") {
  Store s;
  s.set_participating(true);
  assign(s, StoreParticipationDisabled());
  CHECK_FALSE(s.participating());
}

TEST_CASE("the key is id at the API, and a wrapped answer is filled from the state", "[fields]") {
  Product p;
  p.set_product_id("p-1");
  p.set_price(99'900);
  const auto answer = from<storespb::GetProductResponse>(p);
  CHECK(answer.product().id() == "p-1");
  CHECK(answer.product().price() == 9.99);
  storespb::AddProductRequest add;
  add.set_price(9.99);
  CHECK(from<ProductAdded>(p, add).price() == 99'900);
}

TEST_CASE("money rounds half to even on the decimal that was written", "[money]") {
  CHECK(to_money(0.00005) == 0);
  CHECK(to_money(0.00015) == 2);
  CHECK(to_money(1.00025) == 10'002);
  CHECK(to_money(1.00035) == 10'004);
  CHECK(to_money(0.1 + 0.2) == 3'000);
  CHECK(to_money(-0.00015) == -2);
  CHECK(out_of_range(99'999.99999));
  CHECK_FALSE(out_of_range(99'999.9999));
}

TEST_CASE("every rpc with a route is in the table", "[schema]") {
  const auto table = routes();
  const auto has = [&](verb v, std::string_view path, std::string_view rpc) {
    return std::ranges::any_of(table, [&](const route& r) {
      return r.what == v && r.path == path && r.rpc->full_name() == rpc;
    });
  };
  CHECK(has(verb::put, "/api/stores/{id}/rebrand", "storespb.StoresService.RebrandStore"));
  CHECK(has(verb::del, "/api/stores/products/{id}", "storespb.StoresService.RemoveProduct"));
  CHECK(table.size() == 47);
}
