#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "persistence/journal.hpp"

using reenact::persistence::shard_of;

// A journal lies where these say: whoever changes a value has made every journal unreadable.
TEST_CASE("an entity's shard is what it has always been", "[shard]") {
  CHECK(shard_of("a", 64) == 27); // FNV-1a 64 af63dc4c8601ec8c, mixed 82a2a958a9bece5b
  CHECK(shard_of("store-1", 64) == 20);
  CHECK(shard_of("1d7e9f2c-5b3a-4c8d-9e6f-0a1b2c3d4e5f", 64) == 28);
  CHECK(shard_of("1d7e9f2c-5b3a-4c8d-9e6f-0a1b2c3d4e5f", 1'000'000) == 654'428);
  std::string bytes;
  for (int i = 0; i < 255; ++i) bytes += static_cast<char>(i);
  CHECK(shard_of(bytes, 1'000'000) == 328'144);
}

TEST_CASE("ids spread evenly over the shards", "[shard]") {
  std::map<reenact::persistence::shard_id, int> count;
  for (int i = 0; i < 64'000; ++i) ++count[shard_of("customer-" + std::to_string(i), 64)];
  CHECK(count.size() == 64);
  for (const auto& [shard, n] : count) CHECK((n > 800 && n < 1'200));
}
