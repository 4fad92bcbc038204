#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "persistence/journal.hpp"
#include "persistence/open.hpp"
#include "tests/persistence/redis_server.hpp"
#include "tests/persistence/temporary_directory.hpp"

/// The suite that every engine passes: the files *contract_test.cpp run each case over `engines`. A
/// new engine adds one type here.
namespace contract {

using namespace reenact::persistence;

/// A clock that stands still until it is set.
struct still_clock {
  std::shared_ptr<stamp_t> now = std::make_shared<stamp_t>(1'000'000);
  std::function<stamp_t()> function() const {
    return [now = now] { return *now; };
  }
};

struct memory_engine {
  static constexpr bool reopens = false;
  static constexpr auto name = "memory";
  static std::string url() { return "memory:"; }
};

struct rocksdb_engine {
  static constexpr bool reopens = true;
  static constexpr auto name = "rocksdb";
  std::string url() const { return "rocksdb:" + directory.path(); }
  temporary_directory directory;
};

/// One server for all tests of the program; each has a cluster of its own.
struct redis_engine {
  static constexpr bool reopens = true;
  static constexpr auto name = "redis";
  static reenact::tests::redis_server& server();
  static std::string url() { return server().url(); }
  static std::string fresh_cluster();
  void adapt(open_options& how) const { how.redis.cluster = cluster; }
  std::string cluster = fresh_cluster();
};

using engines = std::tuple<memory_engine, rocksdb_engine, redis_engine>;
/// Those whose journal several processes may share.
using shared_engines = std::tuple<memory_engine, redis_engine>;

template <class Engine>
std::unique_ptr<journal> opened(const Engine& engine, open_options how) {
  if constexpr (requires { engine.adapt(how); }) engine.adapt(how);
  auto all = open(engine.url(), how);
  INFO((all ? "" : all.error().text));
  REQUIRE(all);
  return std::move(*all);
}

/// A fresh journal of 8 shards, all claimed by incarnation 1.
template <class Engine>
struct fixture {
  static constexpr std::uint32_t shards = 8;
  Engine engine;
  still_clock clock;
  std::unique_ptr<journal> held = open_again();
  std::vector<token> tokens = claim_all(1);

  journal& j() { return *held; }

  std::unique_ptr<journal> open_again() {
    return opened(engine, {.shards = shards, .clock = clock.function()});
  }
  void reopen() {
    REQUIRE(held->close());
    held.reset();
    held = open_again();
    tokens = claim_all(2);
  }
  std::vector<token> claim_all(std::uint64_t incarnation) {
    std::vector<token> all;
    for (shard_id s = 0; s < shards; ++s) all.push_back(*held->claim(s, incarnation));
    return all;
  }

  append make(const std::string& entity, version_t expected, std::vector<std::string> records,
              head_slot* head = nullptr) const {
    const auto shard = shard_of(entity, shards);
    return {shard, tokens[shard], "test.Thing", entity, expected, std::move(records), head};
  }
  std::vector<outcome> commit(const std::vector<append>& group) {
    std::vector<const append*> pointers;
    for (const auto& a : group) pointers.push_back(&a);
    return held->commit(pointers);
  }
  outcome commit(const append& one) { return commit(std::vector{one}).at(0); }

  std::string text(const std::string& entity, version_t from = 1) {
    std::string all;
    REQUIRE(held->read_stream({"test.Thing", entity}, from, [&](const stored& s) {
      all += (all.empty() ? "" : " ") + std::to_string(s.version) + ":" + std::string(s.record);
      return true;
    }));
    return all;
  }
};

/// An entity id that lies in the same shard as `other`.
inline std::string neighbour(const std::string& other, std::uint32_t shards) {
  for (int i = 0;; ++i) {
    auto id = other + "-" + std::to_string(i);
    if (shard_of(id, shards) == shard_of(other, shards)) return id;
  }
}

} // namespace contract
