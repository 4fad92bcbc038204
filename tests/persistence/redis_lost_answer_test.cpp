#include <csignal>
#include <thread>

#include "tests/persistence/redis_fixture.hpp"

using namespace redis_tests;

// An answer that does not come says nothing (protocols.md B4): what becomes of an append whose
// request or whose answer is lost on the way.

TEST_CASE("an append sent before and delivered after others were written is fenced", "[redis]") {
  fixture<wired_engine> f;
  REQUIRE(f.commit(f.make("e", 0, {"1", "2", "3", "4", "5"})).what == kind::appended);
  const auto shard = shard_of("e", f.shards);
  // A(5->6) never left; B(6->7) stays on the way.
  f.engine.wire->hold_requests();
  CHECK(f.commit(f.make("e", 6, {"B"})).what == kind::fenced);
  f.tokens[shard] = *f.j().claim(shard, 1);
  REQUIRE(f.commit(f.make("e", 5, {"C"})).what == kind::appended);
  f.engine.wire->deliver();
  CHECK(f.text("e") == "1:1 2:2 3:3 4:4 5:5 6:C");
  CHECK(f.commit(f.make("e", 6, {"D"})).what == kind::appended);
}

TEST_CASE("what was said to be fenced is not written later, though nothing else is", "[redis]") {
  fixture<wired_engine> f;
  head_slot slot;
  const auto shard = shard_of("e", f.shards);
  REQUIRE(f.commit(f.make("e", 0, {"one"}, &slot)).what == kind::appended);
  f.engine.wire->hold_requests();
  const auto how = f.commit(f.make("e", 1, {"late"}, &slot));
  CHECK(how.what == kind::fenced);
  CHECK(how.version == f.tokens[shard].epoch + 1);
  CHECK(slot.closed);
  CHECK(f.commit(f.make("e", 1, {"later"})).what == kind::fenced); // the token went with it
  f.engine.wire->deliver();
  CHECK(f.text("e") == "1:one");
}

TEST_CASE("an append that was written though its answer was lost is found", "[redis]") {
  fixture<wired_engine> f;
  head_slot slot, other;
  *f.clock.now = 7'000'000;
  REQUIRE(f.commit(f.make("e", 0, {"one"}, &slot)).what == kind::appended);
  const auto shard = shard_of("e", f.shards);
  f.engine.wire->hold_answers();
  *f.clock.now = 8'000'000;
  const auto how = f.commit({f.make("e", 1, {"two", "three"}, &slot), f.make("e", 7, {"no"}),
                             f.make(neighbour("e", f.shards), 0, {"one"}),
                             f.make(stranger("e", f.shards), 0, {"one"}, &other)});
  CHECK(how[0].what == kind::appended);
  CHECK(how[0].version == 3);
  CHECK(how[0].first == 2);
  CHECK(how[0].stamp == 8'000'000);
  CHECK(how[1].what == kind::fenced);
  CHECK(how[2].what == kind::fenced); // behind one that was refused: not written
  CHECK(how[3].what == kind::appended);
  CHECK(slot.version == 3);
  CHECK(!slot.closed);
  CHECK(f.text("e") == "1:one 2:two 3:three");
  CHECK(f.j().log_ends()[shard] >= 3);
  f.tokens[shard] = *f.j().claim(shard, 1);
  CHECK(f.commit(f.make("e", 3, {"four"}, &slot)).first == how[0].first + 2);
}

TEST_CASE("a shard that another took meanwhile keeps its owner", "[redis]") {
  fixture<wired_engine> f;
  const auto shard = shard_of("e", f.shards);
  REQUIRE(f.commit(f.make("e", 0, {"one"})).what == kind::appended);
  f.engine.wire->hold_requests();
  std::thread zombie([&] { CHECK(f.commit(f.make("e", 1, {"late"})).what == kind::fenced); });
  f.engine.wire->wait_until_held(100);
  auto direct = open(f.engine.server.url(), {.shards = f.shards});
  REQUIRE(direct);
  const token owner = *(*direct)->claim(shard, 2);
  zombie.join();
  f.engine.wire->deliver();
  auto mine = f.make("e", 1, {"two"});
  mine.writer = owner;
  const append* group[] = {&mine};
  CHECK((*direct)->commit(group)[0].what == kind::appended);
  CHECK(f.text("e") == "1:one 2:two");
}

TEST_CASE("while the server stays away nothing is known, and nothing written before a claim",
          "[redis]") {
  fixture<lone_engine> f{.engine = {.patience = 400ms}};
  head_slot slot;
  const auto shard = shard_of("e", f.shards);
  REQUIRE(f.commit(f.make("e", 0, {"one"}, &slot)).what == kind::appended);
  f.engine.server.signal(SIGSTOP);
  CHECK(f.commit(f.make("e", 1, {"maybe"}, &slot)).what == kind::unknown);
  CHECK(slot.closed);
  CHECK(!f.j().open_to_commands());
  CHECK(f.j().health());
  f.engine.server.signal(SIGCONT);
  REQUIRE(eventually([&] { return bool(f.j().open_to_commands()); }));
  CHECK(f.commit(f.make("e", 1, {"no"})).what == kind::fenced);
  f.tokens[shard] = *f.j().claim(shard, 1);
  const auto there = *f.j().head({"test.Thing", "e"}); // settled by the claim, either way
  CHECK(f.commit(f.make("e", there, {"next"})).what == kind::appended);
}

TEST_CASE("an append that could not be sent was not written", "[redis]") {
  fixture<lone_engine> f{.engine = {.patience = 200ms}};
  f.engine.server.signal(SIGKILL);
  REQUIRE(eventually([&] { return !f.j().open_to_commands(); }));
  head_slot first, second;
  const auto how = f.commit(f.make("e", 0, {"one"}, &first)).what;
  CHECK((how == kind::failed || how == kind::unknown)); // it may have died with a connection
  CHECK(f.commit(f.make("f", 0, {"one"}, &second)).what != kind::appended);
  CHECK(first.closed);
  CHECK(second.closed);
  CHECK(f.j().claim(0, 1).error().what == failure::kind::unreachable);
  CHECK(f.j().head({"test.Thing", "e"}).error().what == failure::kind::unreachable);
  f.engine.server.start();
  REQUIRE(eventually([&] { return bool(f.j().open_to_commands()); }));
  f.tokens = f.claim_all(1);
  CHECK(f.text("e").empty());
  CHECK(f.commit(f.make("e", 0, {"one"})).what == kind::appended);
}

TEST_CASE("progress whose answer was lost cannot arrive later", "[redis]") {
  fixture<wired_engine> f;
  const auto shard = shard_of("e", f.shards);
  REQUIRE(f.commit(f.make("e", 0, {"1", "2"})).what == kind::appended);
  f.engine.wire->hold_requests();
  const auto how = f.j().store_progress(f.tokens[shard], "views", shard, {.at = 2, .parked = {1}});
  REQUIRE(!how);
  CHECK(how.error().what == failure::kind::fenced);
  f.engine.wire->deliver();
  CHECK(f.j().positions("views")->at(shard) == std::nullopt);
  CHECK(f.j().parked("views", shard)->empty());
}
