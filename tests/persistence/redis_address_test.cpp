#include <catch2/catch.hpp>

#include "persistence/redis/address.hpp"

using namespace reenact::persistence;
using redis::address;
using redis::parse_address;

namespace {

address read(std::string_view url, const redis_options& how = {}) {
  const auto found = parse_address(url, how);
  INFO((found ? "" : found.error().text));
  REQUIRE(found);
  return *found;
}

std::string mistake(std::string_view url, const redis_options& how = {}) {
  const auto found = parse_address(url, how);
  REQUIRE(!found);
  CHECK(found.error().what == failure::kind::refused);
  return found.error().text;
}

} // namespace

TEST_CASE("the address of a Redis is read from its URL", "[redis]") {
  const auto whole = read("redis://:p%40ss%3aword@127.0.0.1:7000/3");
  CHECK(whole.host == "127.0.0.1");
  CHECK(whole.port == 7'000);
  CHECK(whole.db == 3);
  CHECK(whole.password == "p@ss:word");
  CHECK(whole.shown() == "redis://127.0.0.1:7000/3");
  const auto least = read("redis://localhost");
  CHECK(least.port == 6'379);
  CHECK(least.db == 0);
  CHECK(least.password.empty());
  CHECK(read("redis://localhost/").db == 0);
  const auto six = read("redis://[::1]:7000");
  CHECK(six.host == "::1");
  CHECK(six.shown() == "redis://[::1]:7000/0");
  CHECK(read("redis://[::1]").port == 6'379);
  const auto socket = read("redis+unix:///run/redis.sock?db=2");
  CHECK(socket.host.empty());
  CHECK(socket.path == "/run/redis.sock");
  CHECK(socket.db == 2);
  CHECK(socket.shown() == "redis+unix:///run/redis.sock?db=2");
  CHECK(read("redis+unix:///run/redis.sock").db == 0);
  redis_options how;
  how.password = "other";
  CHECK(read("redis://:url@localhost", how).password == "other");
  CHECK(read("redis+unix:///run/redis.sock", how).password == "other");
}

TEST_CASE("a mistake in the address of a Redis is named", "[redis]") {
  const std::pair<std::string_view, std::string_view> mistakes[] = {
      {"redis:", "another form"},
      {"redis:/localhost", "another form"},
      {"rediss://localhost", "another form"},
      {"redis://", "no host"},
      {"redis://:7000", "no host"},
      {"redis://[::1", "[ without its ]"},
      {"redis://[::1]7000", "something else than a port"},
      {"redis://localhost:", "port"},
      {"redis://localhost:0", "port"},
      {"redis://localhost:65536", "port"},
      {"redis://localhost:seven", "port"},
      {"redis://localhost/one", "after its /"},
      {"redis://localhost/16384", "after its /"},
      {"redis://user:p@localhost", "only a password"},
      {"redis://:@localhost", "a password that cannot be read"},
      {"redis://:%4@localhost", "a password that cannot be read"},
      {"redis://:%zz@localhost", "a password that cannot be read"},
      {"redis+unix://", "no path"},
      {"redis+unix://run/redis", "no path"},
      {"redis+unix:///run/redis?database=1", "after its ?"},
      {"redis+unix:///run/redis?db=x", "after its ?"}};
  for (const auto& [url, what] : mistakes) {
    INFO(url);
    const auto text = mistake(url);
    CHECK_THAT(text, Catch::Contains(std::string(what)));
    CHECK_THAT(text, Catch::Contains("redis"));
  }
}

TEST_CASE("no mistake in the address of a Redis repeats its password", "[redis]") {
  for (const auto* url :
       {"redis://:secret@localhost:x", "redis://u:secret@localhost", "redis://:secret@host",
        "redis:/:secret@localhost", "redis://:secret@localhost/x", "redis://:secret%@localhost",
        "redis+unix://:secret@path"}) {
    INFO(url);
    CHECK(mistake(url).find("secret") == std::string::npos);
    CHECK(open(url, {}).error().text.find("secret") == std::string::npos);
  }
}

TEST_CASE("a Redis on another machine is not asked in the clear", "[redis]") {
  for (const auto* url : {"redis://10.0.0.1", "redis://redis.example", "redis://127.0.0.1.example",
                          "redis://localhost.example", "redis://[fe80::1]"}) {
    INFO(url);
    CHECK_THAT(mistake(url), Catch::Contains("stunnel"));
    redis_options how;
    how.insecure = true;
    CHECK(!read(url, how).host.empty());
  }
  CHECK(read("redis://127.1.2.3").host == "127.1.2.3");
}

TEST_CASE("a cluster's name can stand in a key", "[redis]") {
  CHECK(redis::is_cluster_name("mallbots-2.eu_west"));
  CHECK(redis::is_cluster_name(std::string(64, 'x')));
  for (const auto& name : {std::string(), std::string(65, 'x'), std::string("a:b"),
                           std::string("{s1}"), std::string("a b"), std::string("*")}) {
    CHECK(!redis::is_cluster_name(name));
    CHECK(open("redis://localhost", {.redis = {.cluster = name}}).error().what ==
          failure::kind::refused);
  }
}
