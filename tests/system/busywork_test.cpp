#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "tests/system/http_client.hpp"
#include "tests/system/node_process.hpp"
#include "tools/busywork/check.hpp"

using namespace reenact::tests;
using namespace reenact::tools::busywork;
using Catch::Contains;

namespace {

std::vector<std::string> busywork(const node_process& at, const std::vector<std::string>& flags) {
  auto all = mallbots({"busywork", "--host", "127.0.0.1:" + std::to_string(at.http), "--pause", "0",
                       "--output", "json"});
  all.insert(all.end(), flags.begin(), flags.end());
  return all;
}

place place_of(const node_process& node) {
  boost::asio::io_context loop;
  place at{.name = "127.0.0.1:" + std::to_string(node.http), .keys = "test"};
  at.addresses =
      boost::asio::ip::tcp::resolver(loop).resolve("127.0.0.1", std::to_string(node.http));
  return at;
}

std::string made(http_client& http, const std::string& path, const std::string& body) {
  const auto answer = http.post(path, body);
  REQUIRE(answer.status == 200);
  return std::string(answer.json().at("id").as_string());
}

/// One of each thing that can be known of an open shop.
std::vector<fact> known_things(http_client& http) {
  const auto customer = made(http, "/api/customers", R"({"name":"Ada","smsNumber":"1"})");
  const auto store = made(http, "/api/stores", R"({"name":"Waldorf","location":"here"})");
  const auto product =
      made(http, "/api/stores/" + store + "/products", R"({"name":"Book","price":9.99})");
  const auto basket = made(http, "/api/baskets", R"({"customerId":"c-1"})");
  return {{.what = thing::customer, .id = customer, .name = "Ada"},
          {.what = thing::store, .id = store, .name = "Waldorf"},
          {.what = thing::product, .id = product, .name = "Book", .money = 99'900},
          {.what = thing::basket, .id = basket}};
}

/// Looks until the node has more customers than that; how many.
std::size_t await_more_customers(const node_process& node, std::size_t than) {
  http_client http(node.http);
  for (;;)
    if (const auto all = http.get("/api/customers").json().at("customers").as_array();
        all.size() > than)
      return all.size();
}

void change(http_client& http, const std::string& method, const std::string& path,
            const std::string& body) {
  CHECK(http.send(method, path, body).status == 200);
}

} // namespace

TEST_CASE("a shop keeps its word to five busy clients") {
  const scratch data;
  const node_process node(data.path);
  const auto how = run(busywork(node, {"--clients", "5", "--duration", "3s", "--seed", "1"}));
  INFO(how.out << how.errors);
  CHECK(how.code == 0);
  const auto all = boost::json::parse(how.out);
  CHECK(all.at("passed").as_bool());
  CHECK(all.at("seed").as_int64() == 1);
  CHECK(all.at("errors").as_int64() == 0);
  CHECK(all.at("flows").as_int64() > 0);
  CHECK(all.at("checkoutToApprovedMs").at("count").as_int64() >= all.at("flows").as_int64());
  CHECK(all.at("requests").as_int64() > all.at("check").at("asked").as_int64());
  CHECK(all.at("check").at("asked").as_int64() > 0);
  CHECK(all.at("check").at("different").as_int64() == 0);
}

TEST_CASE("clients who are told to stop finish what they have begun, and check it") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const scratch data;
    const node_process node(data.path);
    process clients(busywork(node, {"--rate", "1000"}));
    await_more_customers(node, 0); // so they are at work, and listen to signals
    clients.signal(signal);
    const auto said = clients.line().value_or("");
    INFO(said << clients.errors());
    CHECK(clients.wait() == 0);
    CHECK(boost::json::parse(said).at("check").at("asked").as_int64() > 0);
  }
}

TEST_CASE("a check finds what was changed behind its back") {
  const scratch data;
  const node_process node(data.path);
  http_client http(node.http);
  const auto known = known_things(http);
  const auto& store = known[1].id;
  const auto& product = known[2].id;
  const auto sound = check(known, place_of(node), 2);
  CHECK(sound.asked == known.size());
  CHECK(sound.different == 0);

  change(http, "PUT", "/api/stores/" + store + "/rebrand", R"({"name":"Statler"})");
  change(http, "PUT", "/api/stores/products/" + product + "/increasePrice", R"({"price":10})");
  change(http, "PUT", "/api/baskets/" + known[3].id + "/addItem",
         R"({"quantity":1,"productId":")" + product + "\"}");
  const auto found = check(known, place_of(node), 1);
  CHECK(found.different == 3);
  CHECK(found.shown ==
        std::vector<std::string>{"store " + store + R"( is called "Statler", not "Waldorf")",
                                 "product " + product + " has the price 10.0000, not 9.9900",
                                 "basket " + known[3].id + " has items, though it was canceled"});
}

TEST_CASE("a check finds what is not there any more, and says only the first of it") {
  const scratch data;
  const node_process node(data.path);
  std::vector<fact> lost;
  for (int i = 0; i < 30; ++i)
    lost.push_back({.what = static_cast<thing>(i % things), .id = std::to_string(i)});
  const auto found = check(lost, place_of(node), 1);
  CHECK(found.asked == 0);
  CHECK(found.different == 30);
  CHECK(found.shown.size() == checked::shown_max);
  CHECK_THAT(found.shown[0], Contains("customer ") && Contains("cannot be seen: GET ") &&
                                 Contains("customer not found"));
}

TEST_CASE("a check of a shop that is gone gives up") {
  const scratch data;
  node_process node(data.path);
  const auto at = place_of(node);
  node.signal(SIGKILL);
  node.wait();
  const auto found = check(std::vector<fact>(1'000, {.id = "x"}), at, 4);
  CHECK(found.different == 1'000);
  CHECK_THAT(found.shown.back(), Contains("given up: "));
}

TEST_CASE("what a shop refuses is an error, and ends with 1") {
  const scratch data;
  node_process node(data.path);
  const auto address = "127.0.0.1:" + std::to_string(node.admin); // it has no stores
  const auto how = run(mallbots({"busywork", "--host", address, "--duration", "1s"}));
  CHECK(how.code == 1);
  CHECK_THAT(how.errors, Contains("no shop at " + address));
  CHECK(run(mallbots({"busywork", "--clients", "0"})).code == 2);
}

TEST_CASE("clients who expect it outlive the death of a node") {
  const scratch data;
  auto node = std::make_unique<node_process>(data.path);
  const auto address = "127.0.0.1:" + std::to_string(node->http);
  process clients(busywork(*node, {"--clients", "3", "--restarts-expected"}));
  const auto before = await_more_customers(*node, 20);
  node->signal(SIGKILL);
  node->wait();
  node = std::make_unique<node_process>(data.path, std::vector<std::string>{"--http", address});
  await_more_customers(*node, before + 20);
  clients.signal(SIGTERM);
  const auto said = clients.line().value_or("");
  INFO(said << clients.errors());
  CHECK(clients.wait() == 0);
  CHECK(boost::json::parse(said).at("reconnected").as_int64() > 0);
}
