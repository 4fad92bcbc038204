#include "gateway/router.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace reenact;
using namespace reenact::gateway;
using kind = match::kind;
using messages::verb;

namespace {

const router& shop() {
  static const auto made = router::make(messages::routes());
  return std::get<router>(made);
}

std::string rpc(std::string_view method, std::string_view path) {
  const auto m = shop().find(method, path);
  return m.what == kind::found ? m.to->rpc->name() : "";
}

const messages::method* any_rpc(std::string_view name) {
  const auto table = messages::routes();
  return std::ranges::find(table, name, [](const auto& r) { return r.rpc->name(); })->rpc;
}

std::string refused(std::vector<messages::route> table) {
  return std::get<std::string>(router::make(std::move(table)));
}

} // namespace

TEST_CASE("a route is found with what its path captures", "[router]") {
  const auto m = shop().find("POST", "/api/stores/s-1/products");
  REQUIRE(m.what == kind::found);
  CHECK(m.to->rpc->name() == "AddProduct");
  REQUIRE(m.captures.size() == 1);
  CHECK(m.captures[0].target->name() == "store_id");
  CHECK(m.captures[0].value == "s-1");
}

TEST_CASE("every route of the shop finds its own rpc", "[router]") {
  const auto table = messages::routes();
  REQUIRE_FALSE(table.empty());
  for (const auto& r : table) {
    auto path = r.path;
    for (auto at = path.find('{'); at != path.npos; at = path.find('{'))
      path.replace(at, path.find('}') - at + 1, "8f14e45f-ceea-467f-9575-1f8d5d1f2a3b");
    CHECK(rpc(messages::to_string(r.what), path) == r.rpc->name());
  }
}

TEST_CASE("a literal beats a capture", "[router]") {
  CHECK(rpc("GET", "/api/stores/participating") == "GetParticipatingStores");
  CHECK(rpc("GET", "/api/stores/products/p-1") == "GetProduct");
  CHECK(rpc("GET", "/api/stores/products/products") == "GetProduct");
  CHECK(rpc("GET", "/api/stores/s-1/products") == "GetCatalog");
  CHECK(rpc("DELETE", "/api/stores/s-1/participating") == "DisableParticipation");
}

TEST_CASE("a literal that leads nowhere gives way to a capture", "[router]") {
  CHECK(rpc("PUT", "/api/stores/participating/rebrand") == "RebrandStore");
}

TEST_CASE("an unknown path is told from a known one under other methods", "[router]") {
  for (const auto* path : {"", "/", "api/stores", "/api", "/api/store", "/api/stores/", "//",
                           "/api/stores/s-1/", "/api/stores//products", "/api/stores/a/b/c/d"})
    CHECK(shop().find("GET", path).what == kind::unknown);
  const auto m = shop().find("PATCH", "/api/stores");
  CHECK(m.what == kind::other_method);
  CHECK(m.allow == "GET, HEAD, POST");
  CHECK(shop().find("POST", "/api/stores/s-1/participating").allow == "PUT, DELETE");
  CHECK(shop().find("get", "/api/stores").what == kind::other_method);
  CHECK(shop().find("DELETE", "/api/stores/participating").what == kind::other_method);
}

TEST_CASE("HEAD finds what GET finds", "[router]") {
  CHECK(rpc("HEAD", "/api/stores/s-1") == "GetStore");
  CHECK(shop().find("HEAD", "/api/stores/s-1/rebrand").what == kind::other_method);
}

TEST_CASE("captures are percent-decoded, once", "[router]") {
  const auto value = [](std::string_view path) {
    return shop().find("GET", path).captures[0].value;
  };
  CHECK(value("/api/stores/a%2Fb%20c") == "a/b c");
  CHECK(value("/api/stores/a+b") == "a+b");
  CHECK(value("/api/stores/%2525") == "%25");
  CHECK(value("/api/stores/%C3%A9") == "\xC3\xA9");
}

TEST_CASE("a capture that is no percent-encoded UTF-8 is malformed", "[router]") {
  for (const auto* path : {"/api/stores/%", "/api/stores/%2", "/api/stores/%zz", "/api/stores/%ff",
                           "/api/stores/\xff"})
    CHECK(shop().find("GET", path).what == kind::malformed);
}

TEST_CASE("an ambiguous table does not start, and both rpcs are named", "[router]") {
  const auto* one = any_rpc("GetStore");
  const auto* other = any_rpc("GetProduct");
  CHECK(refused({{verb::get, "/a/{id}", one}, {verb::get, "/a/{id}", other}}) ==
        "GET /a/{id}: is both storespb.StoresService.GetStore and "
        "storespb.StoresService.GetProduct");
  const auto* catalog = any_rpc("GetCatalog");
  CHECK_FALSE(
      refused({{verb::get, "/a/{id}", one}, {verb::get, "/a/{store_id}", catalog}}).empty());
}

TEST_CASE("a table with a mistake does not start", "[router]") {
  const auto* get = any_rpc("GetStore");
  CHECK(refused({{verb::get, "/a/{name}", get}}) ==
        "GET /a/{name}: storespb.GetStoreRequest has no string field name");
  CHECK_FALSE(refused({{verb::get, "/a/{limit}", any_rpc("GetStores")}}).empty());
  for (const auto* path : {"a", "", "/a/", "//a", "/a/{id", "/a/{}", "/a/x{id}", "/{id}/{id}"})
    CHECK_FALSE(refused({{verb::get, path, get}}).empty());
}
