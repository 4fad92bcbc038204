#include "tools/settings.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <unistd.h>

#include <catch2/catch.hpp>

using namespace reenact::tools;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

/// A file that is gone when the test is.
class file {
public:
  explicit file(const std::string& text) { std::ofstream(path) << text; }
  ~file() { std::filesystem::remove(path); }
  file(const file&) = delete;
  file& operator=(const file&) = delete;

  const std::string path = (std::filesystem::temp_directory_path() /
                            ("settings_test." + std::to_string(::getpid()) + ".toml"))
                               .string();
};

std::string mistakes(const sources& from) {
  std::string all;
  for (const auto& line : read_settings(from).mistakes) all += line + "\n";
  return all;
}

std::string in_file(const std::string& toml) {
  const file written(toml);
  return mistakes({.file = written.path});
}

value http(const sources& from) { return read_settings(from).values.at("http.address"); }

} // namespace

TEST_CASE("without anything the defaults hold, and they are valid") {
  const auto read = read_settings({});
  CHECK(read.mistakes.empty());
  CHECK(unavailable(read.values).empty());
  CHECK(read.values.address("http.address") == endpoint{"127.0.0.1", 8080});
  CHECK(read.values.duration("shutdown.timeout") == 30s);
  CHECK(read.values.text("journal.url") == "rocksdb:./var/journal");
  CHECK(read.values.at("http.address").where == "default");
}

TEST_CASE("bots are given lists by themselves when the operator says so") {
  CHECK_FALSE(read_settings({}).values.yes("depot.auto_assign"));
  CHECK(
      read_settings({.flags = {{"--depot-auto-assign", "true"}}}).values.yes("depot.auto_assign"));
  CHECK(read_settings({.environment = {{"MALLBOTS_DEPOT_AUTO_ASSIGN", "true"}}})
            .values.yes("depot.auto_assign"));
  const file written("[depot]\nauto_assign = true\n");
  CHECK(read_settings({.file = written.path}).values.yes("depot.auto_assign"));
  CHECK_THAT(mistakes({.flags = {{"--depot-auto-assign", "perhaps"}}}),
             Contains("'perhaps' is not true or false"));
}

TEST_CASE("a flag beats the environment, that the file, and that the default") {
  const file written("[http]\naddress = \"127.0.0.1:4\"\n");
  sources from{.flags = {{"--http", "127.0.0.1:1"}},
               .environment = {{"MALLBOTS_HTTP_ADDRESS", "127.0.0.1:2"}, {"WEB_PORT", ":3"}},
               .file = written.path};
  CHECK(http(from).text == "127.0.0.1:1");
  CHECK(http(from).where == "--http");
  from.flags.clear();
  CHECK(http(from).text == "127.0.0.1:2");
  CHECK(http(from).where == "MALLBOTS_HTTP_ADDRESS");
  from.environment.erase("MALLBOTS_HTTP_ADDRESS");
  CHECK(http(from).text == "127.0.0.1:3");
  CHECK(http(from).where == "WEB_PORT");
  from.environment.clear();
  CHECK(http(from).text == "127.0.0.1:4");
  CHECK(http(from).where == written.path + ":2");
}

TEST_CASE("the contract's variables are understood") {
  const auto read = read_settings({.environment = {{"WEB_HOST", "::1"},
                                                   {"WEB_PORT", ":80"},
                                                   {"RPC_PORT", ":9001"},
                                                   {"LOG_LEVEL", "WARN"},
                                                   {"ENVIRONMENT", "production"},
                                                   {"SHUTDOWN_TIMEOUT", "1m30s"}}});
  CHECK(read.mistakes.empty());
  CHECK(read.values.text("http.address") == "[::1]:80");
  CHECK(read.values.text("grpc.address") == "127.0.0.1:9001");
  CHECK(read.values.text("log.level") == "warn");
  CHECK(read.values.text("log.format") == "json");
  CHECK(read.values.duration("shutdown.timeout") == 90s);
  CHECK(unavailable(read.values).empty()); // a gRPC port said to the reference is no mistake
  CHECK_THAT(mistakes({.environment = {{"LOG_LEVEL", "LOUD"}}}),
             Contains("LOG_LEVEL: log.level: 'loud' is none of trace, debug, info"));
}

TEST_CASE("a variable that is set to nothing is not set") {
  CHECK(http({.environment = {{"MALLBOTS_HTTP_ADDRESS", ""}, {"WEB_HOST", ""}}}).where ==
        "default");
}

TEST_CASE("the journal is in the data directory unless it is put elsewhere") {
  CHECK(read_settings({.flags = {{"--data", "d"}}}).values.text("journal.url") ==
        "rocksdb:d/journal");
  CHECK(read_settings({.flags = {{"--data", "d"}, {"--journal", "memory:"}}})
            .values.text("journal.url") == "memory:");
}

TEST_CASE("a mistake in the file names the line, the key and what would be right") {
  CHECK_THAT(in_file("\n[http]\nadress = \"a:1\"\n"),
             Contains(".toml:3: unknown key http.adress, did you mean http.address?"));
  CHECK_THAT(in_file("colour = 1\n"), Contains(":1: unknown key colour; there are data.directory"));
  CHECK_THAT(in_file("[http]\naddress = 8080\n"),
             Contains(":2: http.address: '8080' is not HOST:PORT"));
  CHECK_THAT(in_file("log.format = \"xml\"\n"),
             Contains(":1: log.format: 'xml' is none of text, json"));
  CHECK_THAT(in_file("log.format = \n"), Contains("1 |"));
  CHECK_THAT(mistakes({.file = "nowhere.toml"}), Contains("nowhere.toml: there is no such file"));
}

TEST_CASE("a mistake in the environment or a flag is named as well") {
  CHECK_THAT(mistakes({.environment = {{"MALLBOTS_HTTP_ADRESS", "a:1"}}}),
             Contains("unknown variable, did you mean MALLBOTS_HTTP_ADDRESS?"));
  CHECK(mistakes({.environment = {{"MALLBOTS_SERVICE_HOST", "10.0.0.1"}}}).empty());
  CHECK_THAT(mistakes({.flags = {{"--shutdown-timeout", "30"}}}),
             Contains("--shutdown-timeout: shutdown.timeout: '30' is not a duration"));
  CHECK(mistakes({.flags = {{"--journal", "redis://localhost:6379"}}}).empty());
  CHECK_THAT(mistakes({.flags = {{"--journal", "rediss://:s3cret@localhost"}}}),
             Contains("no journal") && !Contains("s3cret"));
  for (const auto* shards : {"0", "4097", "4294967297", "99999999999999999999", "-1"})
    CHECK_THAT(mistakes({.flags = {{"--journal-shards", shards}}}), Contains("from 1 to 4096"));
  for (const auto* time : {"25h", "9999999999h", "soon"})
    CHECK_THAT(mistakes({.flags = {{"--shutdown-timeout", time}}}), Contains("at most 24h"));
  CHECK_THAT(in_file("[journal]\nshards = 99999999999999999999\n"), Contains("from 1 to 4096"));
}

TEST_CASE("all mistakes are told at once") {
  const auto all = read_settings({.flags = {{"--http", "x"}, {"--log-level", "y"}}}).mistakes;
  CHECK(all.size() == 2);
}

TEST_CASE("what is reserved is stored, and a node that is given it says why it cannot start") {
  const auto read =
      read_settings({.flags = {{"--admin-token-file", "secret"}, {"--grpc", "127.0.0.1:9"}}});
  CHECK(read.mistakes.empty());
  CHECK(read.values.text("admin.token_file") == "secret");
  const auto why = unavailable(read.values);
  REQUIRE(why.size() == 2);
  CHECK_THAT(why[0], Contains("--admin-token-file: admin.token_file is reserved: the admin"));
  CHECK(unavailable(read_settings({.flags = {{"--admin", "0.0.0.0:8081"}}}).values).size() == 1);
}

TEST_CASE("what is printed is a file that reads back the same, with every origin") {
  const auto first = read_settings({.flags = {{"--http", "127.0.0.1:0"}}}).values;
  CHECK_THAT(print(first), Contains("http.address = \"127.0.0.1:0\""));
  CHECK_THAT(print(first), Contains("# --http\n"));
  const file written(print(first));
  const auto second = read_settings({.file = written.path});
  CHECK(second.mistakes.empty());
  for (const auto& row : settings_table())
    CHECK(second.values.text(row.key) == first.text(row.key));
}

TEST_CASE("passwords are masked") {
  settings all = read_settings({}).values;
  all.set("journal.url", {"redis://:s3cret@localhost:6379/0", origin::flag, "--journal"});
  all.set("journal.password", {"s3cret too", origin::environment, "MALLBOTS_JOURNAL_PASSWORD"});
  CHECK_THAT(print(all), Contains("redis://:***@localhost:6379/0"));
  CHECK_THAT(print(all), !Contains("s3cret"));
}

TEST_CASE("flags and keys are all different, and each default is valid") {
  std::set<std::string_view> seen;
  for (const auto& row : settings_table()) {
    CHECK(seen.insert(row.key).second);
    CHECK(seen.insert(row.flag).second);
    CHECK(mistake_in(row, row.fallback).empty());
    CHECK_FALSE(row.help.empty());
  }
}

TEST_CASE("cluster-config/single.toml says every key that works, with its default") {
  const auto path = std::string(REENACT_SOURCE_DIR) + "/cluster-config/single.toml";
  const auto read = read_settings({.file = path});
  CHECK(read.mistakes.empty());
  for (const auto& row : settings_table()) {
    INFO(row.key);
    const auto& set = read.values.at(row.key);
    CHECK((set.from == origin::file) == row.reserved.empty());
    CHECK(set.text == read_settings({}).values.text(row.key));
  }
}
