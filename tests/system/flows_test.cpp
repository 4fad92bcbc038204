#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "tests/system/node_metrics.hpp"

using namespace reenact::tests;

// Nodes die while customers buy. What became of every order is read from a dump of the journal, by
// command id: each ends, and nothing happens twice.
namespace {

void await_records(const node_process& node, double more) {
  const auto end = metric(node, "reenact_journal_records") + more;
  while (metric(node, "reenact_journal_records") < end) {
  }
}

/// What a node holds in memory now.
int resident_mib(const node_process& node) {
  std::ifstream status("/proc/" + std::to_string(node.pid()) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoi(line.substr(6)) / 1024;
  return 0;
}

struct history {
  std::map<std::string, std::string> orders; ///< how each has ended so far
  std::size_t sagas_under_way = 0, twice = 0, events = 0;
};

/// Reads the journal of a node that has ended.
history dumped(const std::string& data) {
  history all;
  std::map<std::tuple<std::string, std::string, std::string>, int> effects;
  std::map<std::string, bool> under_way;
  process dump(mallbots(
      {"journal", "dump", "--journal", "rocksdb:" + data + "/journal", "--output", "json"}));
  while (const auto line = dump.line()) {
    const auto e = boost::json::parse(*line);
    if (e.at("type").is_null()) continue; // a note
    ++all.events;
    const std::string type(e.at("type").as_string()), entity(e.at("entity").as_string());
    const auto name = type.substr(type.rfind('.') + 1);
    if (++effects[{std::string(e.at("commandId").as_string()), entity, type}] > 1) ++all.twice;
    if (type.starts_with("mallbots.ordering.")) all.orders[entity] = name;
    if (e.at("stream") == "cosec.CreateOrder" && name != "StepLate" && name != "SagaCancelAsked")
      under_way[entity] = e.at("event").as_object().contains("next");
  }
  CHECK(dump.wait() == 0);
  for (const auto& [id, going] : under_way) all.sagas_under_way += going ? 1 : 0;
  return all;
}

/// Lets clients buy while the node is killed `deaths` times, each time after so many more records.
void buy_among_deaths(int deaths, double records_between) {
  const scratch data;
  auto node = std::make_unique<node_process>(data.path);
  const auto address = "127.0.0.1:" + std::to_string(node->http);
  process clients(mallbots({"busywork", "--host", address, "--pause", "0", "--clients", "10",
                            "--restarts-expected", "--output", "json"}));
  std::string memory;
  for (int i = 0; i < deaths; ++i) {
    await_records(*node, records_between);
    memory += " " + std::to_string(resident_mib(*node));
    node->signal(SIGKILL);
    node->wait();
    node = std::make_unique<node_process>(data.path, std::vector<std::string>{"--http", address});
  }
  await_records(*node, records_between);
  clients.signal(SIGTERM);
  const auto said = clients.line().value_or("");
  INFO(said << clients.errors());
  CHECK(clients.wait() == 0);
  const auto flows = boost::json::parse(said).at("flows").as_int64();
  CHECK(flows > 0);
  await_rest(*node);
  memory += " " + std::to_string(resident_mib(*node));
  CHECK(metric(*node, "reenact_policy_dead_letters") == 0);
  node->signal(SIGTERM);
  CHECK(node->wait() == 0);

  const auto all = dumped(data.path);
  CHECK(all.twice == 0);
  CHECK(all.sagas_under_way == 0);
  std::map<std::string, int> ends;
  for (const auto& [id, end] : all.orders) ++ends[end];
  CHECK(ends["OrderCreated"] == 0); // each has ended, one way or the other
  CHECK(ends["OrderCompleted"] >= flows);
  std::cout << flows << " purchases, " << deaths << " deaths, " << all.events << " events:";
  for (const auto& [end, count] : ends)
    if (count > 0) std::cout << " " << end << " " << count;
  std::cout << "\nMiB in memory before each death, and at the end:" << memory << "\n";
}

} // namespace

TEST_CASE("nodes die while customers buy: every order ends, and nothing happens twice") {
  buy_among_deaths(3, 3'000);
}

TEST_CASE("20,000 purchases among forty deaths", "[.long]") { buy_among_deaths(40, 25'000); }
