#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/gateway/links.hpp"
#include "tests/gateway/shop_over_http.hpp"

TEST_CASE("every link from the first page and from the catalogue leads somewhere", "[gateway]") {
  shop_over_http shop;
  std::vector<std::string> open{"/", "/catalog/"};
  std::set<std::string> seen(open.begin(), open.end());
  while (!open.empty()) {
    const auto path = std::move(open.back());
    open.pop_back();
    const auto r = shop.get(path);
    INFO(path);
    CHECK(r.code() == 200);
    CHECK(!r.header("ETag").empty());
    if (!r.header("Content-Type").starts_with("text/html")) continue;
    for (const auto& link : links_in(r.body)) {
      INFO(link);
      REQUIRE(link.starts_with('/')); // nothing is elsewhere, and nothing beside the page
      auto place = link.substr(0, link.find('#'));
      if (seen.insert(place).second) open.push_back(std::move(place));
    }
  }
  CHECK(seen.size() > 70);
  for (const auto* place :
       {"/stores-asyncapi/", "/cosec-asyncapi/", "/stores-spec/", "/asyncapi-ui/index.js",
        "/catalog/events/ordering.Order.OrderCreated", "/catalog/catalog.css"})
    CHECK(seen.contains(place));
}
