#include "tests/cluster/checker.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cluster/evidence.hpp"

using namespace reenact::tests;

// A history in which all is well, and what the checker says when one thing in it is not.
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr auto created = "mallbots.stores.StoreCreated",
               rebranded = "mallbots.stores.StoreRebranded";

struct scene {
  histories seen{3};
  journal_dump dump;

  operation& does(std::size_t client, work what, std::string command, std::int64_t begun,
                  std::int64_t ended, ending how, std::uint64_t version = 0) {
    operation did;
    did.what = what;
    did.type = "stores.Store";
    if (what != work::list) did.entity = "s";
    did.command = std::move(command);
    did.begun_ns = begun * ms;
    did.ended_ns = ended * ms;
    did.how = how;
    did.version = version;
    did.answer = version;
    seen[client].push_back(std::move(did));
    return seen[client].back();
  }

  dumped_record& keeps(std::string stream, std::string entity, std::string type,
                       std::string command, std::uint32_t shard = 1) {
    dumped_record r{.shard = shard, .stream = std::move(stream), .entity = std::move(entity)};
    for (const auto& before : dump) {
      if (before.shard == r.shard) r.sequence = before.sequence;
      if (before.stream == r.stream && before.entity == r.entity) r.version = before.version;
    }
    ++r.sequence;
    ++r.version;
    r.stamp_us = static_cast<std::int64_t>(dump.size());
    r.type = std::move(type);
    r.command = std::move(command);
    dump.push_back(std::move(r));
    return dump.back();
  }
  dumped_record& keeps(std::string type, std::string command) {
    return keeps("stores.Store", "s", std::move(type), std::move(command));
  }
  dumped_record& saga(std::string type, std::string command, bool next) {
    auto& r = keeps("cosec.CreateOrder", "o", std::move(type), std::move(command), 2);
    r.next = next;
    return r;
  }

  std::vector<std::string> complaints() const { return check(seen, dump); }
};

/// A store is created, rebranded, read, rebranded again with the same key, and listed.
scene a_good_one() {
  scene s;
  s.does(0, work::create, "c1", 0, 10, ending::accepted, 1);
  s.does(1, work::change, "c2", 20, 30, ending::accepted, 2);
  s.does(2, work::read, "", 32, 40, ending::accepted, 2);
  s.does(1, work::change, "c2", 41, 50, ending::accepted, 2);
  s.does(0, work::change, "c3", 41, 55, ending::refused, 2);
  s.does(2, work::list, "", 60, 70, ending::accepted).seen = {"s"};
  s.does(0, work::change, "c4", 71, 80, ending::maybe);
  s.does(1, work::change, "c5", 71, 80, ending::not_executed);
  s.does(0, work::change, "c6", 81, 90, ending::not_executed);
  s.does(0, work::change, "c6", 91, 95, ending::maybe);
  s.does(0, work::change, "c6", 96, 99, ending::accepted, 4);
  s.does(1, work::read, "", 100, 101, ending::accepted, 4);
  s.keeps(created, "c1");
  s.keeps(rebranded, "c2");
  s.keeps("", "c3");
  s.keeps(rebranded, "c6");
  s.saga("model.SagaBegun", "p1", true);
  s.saga("model.StepSucceeded", "p2", false);
  s.saga("model.StepLate", "p3", false);
  return s;
}

} // namespace

using said = std::vector<std::string>;
const said nothing;

TEST_CASE("nobody complains of a history in which all is well") {
  CHECK(a_good_one().complaints() == nothing);
  CHECK(scene().complaints() == nothing);
}

TEST_CASE("an acknowledged write is lost") {
  auto s = a_good_one();
  s.does(2, work::change, "c7", 110, 120, ending::accepted, 5);
  CHECK(
      s.complaints() ==
      said{"lost: client 2's change of stores.Store/s (command c7) from 110.000 to 120.000 ms was "
           "answered version 5, and is not in the journal"});
}

TEST_CASE("a command takes effect twice") {
  auto s = a_good_one();
  s.keeps(rebranded, "c2");
  CHECK(s.complaints() == said{"command c2 took effect twice: stores.Store/s version 2 at 1/2 and "
                               "stores.Store/s version 5 at 1/5"});
  s = a_good_one();
  s.keeps("stores.Store", "t", rebranded, "c2", 3);
  CHECK(s.complaints() == said{"command c2 took effect twice: stores.Store/s version 2 at 1/2 and "
                               "stores.Store/t version 1 at 3/1"});
  s = a_good_one();
  s.keeps(rebranded, "p4");
  s.keeps(rebranded, "p4");
  CHECK(s.complaints() == said{"command p4 took effect twice: stores.Store/s version 5 at 1/5 and "
                               "stores.Store/s version 6 at 1/6"});
  s = a_good_one();
  s.keeps(rebranded, "p4");
  s.keeps("mallbots.stores.StoreParticipationEnabled", "p4");
  CHECK(s.complaints() == nothing); // two events of one append
}

TEST_CASE("a command takes effect on another entity") {
  auto s = a_good_one();
  s.does(2, work::change, "c7", 110, 120, ending::accepted, 1);
  s.keeps("stores.Store", "t", rebranded, "c7", 3);
  CHECK(s.complaints() ==
        said{"client 2's change of stores.Store/s (command c7) from 110.000 to 120.000 ms took "
             "effect elsewhere: stores.Store/t version 1 at 3/1"});
}

TEST_CASE("a read is stale") {
  auto s = a_good_one();
  s.does(2, work::read, "", 110, 120, ending::accepted, 2);
  CHECK(s.complaints() ==
        said{"client 2's read of stores.Store/s from 110.000 to 120.000 ms saw version 2, but "
             "client 0's change of stores.Store/s (command c6) from 96.000 to 99.000 ms had been "
             "answered version 4 before"});
  s = a_good_one();
  s.does(2, work::read, "", 98, 120, ending::accepted, 2); // it may have come first
  CHECK(s.complaints() == nothing);
  s.does(0, work::read, "", 121, 122, ending::refused, 0); // 404
  CHECK(s.complaints().size() == 1);
}

TEST_CASE("a read comes after another read that saw more, of a write that nobody answered") {
  auto s = a_good_one();
  s.does(0, work::change, "c7", 110, 200, ending::maybe);
  s.keeps(rebranded, "c7");
  s.does(1, work::read, "", 111, 112, ending::accepted, 5);
  s.does(2, work::read, "", 111, 120, ending::accepted, 4);
  CHECK(s.complaints() == nothing);
  s.does(2, work::read, "", 121, 122, ending::accepted, 4);
  CHECK(s.complaints() ==
        said{"client 2's read of stores.Store/s from 121.000 to 122.000 ms saw version 4, but "
             "client 1's read of stores.Store/s from 111.000 to 112.000 ms had been answered "
             "version 5 before"});
}

TEST_CASE("a read sees what nobody has begun to write, or what was never there") {
  auto s = a_good_one();
  s.does(0, work::change, "c7", 110, 200, ending::maybe);
  s.keeps(rebranded, "c7");
  s.does(1, work::read, "", 102, 104, ending::accepted, 5);
  CHECK(s.complaints() ==
        said{"client 0's change of stores.Store/s (command c7) from 110.000 to 200.000 ms wrote "
             "version 5, but client 1's read of stores.Store/s from 102.000 to 104.000 ms had been "
             "answered version 5 before"});
  s = a_good_one();
  s.does(1, work::read, "", 102, 104, ending::accepted, 9);
  CHECK(s.complaints() ==
        said{"client 1's read of stores.Store/s from 102.000 to 104.000 ms was shown version 9, "
             "which the journal does not have"});
}

TEST_CASE("a list is stale") {
  auto s = a_good_one();
  s.does(2, work::list, "", 110, 120, ending::accepted);
  CHECK(s.complaints() == said{"client 2's list of stores.Store from 110.000 to 120.000 ms does "
                               "not show s, which had been created before"});
  s = a_good_one();
  s.does(2, work::list, "", 9, 10, ending::accepted); // it was not acknowledged yet
  CHECK(s.complaints() == nothing);
}

TEST_CASE("a list shows what was removed, twice, or what does not exist") {
  auto s = a_good_one();
  s.does(0, work::remove, "c7", 110, 120, ending::accepted, 5);
  s.keeps("mallbots.stores.StoreRemoved", "c7");
  s.does(1, work::list, "", 105, 110, ending::accepted); // it may have come second
  s.does(2, work::list, "", 119, 121, ending::accepted).seen = {"s"};
  CHECK(s.complaints() == nothing);
  s.does(1, work::list, "", 121, 122, ending::accepted).seen = {"s"};
  s.does(2, work::list, "", 119, 121, ending::accepted).seen = {"s", "s", "u"};
  CHECK(s.complaints() ==
        said{"client 1's list of stores.Store from 121.000 to 122.000 ms shows s, "
             "which had been removed before",
             "client 2's list of stores.Store from 119.000 to 121.000 ms shows s "
             "twice",
             "client 2's list of stores.Store from 119.000 to 121.000 ms shows u, "
             "which is not in the journal"});
}

TEST_CASE("a zombie answers: two writers have one version") {
  auto s = a_good_one();
  s.does(2, work::change, "c7", 94, 98, ending::accepted, 4);
  CHECK(s.complaints() ==
        said{"two writers: client 2's change of stores.Store/s (command c7) from 94.000 to 98.000 "
             "ms was answered version 4, which the journal has of another command, client 0's "
             "change of stores.Store/s (command c6) from 96.000 to 99.000 ms"});
}

TEST_CASE("logs and streams have gaps, times go back, records are unreadable") {
  auto s = a_good_one();
  s.keeps(rebranded, "p4").sequence = 6;
  CHECK(s.complaints() == said{"shard 1 has a gap: where sequence 5 is due stands stores.Store/s "
                               "version 5 at 1/6"});
  s = a_good_one();
  s.keeps(rebranded, "p4").version = 6;
  CHECK(s.complaints() == said{"stores.Store/s has a gap: where version 5 is due stands "
                               "stores.Store/s version 6 at 1/5"});
  s = a_good_one();
  s.keeps(rebranded, "p4").stamp_us = 1;
  CHECK(s.complaints() ==
        said{"the time of shard 1 goes back by 2 us at stores.Store/s version 5 at 1/5"});
  s = a_good_one();
  s.keeps(rebranded, "p4").readable = false;
  CHECK(s.complaints() == said{"nobody can read the mallbots.stores.StoreRebranded of "
                               "stores.Store/s version 5 at 1/5"});
  s = a_good_one();
  s.keeps("stores.Store", "t", created, "p4", 2);
  s.keeps("stores.Store", "t", rebranded, "p5", 3);
  CHECK(s.complaints() == said{"stores.Store/t stands in two shards: stores.Store/t version 1 at "
                               "2/4 and stores.Store/t version 2 at 3/1"});
}

TEST_CASE("what was refused or not executed takes effect") {
  auto s = a_good_one();
  s.does(0, work::change, "c7", 110, 120, ending::refused, 4);
  s.keeps(rebranded, "c7");
  CHECK(s.complaints() ==
        said{"client 0's change of stores.Store/s (command c7) from 110.000 to 120.000 ms was "
             "refused, but took effect: stores.Store/s version 5 at 1/5"});
  s = a_good_one();
  s.keeps(rebranded, "c5");
  CHECK(s.complaints() ==
        said{"client 1's change of stores.Store/s (command c5) from 71.000 to 80.000 ms was not "
             "executed, but took effect: stores.Store/s version 5 at 1/5"});
  s = a_good_one();
  s.keeps(rebranded, "c4"); // nobody knew
  CHECK(s.complaints() == nothing);
}

TEST_CASE("a repeat is answered otherwise") {
  auto s = a_good_one();
  s.does(2, work::change, "c2", 110, 120, ending::accepted, 4);
  CHECK(s.complaints() ==
        said{"client 2's change of stores.Store/s (command c2) from 110.000 to 120.000 ms was "
             "answered otherwise (version 4) than client 1's change of stores.Store/s (command c2) "
             "from 20.000 to 30.000 ms (version 2)"});
  s = a_good_one();
  s.does(2, work::change, "c2", 110, 120, ending::accepted, 2).answer = 77;
  CHECK(s.complaints().size() == 1);
  s = a_good_one();
  s.does(2, work::change, "c2", 110, 120, ending::refused, 4);
  CHECK(s.complaints().size() == 1);
}

TEST_CASE("an answer without events is not of the version that it was decided at") {
  auto s = a_good_one();
  s.keeps("", "c7");
  s.does(0, work::change, "c7", 85, 120, ending::accepted, 2);
  CHECK(s.complaints() ==
        said{"client 0's change of stores.Store/s (command c7) from 85.000 to 120.000 ms was "
             "answered version 2, but was decided at version 4"});
}

TEST_CASE("a saga does not end") {
  auto s = a_good_one();
  s.saga("model.StepSucceeded", "p4", true);
  s.saga("model.SagaCancelAsked", "p5", false);
  CHECK(s.complaints() == said{"a saga has not ended: cosec.CreateOrder/o version 4 at 2/4"});
  s.saga("model.StepStuck", "p6", false);
  CHECK(s.complaints() == said{"a saga is stuck: cosec.CreateOrder/o version 6 at 2/6"});
}

TEST_CASE("a checkout has no order, an order no saga") {
  auto s = a_good_one();
  s.keeps("baskets.Basket", "o", "mallbots.baskets.BasketCheckedOut", "p7", 2);
  CHECK(s.complaints() ==
        said{"no ordering.Order has come of the mallbots.baskets.BasketCheckedOut "
             "of baskets.Basket/o version 1 at 2/4"});
  s.keeps("ordering.Order", "o", "mallbots.ordering.OrderCreated", "p8", 2);
  CHECK(s.complaints() == nothing);
  s.keeps("ordering.Order", "o2", "mallbots.ordering.OrderCreated", "p9", 2);
  CHECK(s.complaints() == said{"no cosec.CreateOrder has come of the "
                               "mallbots.ordering.OrderCreated of ordering.Order/o2 version 1 at "
                               "2/6"});
}

TEST_CASE("of many complaints of a kind a few are enough") {
  scene s;
  for (int i = 0; i < 28; ++i) s.keeps(rebranded, "").stamp_us = -i;
  const auto all = s.complaints();
  REQUIRE(all.size() == complaints_max + 1);
  CHECK(all.back() == "and 2 complaints more like these");
}

TEST_CASE("a client whose history is full has no room for more") {
  history all(2, 3);
  operation list;
  list.seen = {"s"};
  all.add(0, list);
  CHECK(all.has_room(0));
  all.add(0, list);
  CHECK_FALSE(all.has_room(0));
  CHECK(all.has_room(1));
  CHECK(all.all()[0].size() == 2);
}

TEST_CASE("records are read from the lines of a dump") {
  const auto r = read_record(
      R"({"shard":41,"sequence":7,"time":"2026-11-24T18:59:38.067534Z","stream":"stores.Store",)"
      R"("entity":"s","version":3,"type":"model.SagaBegun","event":{"next":{}},"eventId":"e",)"
      R"("commandId":"c","correlationId":"","causationId":"","traceparent":""})");
  REQUIRE(r);
  CHECK(words(*r) == "stores.Store/s version 3 at 41/7");
  CHECK(r->stamp_us == 1'795'546'778'067'534);
  CHECK(r->type == "model.SagaBegun");
  CHECK(r->command == "c");
  CHECK((r->readable && r->next));
  const auto note = read_record(
      R"({"shard":0,"sequence":1,"time":"1970-01-01T00:00:01.000000Z","stream":"a.B","entity":"s",)"
      R"("version":1,"type":null,"event":null,"commandId":"c"})");
  REQUIRE(note);
  CHECK((note->type.empty() && note->readable && note->stamp_us == 1'000'000));
  CHECK_FALSE(read_record("{}"));
  CHECK_FALSE(read_record("{\"shard\":1"));
}
