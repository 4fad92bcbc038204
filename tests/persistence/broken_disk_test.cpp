#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "persistence/rocksdb/rocksdb_journal.hpp"
#include "tests/persistence/lying_disk.hpp"
#include "tests/persistence/temporary_directory.hpp"

using namespace reenact::persistence;
using Catch::Contains;
using fault = lying_disk::fault;
using kind = outcome::kind;

namespace {

constexpr std::uint32_t shards = 4;

/// A journal on a disk that can be made to fail, with one entity that was answered ten times.
struct bench {
  temporary_directory directory;
  std::shared_ptr<lying_disk> disk = std::make_shared<lying_disk>(directory.path());
  std::unique_ptr<rocksdb::Env> env = disk->env(disk);
  std::unique_ptr<rocksdb_journal> j = open();
  shard_id shard = shard_of("a", shards);
  token owner = *j->claim(shard, 1);
  head_slot head;

  bench() {
    for (int i = 0; i < 10; ++i) REQUIRE(add().what == kind::appended);
  }
  std::unique_ptr<rocksdb_journal> open() const {
    return std::move(*rocksdb_journal::open(directory.path(), {.shards = shards},
                                            {.env = env.get(), .witness_period = {}}));
  }
  outcome add(const std::string& record = "record") {
    const append a{shard, owner, "t", "a", head.version, {record}, &head};
    const append* group[] = {&a};
    return j->commit(group).at(0);
  }
  version_t count(const journal& in) const {
    version_t seen = 0;
    REQUIRE(in.read_stream({"t", "a"}, 1, [&](const stored&) { return ++seen > 0; }));
    return seen;
  }
  /// Looks into the journal that is left when the power goes now.
  template <class F>
  auto after_power_cut(F look) const {
    platter p;
    for (const auto& op : disk->trace()) p.apply(op);
    const temporary_directory survivors;
    p.cut_power(survivors.path());
    const auto again = rocksdb_journal::open(survivors.path(), {.shards = shards});
    REQUIRE(again);
    return look(**again);
  }
  version_t count_after_power_cut() const {
    return after_power_cut([this](const journal& in) { return count(in); });
  }
  sequence_t position_after_power_cut() const {
    return after_power_cut(
        [this](const journal& in) { return in.positions("views")->at(shard).value_or(0); });
  }
  std::vector<sequence_t> letters_after_power_cut() const {
    return after_power_cut([this](const journal& in) {
      std::vector<sequence_t> all;
      REQUIRE(in.read_dead_letters("views", shard, [&](const dead_letter& d) {
        all.push_back(d.at);
        return true;
      }));
      return all;
    });
  }
};

} // namespace

TEST_CASE("when the disk fails, the journal stops, says why, and keeps what was answered",
          "[broken]") {
  const auto [what, says] = GENERATE(table<fault, std::string>(
      {{fault::full, "No space left"}, {fault::sync_fails, "cannot sync db/"}}));
  bench b;
  b.disk->set(what);
  CHECK(b.add().what == kind::unknown); // its bytes may be found at the next start
  CHECK(b.head.closed);
  const auto why = b.j->health();
  REQUIRE(!why);
  CHECK(why.error().what == failure::kind::broken);
  CHECK_THAT(why.error().text, Contains(says) && Contains("start again"));

  // Never again, though the disk is well: what a failed sync left behind is not known.
  b.disk->set(fault::none);
  const auto steps = b.disk->steps();
  head_slot fresh{10};
  const append a{b.shard, b.owner, "t", "a", 10, {"record"}, &fresh};
  const append* group[] = {&a};
  CHECK(b.j->commit(group).at(0).what == kind::failed);
  CHECK(fresh.closed);
  CHECK(!b.j->claim(b.shard, 2));
  CHECK(!b.j->store_progress(b.owner, "views", b.shard, {.at = 1}));
  CHECK(!b.j->drop_dead_letter(b.owner, "views", b.shard, 1));
  CHECK(!b.j->store_snapshot(b.owner, {"t", "a"}, {1, "state"}));
  CHECK(!b.j->head({"t", "a"}));
  CHECK(!b.j->load_snapshot({"t", "a"}));
  CHECK(!b.j->positions("views"));
  CHECK(!b.j->parked("views", b.shard));
  CHECK(!b.j->read_dead_letters("views", b.shard, [](const dead_letter&) { return true; }));
  CHECK(!b.j->consumers());
  CHECK(!b.j->read_stream({"t", "a"}, 1, [](const stored&) { return true; }));
  CHECK(!b.j->read_log(b.shard, 1, 1, [](const stored&) { return true; }));
  CHECK(!b.j->read_timers(b.shard, 1, 1, [](const due_timer&) { return true; }));
  CHECK(b.disk->steps() == steps); // RocksDB does not try again either

  CHECK(b.j->log_ends()[b.shard] == 10);
  CHECK(b.count_after_power_cut() >= 10);
  b.j.reset();
  const auto again = b.open();
  CHECK(b.count(*again) >= 10);
  CHECK(again->health());
}

TEST_CASE("claims, progress, snapshots and witnesses stop the journal too when they fail",
          "[broken]") {
  bench b;
  b.disk->set(fault::full);
  SECTION("a claim") { CHECK(!b.j->claim(b.shard, 2)); }
  SECTION("a position") { CHECK(!b.j->store_progress(b.owner, "views", b.shard, {.at = 1})); }
  SECTION("a dropped letter") { CHECK(!b.j->drop_dead_letter(b.owner, "views", b.shard, 1)); }
  SECTION("a snapshot") {
    CHECK(!b.j->store_snapshot(b.owner, {"t", "a"}, {1, std::string(100'000, 's')}));
  }
  SECTION("a witness") { CHECK(!b.j->witness_now()); }
  CHECK_THAT(b.j->health().error().text, Contains("No space left"));
  b.disk->set(fault::none);
  CHECK(b.add().what == kind::failed);
}

TEST_CASE("a journal whose tables cannot be written stops before anything is lost", "[broken]") {
  bench b;
  b.disk->set(fault::tables_full);
  CHECK(!b.j->database().Flush(rocksdb::FlushOptions()).ok());
  const auto how = b.add().what;
  CHECK((how == kind::unknown || how == kind::failed));
  CHECK_THAT(b.j->health().error().text, Contains("No space left"));
  CHECK(b.count_after_power_cut() == 10);
  b.disk->set(fault::none);
  b.j.reset();
  CHECK(b.count(*b.open()) == 10);
}

TEST_CASE("one bad disk answers a whole group, the admitted as unknown", "[broken]") {
  bench b;
  b.disk->set(fault::sync_fails);
  const append good{b.shard, b.owner, "t", "a", 10, {"record"}, nullptr};
  auto conflict = good;
  conflict.expected = 3;
  const append* group[] = {&good, &conflict};
  const auto how = b.j->commit(group);
  CHECK(how[0].what == kind::unknown);
  CHECK(how[1].what == kind::conflict);
}

TEST_CASE("progress that is synced outlasts the power, other progress comes with the next commit",
          "[broken]") {
  bench b;
  const auto store = [&](const progress& what) {
    REQUIRE(b.j->store_progress(b.owner, "views", b.shard, what));
  };
  store({.at = 3});
  CHECK(b.position_after_power_cut() == 0);
  store({.at = 3, .synced = true}); // though there is nothing new in it
  CHECK(b.position_after_power_cut() == 3);
  store({.at = 5});
  CHECK(b.position_after_power_cut() == 3);
  REQUIRE(b.add().what == kind::appended);
  CHECK(b.position_after_power_cut() == 5);
}

TEST_CASE("dead letters outlast the power, and so does that they were dropped", "[broken]") {
  bench b;
  REQUIRE(b.j->store_progress(b.owner, "views", b.shard,
                              {.at = 4, .dead = {{2, "why", 3, 500}, {4, "why", 3, 500}}}));
  CHECK(b.position_after_power_cut() == 4);
  CHECK(b.letters_after_power_cut() == std::vector<sequence_t>{2, 4});
  REQUIRE(b.j->drop_dead_letter(b.owner, "views", b.shard, 2));
  CHECK(b.letters_after_power_cut() == std::vector<sequence_t>{4});
}
