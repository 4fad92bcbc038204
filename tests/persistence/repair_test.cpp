#include "persistence/repair.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "persistence/inspection.hpp"
#include "persistence/rocksdb/keys.hpp"
#include "tests/persistence/remains.hpp"

using namespace reenact::persistence;
using Catch::Contains;
using Catch::StartsWith;
using verdict = recorded_run::verdict::kind;

namespace {

auto open_at(const std::string& path) {
  return rocksdb_journal::open(path, {.shards = recorded_run::shards});
}

std::uint64_t readable(const repair_report& r) {
  std::uint64_t all = 0;
  for (const auto& s : r.shards) all += s.readable;
  return all;
}

shard_id elsewhere(const std::string& entity) {
  return (shard_of(entity, recorded_run::shards) + 1) % recorded_run::shards;
}

/// One that is damaged, one of nobody's, one in another shard and one of which the end is missing.
void put_timers(rocksdb::DB& db) {
  const auto put = [&](const std::string& key) {
    std::string value;
    keys::begin_value(value);
    keys::seal(key, value);
    REQUIRE(db.Put(synced(), key, value).ok());
  };
  const timer late{"late", 1, 500};
  const auto shard = shard_of("nobody", recorded_run::shards);
  REQUIRE(db.Put(synced(), keys::of_timer(0, "t", "entity-2-0", late), "nonsense").ok());
  put(keys::of_timer(shard, "t", "nobody", late));
  put(keys::of_timer(elsewhere("entity-2-0"), "t", "entity-2-0", {"late", 2, 500}));
  put(keys::of_due(shard, 500));
}

/// The log's last quarter cannot be read.
void damage_log(const remains& copy) {
  copy.flip(".log", std::filesystem::file_size(copy.file(".log")) * 3 / 4);
}

} // namespace

TEST_CASE("a sound journal is not repaired", "[repair]") {
  const remains copy;
  const auto report = repair(copy.url(), repair_mode::apply);
  REQUIRE(report);
  CHECK(report->damage.empty());
  CHECK(!report->short_of_witness);
  CHECK(!report->done);
  CHECK(readable(*report) == remains::run().promises());
  CHECK(copy.judge().what == verdict::kept);
}

TEST_CASE("a torn tail that loses nothing is repaired under the same lineage", "[repair]") {
  const grown_tail tail;
  const auto begun = tail.whole().substr(0, tail.bytes / 2);
  const remains copy = tail.with(begun + std::string(tail.bytes - begun.size(), '\0'));
  REQUIRE(!open_at(copy.path()));
  const auto report = repair(copy.url(), repair_mode::apply);
  REQUIRE(report);
  CHECK(!report->damage.empty());
  CHECK(!report->short_of_witness);
  CHECK(report->lineage_after == report->lineage_before);
  CHECK(report->done);
  const auto how = copy.judge(tail.steps);
  INFO(how.text);
  CHECK(how.what == verdict::kept);
}

TEST_CASE("a log that lost answers is repaired under a new lineage, and only when told to",
          "[repair]") {
  const remains copy;
  damage_log(copy);
  const auto shown = repair(copy.url(), repair_mode::look);
  REQUIRE(shown);
  CHECK_THAT(shown->damage, Contains("Corruption"));
  CHECK(shown->short_of_witness);
  CHECK(!shown->done);
  CHECK(readable(*shown) < remains::run().promises());
  CHECK(std::ranges::any_of(shown->shards, [](const auto& s) { return s.readable < s.witnessed; }));
  CHECK(!open_at(copy.path()));

  const auto done = repair(copy.url(), repair_mode::apply);
  REQUIRE(done);
  CHECK(done->done);
  CHECK(done->lineage_after != done->lineage_before);
  CHECK(readable(*done) == readable(*shown));
  {
    const auto again = open_at(copy.path());
    REQUIRE(again);
    CHECK((*again)->about().lineage == done->lineage_after);
    for (shard_id s = 0; s < recorded_run::shards; ++s)
      CHECK((*again)->log_ends()[s] == done->shards[s].readable);
  }
  const auto found = verify(copy.url(), nullptr);
  REQUIRE(found);
  CAPTURE(found->complaints);
  CHECK(found->complaints.empty());
  CHECK(found->events == readable(*done));
  CHECK_THAT(copy.judge().text, Contains("lost: ")); // whole, but not all that was promised
}

TEST_CASE("without a witness nobody can tell, so a repair gives a new lineage", "[repair]") {
  const remains copy;
  std::filesystem::remove(copy.path() + "/witness");
  const auto report = repair(copy.url(), repair_mode::apply);
  REQUIRE(report);
  CHECK(report->short_of_witness);
  CHECK(report->lineage_after != report->lineage_before);
  CHECK(copy.judge().what == verdict::kept);
}

TEST_CASE("what the views have seen beyond a log's end is lost, though the journal opens",
          "[repair]") {
  const remains copy;
  const auto sound = repair(copy.url(), repair_mode::look);
  REQUIRE(sound);
  sighting seen{sound->lineage_before, {}};
  for (const auto& s : sound->shards) seen.ends.push_back(s.readable);
  CHECK(repair(copy.url(), repair_mode::look, seen)->damage.empty());
  ++seen.ends[1];
  CHECK(repair(copy.url(), repair_mode::look, {new_lineage(), seen.ends})->damage.empty());

  const auto report = repair(copy.url(), repair_mode::apply, seen);
  REQUIRE(report);
  CHECK_THAT(report->damage, Contains("shard 1 is short") && Contains("the views have seen"));
  CHECK(report->lineage_after != report->lineage_before);
  CHECK(report->done);
  CHECK(repair(copy.url(), repair_mode::look, seen)->damage.empty()); // they are of another now
}

TEST_CASE("a damaged table is beyond repair, and says to restore a backup", "[repair]") {
  const remains copy;
  copy.cut(".sst", 100);
  const auto report = repair(copy.url(), repair_mode::apply);
  REQUIRE(!report);
  CHECK_THAT(report.error().text, Contains("restore a backup"));
}

TEST_CASE("a damaged owner refuses the start, and repair does not promise more", "[repair]") {
  const remains copy;
  {
    const auto j = open_at(copy.path());
    REQUIRE((*j)->database().Put(synced(), keys::of_shard(keys::owner, 1), "nonsense").ok());
  }
  CHECK_THAT(open_at(copy.path()).error().text, Contains("the owner of shard 1 is damaged"));
  for (const auto how : {repair_mode::look, repair_mode::apply})
    CHECK_THAT(repair(copy.url(), how).error().text,
               Contains("the owner of shard 1") && Contains("restore a backup"));
}

TEST_CASE("who only looks changes no file, whatever state they are in", "[inspection]") {
  const remains copy;
  const auto state = GENERATE(0, 1, 2);
  if (state == 1) damage_log(copy);
  if (state == 2) copy.flip(".sst", 100);
  const auto before = copy.files();
  REQUIRE(stat(copy.url()));
  REQUIRE(verify(copy.url(), nullptr));
  (void)repair(copy.url(), repair_mode::look);
  CHECK(copy.files() == before);
}

TEST_CASE("verification names each record that cannot be read, and those alone", "[inspection]") {
  const remains copy;
  copy.flip(".sst", std::filesystem::file_size(copy.file(".sst")) / 3); // among the bodies
  const auto found = verify(copy.url(), nullptr);
  REQUIRE(found);
  CHECK(found->wrong == found->complaints.size());
  CHECK_THAT(found->complaints.at(0), Contains("what follows was not read"));
  for (std::size_t i = 1; i < found->complaints.size(); ++i)
    CHECK_THAT(found->complaints[i],
               StartsWith("the record of shard ") && Contains(" cannot be read: Corruption"));
  CHECK(found->wrong > 10);
  CHECK(found->wrong < remains::run().promises() / 4); // a block of them
}

TEST_CASE("verification reads a log on behind a block that cannot be read", "[inspection]") {
  const remains copy(platter{});
  {
    const auto j = std::move(*rocksdb_journal::open(copy.path(), {.shards = 1}));
    append a{0, *j->claim(0, 1), "t", "e", 0, std::vector<std::string>(records_max, "r")};
    const append* group[] = {&a};
    for (; a.expected < 5'000; a.expected += records_max)
      REQUIRE(j->commit(group).at(0).what == outcome::kind::appended);
    REQUIRE(j->database().Flush(rocksdb::FlushOptions()).ok());
  }
  std::size_t holes = 0;
  const auto size = std::filesystem::file_size(copy.file(".sst"));
  for (const auto at : {size * 11 / 16, size * 12 / 16, size * 13 / 16}) {
    copy.flip(".sst", at);
    const auto found = verify(copy.url(), nullptr);
    copy.flip(".sst", at);
    REQUIRE(found);
    CAPTURE(found->complaints);
    CHECK(found->wrong == 1);
    holes += found->complaints[0].starts_with("shard 0 sequence ") ? 1 : 0;
    CHECK_THAT(found->complaints[0], Contains("cannot be read: Corruption"));
  }
  CHECK(holes == 3);
}

TEST_CASE("there is nothing to look at or repair in memory, nowhere, or where a node runs",
          "[repair]") {
  CHECK_THAT(stat("memory:").error().text, Contains("rocksdb:PATH"));
  const temporary_directory empty;
  const auto url = "rocksdb:" + empty.path();
  CHECK_THAT(stat(url).error().text, Contains("there is no journal in"));
  CHECK(!repair(url, repair_mode::apply));
  CHECK(!verify(url, nullptr));
  const remains copy;
  const auto node = open_at(copy.path());
  REQUIRE(node);
  CHECK_THAT(verify(copy.url(), nullptr).error().text, Contains("is open in process"));
  CHECK(!repair(copy.url(), repair_mode::look));
}

TEST_CASE("statistics say who a journal is and how far each shard has come", "[inspection]") {
  const remains copy;
  const auto found = stat(copy.url());
  REQUIRE(found);
  CHECK(found->damage.empty());
  CHECK(found->who.shards == recorded_run::shards);
  CHECK(found->events == remains::run().promises());
  CHECK(found->bytes > 50 * found->events);
  for (const auto& s : found->shards) {
    CHECK(s.witnessed == s.end);
    CHECK(s.owner == token{1, 1});
    CHECK((s.last > 0) == (s.end > 0));
  }
  damage_log(copy);
  CHECK_THAT(stat(copy.url())->damage, Contains("Corruption"));
}

TEST_CASE("verification finds all that is wrong, not only the first", "[inspection]") {
  const remains copy;
  std::uint64_t told = 0;
  std::uint64_t of = 0;
  const auto tell = [&](std::uint64_t done, std::uint64_t all) {
    told = done;
    of = all;
  };
  const auto sound = verify(copy.url(), tell);
  REQUIRE(sound);
  CHECK(sound->wrong == 0);
  CHECK(sound->events == remains::run().promises());
  CHECK(sound->streams == 40);
  CHECK(told == 2 * sound->events);
  CHECK(told == of);

  const auto shard = shard_of("entity-0-0", recorded_run::shards);
  {
    const auto j = open_at(copy.path());
    auto& db = (*j)->database();
    REQUIRE(db.Delete(synced(), keys::of_body("t", "entity-0-0", 2)).ok());
    REQUIRE(db.Put(synced(), keys::of_body("t", "entity-1-0", 1), "nonsense").ok());
    REQUIRE(db.Delete(synced(), keys::of_pointer(shard, 4)).ok());
    REQUIRE(db.Put(synced(), keys::of_shard(keys::owner, 1), "nonsense").ok());
    put_timers(db);
    for (const auto kind : {keys::parked, keys::dead_letter})
      REQUIRE(db.Put(synced(), keys::of_consumed(kind, "views", 1, 1), "nonsense").ok());
  }
  const auto found = verify(copy.url(), nullptr);
  REQUIRE(found);
  std::string all;
  for (const auto& complaint : found->complaints) all += complaint + "\n";
  CHECK(found->wrong == found->complaints.size());
  CHECK_THAT(all, Contains("t entity-0-0 version 2 is missing"));
  CHECK_THAT(all, Contains("t entity-1-0 version 1 is damaged"));
  CHECK_THAT(all, Contains("shard " + std::to_string(shard) + " sequence 4 is missing"));
  CHECK_THAT(all, Contains("is not in the log of shard " + std::to_string(shard) + " at 4"));
  for (const char kind : {'t', 'd', 'q', 'x'})
    CHECK_THAT(all, Contains(std::string("a value of kind '") + kind + "' is damaged"));
  CHECK_THAT(all, Contains("the timer late of t nobody is of a stream that has no records"));
  CHECK_THAT(all, Contains("the timer late of t entity-2-0 lies in shard " +
                           std::to_string(elsewhere("entity-2-0"))));
  CHECK_THAT(all, Contains("a timer has a key that nobody wrote"));
}

TEST_CASE("of very many complaints the first are kept, and all are counted", "[inspection]") {
  const remains copy;
  {
    const auto j = open_at(copy.path());
    rocksdb::WriteBatch batch;
    for (shard_id s = 0; s < verification::complaints_max + 5; ++s)
      REQUIRE(batch.Put(keys::of_consumer(keys::position, "views", s), "nonsense").ok());
    REQUIRE((*j)->database().Write(synced(), &batch).ok());
  }
  const auto found = verify(copy.url(), nullptr);
  REQUIRE(found);
  CHECK(found->complaints.size() == verification::complaints_max);
  CHECK(found->wrong == verification::complaints_max + 5);
}
