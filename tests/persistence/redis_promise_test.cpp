#include <csignal>

#include "tests/persistence/redis_fixture.hpp"

using namespace redis_tests;

// Whether new commands may be taken: what the server promises, its memory, its replicas.
namespace {

std::unique_ptr<journal> open_with(const redis_server& server, const redis_options& how) {
  auto all = open(server.url(), {.shards = 8, .redis = how});
  INFO((all ? "" : all.error().text));
  REQUIRE(all);
  return std::move(*all);
}

bool told(journal& j, const std::string& reason) {
  as_redis(j).ask_audit();
  return eventually([&] { return why(j.open_to_commands()).find(reason) != std::string::npos; });
}

bool taken(journal& j) {
  return eventually([&] {
    as_redis(j).ask_audit();
    return bool(j.open_to_commands());
  });
}

} // namespace

TEST_CASE("a Redis that promises less than the floor opens and takes no commands", "[redis]") {
  struct promise {
    std::vector<std::string> with;
    std::string words;
    std::string enough;
  };
  const promise promises[] = {
      {{"--appendfsync", "always"}, "fsync before reply", "always"},
      {{"--appendfsync", "everysec"}, "fsync within a second", "everysec"},
      {{"--no-appendfsync-on-rewrite", "yes"}, "when the system likes", "no"},
      {{"--appendfsync", "no"}, "when the system likes", "no"},
      {{"--appendonly", "no"}, "in the memory of Redis only", "memory"}};
  for (const auto& p : promises) {
    INFO(p.words);
    const redis_server server(p.with);
    bool is_enough = true;
    for (const auto* floor : {"memory", "no", "everysec", "always"}) {
      const auto j = open_with(server, {.floor = floor});
      CHECK_THAT(j->about().durability, Catch::Contains(p.words));
      CHECK(bool(j->open_to_commands()) == is_enough);
      if (!is_enough) CHECK_THAT(why(j->open_to_commands()), Catch::Contains("redis.floor"));
      is_enough = is_enough && floor != p.enough;
    }
  }
  const redis_server any;
  CHECK(!open(any.url(), {.redis = {.floor = "sometimes"}}));
}

TEST_CASE("what is set while the journal is open is found out by an audit", "[redis]") {
  const redis_server server;
  const auto j = open_with(server, {});
  CHECK(j->open_to_commands());
  server.ask({"CONFIG", "SET", "appendfsync", "everysec"});
  CHECK(told(*j, "appendfsync always"));
  server.ask({"CONFIG", "SET", "appendfsync", "always"});
  CHECK(taken(*j));
}

TEST_CASE("a Redis that is nearly full warns, then takes no commands, and what goes on is written",
          "[redis]") {
  fixture<lone_engine> f;
  const auto limit = [&](double fullness) {
    const auto used = std::stod(f.engine.server.info("used_memory"));
    f.engine.server.ask(
        {"CONFIG", "SET", "maxmemory", std::to_string(std::uint64_t(used / fullness))});
  };
  CHECK(redis::warning(as_redis(f.j()).last_audit()).empty());
  limit(0.85);
  as_redis(f.j()).ask_audit();
  CHECK(eventually([&] { return !redis::warning(as_redis(f.j()).last_audit()).empty(); }));
  CHECK(f.j().open_to_commands());
  limit(0.95);
  CHECK(told(f.j(), "raise maxmemory"));
  CHECK(f.commit(f.make("a", 0, {"saga"})).what == kind::appended);

  f.engine.server.ask({"CONFIG", "SET", "maxmemory", "1"});
  CHECK(f.commit(f.make("a", 1, {"no room"})).what == kind::failed); // definite: not written
  CHECK(f.text("a") == "1:saga");
  CHECK(f.j().claim(0, 1)); // who owns what can be settled nevertheless
  f.engine.server.ask({"CONFIG", "SET", "maxmemory", "0"});
  CHECK(taken(f.j()));
  CHECK(f.commit(f.make("a", 1, {"room"})).what == kind::appended);

  f.engine.server.ask({"CONFIG", "SET", "maxmemory", "1gb", "maxmemory-policy", "allkeys-lru"});
  CHECK(told(f.j(), "noeviction"));
}

TEST_CASE("a write that too few replicas had is unknown, and nothing new is taken meanwhile",
          "[redis]") {
  redis_server master({"--repl-diskless-sync-delay", "0"}, true);
  redis_server replica({"--replicaof", "127.0.0.1 " + std::to_string(master.port())});
  REQUIRE(eventually([&] { return replica.info("master_link_status") == "up"; }));
  const auto j = open_with(master, {.wait_replicas = 1, .patience = 2'000ms});
  const auto shard = shard_of("a", 8);
  append a{shard, *j->claim(shard, 1), "test.Thing", "a", 0, {"x"}};
  head_slot slot;
  const append* group[] = {&a};
  a.head = &slot;
  REQUIRE(j->commit(group)[0].what == kind::appended);
  CHECK(j->log_ends()[shard] == 1);
  CHECK(taken(*j));

  replica.signal(SIGSTOP);
  a.expected = 1;
  CHECK(j->commit(group)[0].what == kind::unknown);
  CHECK(slot.closed);
  CHECK_THAT(why(j->open_to_commands()), Catch::Contains("replicas"));
  replica.signal(SIGCONT);
  a.head = nullptr;
  a.expected = *j->head({"test.Thing", "a"});
  CHECK(a.expected == 2);
  CHECK(j->commit(group)[0].what == kind::appended);
  CHECK(taken(*j));
}

TEST_CASE("a server that is away takes no commands, until it is back", "[redis]") {
  redis_server server;
  const auto j = open_with(server, {});
  CHECK(j->open_to_commands());
  server.signal(SIGTERM);
  CHECK(eventually([&] { return !j->open_to_commands(); }));
  CHECK(j->health());
  server.start();
  CHECK(eventually([&] { return bool(j->open_to_commands()); }));
}
