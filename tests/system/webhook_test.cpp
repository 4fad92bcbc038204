#include <csignal>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "tests/gateway/served.hpp"
#include "tests/system/http_client.hpp"
#include "tests/system/node_process.hpp"

using namespace reenact::tests;
using reenact::gateway::exchange;

namespace {

/// Whoever sends texts to customers: out of order at first, then a real receiver.
class text_service {
public:
  explicit text_service(int outages)
    : outages_(outages),
      server_([this](exchange e) { take(std::move(e)); }) {}

  std::string url() { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/sms"; }
  /// Waits until so many texts have arrived.
  std::map<std::string, std::string> arrived(std::size_t texts) {
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        if (texts_.size() >= texts) return texts_;
      }
      std::this_thread::yield();
    }
  }
  std::set<std::string> turned_away() {
    const std::lock_guard lock(mutex_);
    return turned_away_;
  }

private:
  void take(exchange e) {
    const std::lock_guard lock(mutex_);
    const std::string key(e.header("Idempotency-Key").value_or(""));
    const auto text = std::string(boost::json::parse(e.body()).at("text").as_string());
    if (outages_ > 0) {
      --outages_;
      turned_away_.insert(key);
      return std::move(e).answer({.status = 503});
    }
    texts_[key] = text;
    std::move(e).answer({.status = 204});
  }

  std::mutex mutex_; ///< guards what follows
  int outages_;
  std::map<std::string, std::string> texts_; ///< by key
  std::set<std::string> turned_away_;
  served server_;
};

std::string made(http_client& http, const std::string& path, const std::string& body) {
  const auto r = http.post(path, body);
  REQUIRE(r.status == 200);
  return std::string(r.json().at("id").as_string());
}

/// Ada buys a book; the order's id.
std::string buy(http_client& http) {
  const auto store = made(http, "/api/stores", R"({"name":"Waldorf","location":"here"})");
  const auto book = made(http, "/api/stores/" + store + "/products", R"({"name":"B","price":9})");
  const auto ada = made(http, "/api/customers", R"({"name":"Ada","smsNumber":"555-1212"})");
  auto basket = made(http, "/api/baskets", R"({"customerId":")" + ada + "\"}");
  const auto item = R"({"productId":")" + book + R"(","quantity":1})";
  REQUIRE(http.send("PUT", "/api/baskets/" + basket + "/addItem", item).status == 200);
  const auto payment = made(http, "/api/payments", R"({"customerId":")" + ada + R"(","amount":9})");
  const auto paid = R"({"paymentId":")" + payment + "\"}";
  REQUIRE(http.send("PUT", "/api/baskets/" + basket + "/checkout", paid).status == 200);
  return basket;
}

} // namespace

TEST_CASE("customers' texts reach a webhook through its outage and the node's death") {
  text_service texts(3);
  const scratch data;
  const std::vector<std::string> flags = {"--notifications-webhook", texts.url()};
  std::string order;
  {
    node_process node(data.path, flags);
    http_client http(node.http);
    order = buy(http);
    while (texts.turned_away().empty()) std::this_thread::yield();
    node.signal(SIGKILL);
    node.wait();
  }
  node_process node(data.path, flags);
  const auto all = texts.arrived(2);
  std::set<std::string> said;
  for (const auto& [key, text] : all) said.insert(text);
  CHECK(said == std::set<std::string>{"Your order " + order + " was received.",
                                      "Your order " + order + " is being prepared."});
  // What was turned away has come again as itself.
  for (const auto& key : texts.turned_away()) CHECK(all.contains(key));
}

TEST_CASE("a webhook over TLS is refused before anything begins") {
  const scratch data;
  const auto how = run(mallbots(
      {"node", "--data", data.path, "--notifications-webhook", "https://hooks.example/sms"}));
  CHECK(how.code == 2);
  CHECK_THAT(how.errors, Catch::Contains("notifications.webhook") && Catch::Contains("TLS"));
}
