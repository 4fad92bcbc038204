#include <thread>

#include <catch2/catch.hpp>

#include "tests/gateway/shop_over_http.hpp"

namespace {

boost::json::value policy(raw_client& admin, std::string_view name) {
  const auto shown = admin.ask("GET /policies HTTP/1.1\r\nHost: test\r\n\r\n");
  REQUIRE(shown.code() == 200);
  const auto all = boost::json::parse(shown.body);
  for (const auto& p : all.at("policies").as_array())
    if (p.at("name").as_string() == name) return p;
  FAIL("no policy " << name);
  return {};
}

} // namespace

TEST_CASE("operators see what waits, why, and when it is tried again; strangers do not",
          "[policies]") {
  reenact::gateway::gateway_options how;
  how.admin.emplace().port = 0;
  shop_over_http shop(std::move(how)); // nobody has opened a port for texts to customers
  raw_client admin(shop.gateway().admin_port());
  const auto store = shop.store();
  const auto basket = shop.made("/api/baskets", R"({"customerId":")" + shop.customer() + "\"}");
  done(shop.put("/api/baskets/" + basket + "/addItem",
                R"({"productId":")" + shop.product(store) + R"(","quantity":1})"));
  done(shop.put("/api/baskets/" + basket + "/checkout", R"({"paymentId":"none"})"));
  while (policy(admin, "notification-texts").at("waits").as_array().empty())
    std::this_thread::yield();
  const auto waits = policy(admin, "notification-texts").at("waits").at(0);
  CHECK(waits.at("why") == "no port is called notifier");
  CHECK(waits.at("event") == "mallbots.notifications.NotificationSent");
  CHECK(waits.at("attempts").as_int64() > 0);
  CHECK(waits.at("nextTryInMs").as_int64() <= 10'000);
  CHECK(shop.get("/policies").code() == 404);
}
