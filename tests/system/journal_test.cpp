#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "tests/system/http_client.hpp"
#include "tests/system/node_process.hpp"

using namespace reenact::tests;
namespace fs = std::filesystem;
using Catch::Contains;

namespace {

constexpr int customers = 200;

/// A data directory in which customers were registered, and whose node was killed.
void fill(const std::string& data) {
  node_process node(data);
  http_client http(node.http);
  for (int i = 0; i < customers; ++i)
    REQUIRE(http.post("/api/customers", R"({"name":"Ada","smsNumber":"1"})").status == 200);
  node.signal(SIGKILL);
  node.wait();
}

outcome journal(const std::string& command, const std::string& data,
                const std::vector<std::string>& more = {}) {
  auto arguments = mallbots({"journal", command, "--data", data});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

/// Turns one bit in the middle of the log that holds the last events.
void flip_a_bit(const std::string& data) {
  fs::path log;
  for (const auto& file : fs::directory_iterator(data + "/journal/db"))
    if (file.path().extension() == ".log" && (log.empty() || file.file_size() > fs::file_size(log)))
      log = file.path();
  REQUIRE(!log.empty());
  const auto middle = static_cast<std::streamoff>(fs::file_size(log) / 2);
  std::fstream bytes(log, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(middle);
  const auto was = static_cast<char>(bytes.get());
  bytes.seekp(middle);
  bytes.put(static_cast<char>(was ^ 1));
}

} // namespace

TEST_CASE("what a killed node has written can be counted, read and verified") {
  const scratch data;
  fill(data.path);
  const auto stat = journal("stat", data.path, {"--output", "json"});
  CHECK(stat.code == 0);
  CHECK(boost::json::parse(stat.out).at("events").as_int64() == customers);
  const auto dump = journal("dump", data.path);
  CHECK(dump.code == 0);
  CHECK(std::count(dump.out.begin(), dump.out.end(), '\n') == customers);
  CHECK_THAT(dump.out, Contains("mallbots.customers.CustomerRegistered {\"customerId\":"));
  CHECK(journal("dump", data.path, {"--shard", "63"}).code == 0);
  const auto beyond = journal("dump", data.path, {"--shard", "64"});
  CHECK(beyond.code == 2);
  CHECK_THAT(beyond.errors, Contains("--shard: there are shards 0 to 63"));
  CHECK(journal("verify", data.path).out == "sound: 200 events of 200 streams\n");
  CHECK_THAT(journal("repair", data.path).out, Contains("nothing to repair"));
}

TEST_CASE("a journal that a node has open, or that is not there, is not looked at") {
  const scratch data;
  CHECK(journal("stat", data.path).code == 1);
  CHECK_THAT(journal("stat", data.path).errors, Contains("there is no journal in " + data.path));
  const node_process node(data.path);
  const auto busy = journal("verify", data.path);
  CHECK(busy.code == 1);
  CHECK_THAT(busy.errors, Contains("process " + std::to_string(node.pid())));
  CHECK(journal("verify", data.path, {"--output", "yaml"}).code == 2);
  const auto json = journal("verify", data.path, {"--output", "json"});
  CHECK_THAT(std::string(boost::json::parse(json.out).at("error").as_string()),
             Contains("is open in process"));
}

TEST_CASE("a journal that cannot be reached is said so, and ends with 1") {
  const scratch data;
  fs::create_symlink("loop", data.path + "/loop"); // not even root can follow it
  for (const auto* command : {"stat", "verify", "dump", "repair"}) {
    const auto how = journal(command, data.path + "/loop");
    CHECK(how.code == 1);
    CHECK_THAT(how.errors, Contains("mallbots journal: cannot look into " + data.path + "/loop"));
  }
  CHECK(journal("stat", data.path, {"--config", data.path + "/loop/x.toml"}).code == 2);
}

TEST_CASE("a dump that cannot be written whole ends with 1") {
  const scratch data;
  fill(data.path);
  const auto how = run({"/bin/sh", "-c", "exec \"$0\" journal dump --data \"$1\" > /dev/full",
                        mallbots({}).front(), data.path});
  CHECK(how.code == 1);
  CHECK_THAT(how.errors, Contains("cannot write"));
}

TEST_CASE("a flipped bit keeps a node from starting until the journal is repaired") {
  const scratch data;
  fill(data.path);
  flip_a_bit(data.path);
  const auto node = run(
      mallbots({"node", "--data", data.path, "--http", "127.0.0.1:0", "--admin", "127.0.0.1:0"}));
  CHECK(node.code == 1);
  CHECK_THAT(node.errors, Contains("mallbots journal repair"));
  CHECK(journal("stat", data.path).code == 3);
  const auto shown = journal("repair", data.path);
  CHECK(shown.code == 3);
  CHECK_THAT(shown.out, Contains("nothing was changed"));
  const auto done = journal("repair", data.path, {"--apply"});
  CHECK(done.code == 0);
  CHECK_THAT(done.out, Contains("repaired:"));
  CHECK(journal("verify", data.path).code == 0);
  node_process again(data.path);
  CHECK(http_client(again.http).get("/readyz").status == 200);
}
