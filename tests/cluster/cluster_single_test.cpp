#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cluster/checker.hpp"
#include "tests/cluster/dumped_journal.hpp"
#include "tests/cluster/fault_proxy.hpp"
#include "tests/cluster/load.hpp"
#include "tests/cluster/seed.hpp"
#include "tests/system/node_metrics.hpp"

using namespace reenact::tests;
using namespace std::chrono_literals;

namespace {

std::string lines(const std::vector<std::string>& complaints) {
  std::string all;
  for (const auto& c : complaints) all += c + "\n";
  return all;
}

/// Ends the load and then the node, and compares what they say.
void settle(load& clients, node_process& node, const std::string& data) {
  clients.end();
  await_rest(node);
  node.signal(SIGTERM);
  CHECK(node.wait() == 0);
  const auto dump = dumped_journal("rocksdb:" + data + "/journal");
  std::cout << summary(clients.seen()) << ", orders " << clients.purchases() << ", records "
            << dump.size() << "\n";
  const auto complaints = check(clients.seen(), dump);
  INFO(lines(complaints));
  CHECK(complaints.empty());
  CHECK(clients.purchases() > 0);
  CHECK(std::ranges::any_of(dump, [](const auto& r) { return r.stream == "cosec.CreateOrder"; }));
}

std::size_t unknown(const histories& all) {
  std::size_t count = 0;
  for (const auto& client : all)
    count += static_cast<std::size_t>(
        std::ranges::count(client, ending::maybe, [](const operation& did) { return did.how; }));
  return count;
}

} // namespace

TEST_CASE("a node that dies and comes again keeps its word to every client") {
  constexpr std::uint64_t answers_between = 4'000;
  const scratch data;
  auto node = std::make_unique<node_process>(data.path);
  load clients({.clients = 8, .seed = seed_of_this_run()}, {node->http});
  for (int death = 0; death < 2; ++death) {
    REQUIRE(clients.await(answers_between));
    node->signal(SIGKILL);
    node->wait();
    node = std::make_unique<node_process>(data.path);
    clients.move({node->http});
  }
  REQUIRE(clients.await(answers_between));
  settle(clients, *node, data.path);
}

TEST_CASE("a node behind networks that fail keeps its word to every client") {
  using way = fault_proxy::direction;
  constexpr std::uint64_t answers_between = 200;
  const scratch data;
  node_process node(data.path);
  fault_proxy one(node.http), other(node.http);
  load clients({.clients = 8, .seed = seed_of_this_run(), .patience = 100ms},
               {one.port(), other.port()});
  const auto meanwhile = [&](const auto& begin, const auto& end) {
    begin();
    CHECK(clients.await(answers_between));
    end();
    CHECK(clients.await(answers_between));
  };
  meanwhile([&] { one.cut(); }, [&] { one.heal(); });
  meanwhile([&] { other.hold(way::to_server); }, [&] { other.release(way::to_server); });
  meanwhile([&] { one.hold(way::to_client); }, [&] { one.release(way::to_client); });
  meanwhile([&] { other.refuse(); }, [&] { other.heal(); });
  meanwhile([&] { one.delay(2ms); }, [&] { one.delay(0ms); });
  settle(clients, node, data.path);
  CHECK(unknown(clients.seen()) > 0);
}

TEST_CASE("clients leave when they have seen enough") {
  const scratch data;
  node_process node(data.path);
  load clients({.clients = 2, .seed = 1, .operations_max = 40}, {node.http});
  CHECK(clients.await(10));
  clients.end();
  for (const auto& client : clients.seen()) CHECK(client.size() <= 40);
}
