#include <chrono>

#include "persistence/members.hpp"
#include "tests/persistence/contract.hpp"

using namespace contract;
using namespace std::chrono_literals;

// What engines promise whose journal several processes share: one lease a process, and no shard
// taken from an owner whose lease lives.
namespace {

/// Several that share a journal whose leases last a second: of the still clock, or of a server that
/// has its own.
template <class Engine>
struct shared_fixture {
  static constexpr std::uint32_t shards = 8;
  static constexpr auto lease = 1'000ms;
  Engine engine;
  still_clock clock;
  std::unique_ptr<journal> held =
      opened(engine, {.shards = shards, .clock = clock.function(), .lease = lease, .shared = true});
  std::unique_ptr<members> leases = std::move(*held->join());

  static member named(std::uint64_t incarnation) {
    return {.incarnation = incarnation,
            .name = "n" + std::to_string(incarnation),
            .address = "127.0.0.1:1",
            .http = "127.0.0.1:2",
            .admin = "127.0.0.1:3",
            .roles = "gateway,entities",
            .schema = ~std::uint64_t{0},
            .leaving = incarnation == 3};
  }
  roster beat(std::uint64_t incarnation) {
    auto seen = leases->beat(named(incarnation));
    REQUIRE(seen);
    return std::move(*seen);
  }
  /// Keeps the lease of `kept` until that of `gone` has ended.
  void outlive(std::uint64_t gone, std::uint64_t kept);
};

std::vector<std::uint64_t> who(const roster& r) {
  std::vector<std::uint64_t> all;
  for (const auto& m : r.members) all.push_back(m.who.incarnation);
  std::ranges::sort(all);
  return all;
}

template <class Engine>
void shared_fixture<Engine>::outlive(std::uint64_t gone, std::uint64_t kept) {
  for (auto seen = who(beat(kept)); std::ranges::count(seen, gone) > 0; seen = who(beat(kept)))
    *clock.now += 1'000 * lease.count() / 4;
}

} // namespace

TEMPLATE_LIST_TEST_CASE("who beats is seen by the others, as it tells of itself", "[contract]",
                        shared_engines) {
  shared_fixture<TestType> f;
  const auto most = ~std::uint64_t{0};
  f.beat(1);
  f.beat(most);
  const auto seen = f.beat(3);
  CHECK(who(seen) == std::vector<std::uint64_t>{1, 3, most});
  for (const auto& m : seen.members) {
    const auto want = f.named(m.who.incarnation);
    CHECK(m.who.name == want.name);
    CHECK(m.who.address == want.address);
    CHECK(m.who.http == want.http);
    CHECK(m.who.admin == want.admin);
    CHECK(m.who.roles == want.roles);
    CHECK(m.who.schema == want.schema);
    CHECK(m.who.leaving == want.leaving);
    CHECK(m.left <= f.lease);
    CHECK(m.left > 0ms);
  }
  CHECK(seen.owners == std::vector<token>(f.shards));
  CHECK(f.held->about().shared);
}

TEMPLATE_LIST_TEST_CASE("a roster shows who owns what", "[contract]", shared_engines) {
  shared_fixture<TestType> f;
  f.beat(1);
  const auto five = *f.held->claim(5, 1);
  const auto six = *f.held->claim(6, 1);
  REQUIRE(f.held->release(6, six));
  const auto seen = f.beat(2);
  REQUIRE(seen.owners.size() == f.shards);
  CHECK(seen.owners[5] == five);
  CHECK(seen.owners[6] == token{six.epoch, 0});
  CHECK(seen.owners[0] == token{});
}

TEMPLATE_LIST_TEST_CASE("a shard whose owner's lease lives is taken by nobody else", "[contract]",
                        shared_engines) {
  shared_fixture<TestType> f;
  f.beat(1);
  f.beat(2);
  const auto mine = *f.held->claim(5, 1);
  const auto refused = f.held->claim(5, 2);
  REQUIRE(!refused);
  CHECK(refused.error().what == failure::kind::fenced);
  CHECK(*f.held->claim(5, 1) == token{mine.epoch + 1, 1}); // its own owner may
  REQUIRE(f.held->release(5, {mine.epoch + 1, 1}));
  CHECK(*f.held->claim(5, 2) == token{mine.epoch + 2, 2});
}

TEMPLATE_LIST_TEST_CASE("a lease that ended frees its owner's shards, and only those", "[contract]",
                        shared_engines) {
  shared_fixture<TestType> f;
  f.beat(1);
  f.beat(2);
  REQUIRE(f.held->claim(5, 1));
  REQUIRE(f.held->claim(6, 2));
  CHECK(!f.held->claim(5, 2));
  f.outlive(1, 2);
  CHECK(who(f.beat(3)) == std::vector<std::uint64_t>{2, 3});
  CHECK(f.held->claim(5, 3));
  CHECK(!f.held->claim(6, 3));
}

TEMPLATE_LIST_TEST_CASE("who leaves is gone at once, and may come again", "[contract]",
                        shared_engines) {
  shared_fixture<TestType> f;
  f.beat(1);
  const auto mine = *f.held->claim(5, 1);
  REQUIRE(f.leases->leave(1));
  REQUIRE(f.leases->leave(9));
  const auto seen = f.beat(2);
  CHECK(who(seen) == std::vector<std::uint64_t>{2});
  CHECK(seen.owners[5] == mine); // an orphan
  CHECK(f.held->claim(5, 2));
  CHECK(who(f.beat(1)) == std::vector<std::uint64_t>{1, 2});
}
