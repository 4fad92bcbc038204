#include <algorithm>
#include <atomic>
#include <csignal>
#include <iostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

#include "tests/system/http_client.hpp"
#include "tests/system/node_process.hpp"

using namespace reenact::tests;

namespace {

constexpr std::size_t connections = 16;

std::string name_of(std::size_t number) { return "customer " + std::to_string(number); }

/// Customers by number, and the id each was answered with; empty: not answered (yet).
class registrations {
public:
  explicit registrations(std::size_t count) : ids_(count) {}

  /// Registers those that have no answer, at full speed over many connections, until `enough` of
  /// all have one or the node goes away. With keys, a repeat of what got lost is the same command.
  void run(std::uint16_t port, bool keyed) {
    next_ = gone_ = 0;
    std::vector<std::jthread> clients;
    for (std::size_t i = 0; i < connections; ++i)
      clients.emplace_back([this, port, keyed] { client(port, keyed); });
  }

  /// Blocks until that many were answered, or a client is gone who will bring no more of them.
  void await(std::size_t enough) const {
    for (auto now = news_.load(); answered_ < enough && gone_ == 0; now = news_.load())
      news_.wait(now);
  }

  std::size_t answered() const { return answered_; }
  const std::vector<std::string>& ids() const { return ids_; }
  std::size_t refused() const { return refused_; }

private:
  void client(std::uint16_t port, bool keyed) {
    try {
      http_client http(port);
      for (auto number = next_++; number < ids_.size(); number = next_++)
        if (ids_[number].empty()) add(http, number, keyed);
    } catch (const boost::system::system_error&) {
      // The node was killed: what was on its way stays without an answer.
    }
    ++gone_;
    tell();
  }

  void tell() {
    ++news_;
    news_.notify_all();
  }

  void add(http_client& http, std::size_t number, bool keyed) {
    http_client::headers with;
    if (keyed) with["Idempotency-Key"] = "register-" + std::to_string(number);
    const auto body = R"({"name":")" + name_of(number) + R"(","smsNumber":"555-1212"})";
    const auto answer = http.post("/api/customers", body, with);
    if (answer.status != 200) {
      ++refused_;
      return;
    }
    ids_[number] = std::string(answer.json().at("id").as_string());
    ++answered_;
    tell();
  }

  std::vector<std::string> ids_; ///< each written by the one client that took the number
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> answered_{0};
  std::atomic<std::size_t> gone_{0}; ///< clients of this run
  std::atomic<std::size_t> news_{0}; ///< grows with both
  std::atomic<std::size_t> refused_{0};
};

/// How many of the answered are not there under their id with their name.
std::size_t missing(const registrations& all, std::uint16_t port) {
  std::atomic<std::size_t> lost{0}, next{0};
  {
    std::vector<std::jthread> clients;
    for (std::size_t i = 0; i < connections; ++i)
      clients.emplace_back([&] {
        http_client http(port);
        for (auto number = next++; number < all.ids().size(); number = next++) {
          if (all.ids()[number].empty()) continue;
          const auto answer = http.get("/api/customers/" + all.ids()[number]);
          if (answer.status != 200 ||
              answer.json().at("customer").at("name").as_string() != name_of(number))
            ++lost;
        }
      });
  }
  return lost;
}

/// Ids in the list of all customers.
std::multiset<std::string> listed(std::uint16_t port) {
  const auto all = http_client(port).get("/api/customers").json();
  std::multiset<std::string> ids;
  for (const auto& customer : all.at("customers").as_array())
    ids.insert(std::string(customer.at("id").as_string()));
  return ids;
}

/// Registers `count` customers; the node is killed when half are answered, and again at the end.
void kill_in_the_middle(std::size_t count, bool keyed) {
  const scratch data;
  registrations all(count);
  {
    node_process node(data.path);
    std::jthread load([&] { all.run(node.http, keyed); });
    all.await(count / 2);
    node.signal(SIGKILL);
    CHECK(node.wait() == -SIGKILL);
  }
  const auto before = all.answered();
  CHECK(before < count); // else the kill came too late to mean anything
  {
    node_process node(data.path);
    CHECK(missing(all, node.http) == 0);
    all.run(node.http, keyed);
    node.signal(SIGKILL);
    CHECK(node.wait() == -SIGKILL);
  }
  CHECK(all.answered() == count);
  CHECK(all.refused() == 0);
  node_process node(data.path);
  CHECK(missing(all, node.http) == 0);
  const auto list = listed(node.http);
  CHECK(std::ranges::all_of(all.ids(), [&](const auto& id) { return list.count(id) == 1; }));
  // Without keys, what got lost on the way back is there twice; with them nothing is.
  if (keyed) CHECK(list.size() == count);
  std::cout << count << " customers, killed after " << before << " answers and at the end: all "
            << all.answered() << " answered are there\n";
}

} // namespace

TEST_CASE("what was answered before kill -9 is there afterwards") {
  kill_in_the_middle(4'000, false);
}

TEST_CASE("what got lost in kill -9 can be repeated under its key") {
  kill_in_the_middle(2'000, true);
}

TEST_CASE("100,000 customers survive kill -9 at full speed", "[.long]") {
  kill_in_the_middle(100'000, false);
}
