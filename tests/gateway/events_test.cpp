#include <atomic>
#include <chrono>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/gateway/event_reader.hpp"
#include "tests/gateway/shop_over_http.hpp"

using namespace std::chrono_literals;

namespace {

std::string text_of(const boost::json::value& of, std::string_view name) {
  return std::string(of.at(name).as_string());
}

/// What happens from now on: the first block is the place that it begins at.
event_reader listening(shop_over_http& shop, std::string_view query = {}) {
  event_reader r(shop.gateway().port(), query);
  REQUIRE(r.head().code() == 200);
  r.next_place();
  return r;
}

} // namespace

TEST_CASE("who follows the events is told of each, as a CloudEvent", "[events]") {
  shop_over_http shop;
  auto events = listening(shop);
  CHECK(events.head().header("Content-Type") == "text/event-stream");
  const auto store = shop.store();
  const auto seen = events.next();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].name == "storesapi.StoreCreated");
  const auto& e = seen[0].data;
  CHECK(text_of(e, "specversion") == "1.0");
  CHECK(text_of(e, "type") == "storesapi.StoreCreated");
  CHECK(text_of(e, "source") == "/stores");
  CHECK(text_of(e, "subject") == store);
  CHECK(text_of(e, "entityversion") == "1");
  CHECK(text_of(e, "id").size() == 36);
  CHECK(text_of(e, "time").starts_with("20"));
  CHECK(text_of(e.at("data"), "name") == "Waldorf");
  CHECK(e.as_object().if_contains("causationid") == nullptr);
  CHECK(seen[0].id == events.place());

  const auto product = shop.product(store);
  const auto added = events.next();
  REQUIRE(added.size() == 1);
  CHECK(added[0].data.at("data").at("price").as_double() == 9.99);
}

TEST_CASE("a client chooses modules, types and an entity", "[events]") {
  shop_over_http shop;
  auto customers = listening(shop, "?module=customers");
  auto named = listening(shop, "?type=CustomerRegistered,storesapi.StoreCreated");
  shop.store();
  const auto ada = shop.customer();
  done(shop.put("/api/customers/" + ada + "/disable"));
  auto hers = listening(shop, "?from=start&entity=" + ada);

  const auto by_module = customers.next(2);
  CHECK(by_module[0].name == "customersapi.CustomerRegistered");
  CHECK(by_module[1].name == "customersapi.CustomerDisabled");
  const auto by_type = named.next(2);
  std::set<std::string> names;
  for (const auto& e : by_type) names.insert(e.name);
  CHECK(names ==
        std::set<std::string>{"customersapi.CustomerRegistered", "storesapi.StoreCreated"});
  for (const auto& e : hers.next(2)) CHECK(text_of(e.data, "subject") == ada);
  CHECK(hers.place().size() < customers.place().size());
}

TEST_CASE("a client that comes again is told what it missed, and nothing twice", "[events]") {
  shop_over_http shop;
  std::string place;
  {
    auto events = listening(shop, "?module=stores");
    shop.store();
    events.next();
    place = events.place();
  }
  const auto second = shop.store(), third = shop.store();
  event_reader again(shop.gateway().port(), "?module=stores", place);
  again.next_place();
  std::set<std::string> missed;
  for (const auto& e : again.next(2)) missed.insert(text_of(e.data, "subject"));
  CHECK(missed == std::set{second, third});
  // The same for who cannot send headers.
  event_reader page(shop.gateway().port(), "?module=stores&lastEventId=" + place);
  page.next_place();
  CHECK(page.next(2).size() == 2);
}

TEST_CASE("a place that is none, or another question's, is refused", "[events]") {
  shop_over_http shop, other;
  shop.store();
  const auto ours = listening(shop).place();
  const auto theirs = listening(other).place();
  const auto refused = [&](std::string_view query, std::string_view last, const std::string& why) {
    const auto body = shop.get("/api/events" + std::string(query),
                               last.empty() ? "" : "Last-Event-ID: " + std::string(last) + "\r\n");
    CHECK(body.code() == 400);
    CHECK(body.body == error_body_of(3, why));
  };
  const std::string none = "the last event id is none of this journal and this question";
  refused("", "nonsense", none);
  refused("", "&&&", none);
  refused("", theirs, none);
  refused("", ours.substr(0, ours.size() - 4), none);
  refused("", ours + "AAAA", none);
  refused("?entity=x", ours, none);
  refused("?module=nobody", "", "no module 'nobody' publishes events");
  refused("?module=stores&type=OrderCreated", "", "no event 'OrderCreated' is published there");
  refused("?from=monday", "", "from must be start, or left out");
}

TEST_CASE("events of within a module stay there", "[events]") {
  shop_over_http shop;
  auto events = listening(shop, "?from=start");
  done(shop.put("/api/depot/bots/" + shop.made("/api/depot/bots", R"({"name":"Marvin"})") +
                "/online"));
  const auto store = shop.store();
  CHECK(text_of(events.next()[0].data, "subject") == store);
  CHECK(shop.get("/api/events?type=BotAdded").code() == 400);
}

TEST_CASE("more clients than there may be are told to come later", "[events]") {
  shop_over_http shop({.event_clients_max = 1});
  {
    auto first = listening(shop);
    const auto second = shop.get("/api/events");
    CHECK(second.code() == 429);
    CHECK(second.header("Retry-After") == "1");
    CHECK(second.body == error_body_of(8, "too many clients follow the events"));
  }
  // The first has gone, which shows when the next event is written to it.
  while (shop.get("/api/events?type=nothing").code() == 429) shop.store();
}

TEST_CASE("a reader that takes nothing is cut off, and resumes", "[events]") {
  std::atomic<std::chrono::steady_clock::duration> elapsed{1h};
  reenact::gateway::gateway_options how;
  how.http.now = [&] { return std::chrono::steady_clock::time_point(elapsed.load()); };
  shop_over_http shop(std::move(how));
  const auto ada = shop.customer();
  const std::string number(200'000, '5');
  const auto change = [&] {
    done(shop.put("/api/customers/" + ada + "/change-sms", R"({"smsNumber":")" + number + "\"}"));
  };
  event_reader slow(shop.gateway().port(), "?module=customers", {}, 4096);
  slow.next_place();
  for (int i = 0; i < 40; ++i) change(); // more than all sockets between take
  const auto& server = shop.gateway().server();
  const auto before = server.connections();
  while (server.connections() == before) {
    elapsed = elapsed.load() + 1s;
    shop.gateway().server().tick();
    std::this_thread::yield();
  }
  std::size_t told = 0;
  for (;;) {
    const auto some = slow.next();
    if (some.empty()) break;
    ++told;
  }
  CHECK(told < 40);
  event_reader again(shop.gateway().port(), "?module=customers", slow.place());
  again.next_place();
  while (told < 40) told += again.next().size();
  CHECK(told == 40);
}

TEST_CASE("a drain ends the streams at once", "[events]") {
  shop_over_http shop;
  auto events = listening(shop);
  std::thread draining([&] { CHECK(shop.gateway().drain(10min)); });
  CHECK(events.next().empty());
  draining.join();
}

TEST_CASE("HEAD and other verbs on the events", "[events]") {
  shop_over_http shop;
  CHECK(shop.ask("HEAD", "/api/events").header("Content-Type") == "text/event-stream");
  CHECK(shop.post("/api/events", "{}").code() == 405);
}
