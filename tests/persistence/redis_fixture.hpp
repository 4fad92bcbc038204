#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "persistence/redis/redis_journal.hpp"
#include "tests/persistence/contract.hpp"
#include "tests/persistence/held_wire.hpp"

/// What the tests of the Redis engine alone share.
namespace redis_tests {

using namespace contract;
using namespace std::chrono_literals;
using kind = outcome::kind;
using reenact::tests::held_wire;
using reenact::tests::redis_server;

/// A server for this test only: it is killed, flushed and filled.
struct lone_engine {
  static constexpr bool reopens = true;
  static constexpr auto name = "redis";
  std::string url() const { return server.url(); }
  void adapt(open_options& how) const { how.redis.patience = patience; }
  std::chrono::milliseconds patience = 10'000ms;
  redis_server server;
};

/// One behind a wire that can hold what travels. An answer is given up after half the patience.
struct wired_engine {
  static constexpr bool reopens = true;
  static constexpr auto name = "redis";
  std::string url() const { return wire->url(); }
  void adapt(open_options& how) const { how.redis.patience = 2'000ms; }
  redis_server server;
  std::unique_ptr<held_wire> wire = std::make_unique<held_wire>(server.socket());
};

/// Waits for what happens on another thread; false after a minute.
inline bool eventually(const std::function<bool()>& is_so) {
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

/// An entity id that lies in another shard than `other`.
inline std::string stranger(const std::string& other, std::uint32_t shards) {
  for (int i = 0;; ++i) {
    auto id = other + "-" + std::to_string(i);
    if (shard_of(id, shards) != shard_of(other, shards)) return id;
  }
}

inline redis_journal& as_redis(journal& j) { return dynamic_cast<redis_journal&>(j); }

inline std::string why(const status& s) { return s ? "" : s.error().text; }

} // namespace redis_tests
