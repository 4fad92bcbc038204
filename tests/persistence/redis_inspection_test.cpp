#include "persistence/inspection.hpp"
#include "persistence/repair.hpp"
#include "tests/persistence/redis_fixture.hpp"

using namespace redis_tests;

namespace {

std::vector<std::string> complaints(const std::string& url) {
  const auto found = verify(url, {});
  REQUIRE(found);
  CHECK(found->wrong == found->complaints.size());
  return found->complaints;
}

} // namespace

TEST_CASE("a Redis journal that is in use is looked at", "[redis]") {
  fixture<lone_engine> f;
  const auto shard = shard_of("a", f.shards);
  *f.clock.now = 9'000'000;
  auto timed = f.make("a", 0, {"one", "two"});
  timed.set = {{"t", 1, 1}};
  f.commit({timed, f.make(stranger("a", f.shards), 0, {"three"})});

  const auto how_much = stat(f.engine.url());
  REQUIRE(how_much);
  CHECK(how_much->who.lineage == f.j().about().lineage);
  CHECK(how_much->who.engine == "redis");
  CHECK(how_much->events == 3);
  CHECK(how_much->bytes > 0);
  CHECK(how_much->shards.at(shard).end == 2);
  CHECK(how_much->shards.at(shard).last == 9'000'000);
  CHECK(how_much->shards.at(shard).owner == f.tokens[shard]);

  const auto sound = verify(f.engine.url(), {});
  REQUIRE(sound);
  CHECK(sound->wrong == 0);
  CHECK(sound->events == 3);
  CHECK(sound->streams == 2);

  const auto events = look_at_events(f.engine.url());
  REQUIRE(events);
  std::string all;
  const visitor note = [&](const stored& s) {
    all += std::string(s.record) + " ";
    return true;
  };
  REQUIRE(events->read_log(shard, 2, note));
  REQUIRE(events->read_stream({"test.Thing", "a"}, note));
  REQUIRE(events->read_log(shard, 3, note));
  CHECK(all == "two one two ");
  CHECK_THAT(repair(f.engine.url(), repair_mode::look).error().text,
             Catch::Contains("redis-check-aof"));
}

TEST_CASE("looking at a Redis makes no journal there", "[redis]") {
  const redis_server server;
  for (const auto& why : {stat(server.url()).error(), look_at_events(server.url()).error(),
                          verify(server.url(), {}).error()})
    CHECK_THAT(why.text, Catch::Contains("no journal"));
  CHECK(server.ask({"DBSIZE"}) == "0");
  CHECK(stat("redis://:secret@localhost:x").error().text.find("secret") == std::string::npos);
  CHECK(repair("redis://:secret@localhost", repair_mode::look).error().text.find("secret") ==
        std::string::npos);
}

TEST_CASE("everything that is wrong in a Redis journal is said", "[redis]") {
  fixture<lone_engine> f;
  const auto shard = shard_of("a", f.shards);
  auto timed = f.make("a", 0, {"1", "2", "3", "4"});
  timed.set = {{"t", 1, 1}};
  REQUIRE(f.commit(timed).what == kind::appended);
  const auto in_shard = "mallbots:{s" + std::to_string(shard) + "}:";
  const auto list = in_shard + "e:10:test.Thing:a";
  f.engine.server.ask({"LSET", list, "1", "nonsense"});
  CHECK(complaints(f.engine.url()).size() == 1);
  f.engine.server.ask({"XDEL", in_shard + "l", "0-3"});
  const auto three = complaints(f.engine.url()); // the log also seems to end at 3
  CHECK_THAT(three.at(0), Catch::Contains("sequence 2 is damaged"));
  CHECK_THAT(three.at(1), Catch::Contains("sequence 3 is missing"));
  f.engine.server.ask({"DEL", list});
  f.engine.server.ask({"ZADD", in_shard + "d", "0", "nonsense"});
  CHECK(complaints(f.engine.url()).size() == 5);
}
