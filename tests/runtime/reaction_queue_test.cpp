#include "actors/runtime/reaction_queue.hpp"

#include <catch2/catch.hpp>

using namespace reenact::runtime;
using reenact::persistence::sequence_t;
using state = pending_reaction::state;
using sequences = std::vector<sequence_t>;

namespace {

void take(reaction_queue& q, sequence_t at, const std::string& key, bool parked = false) {
  q.take({.at = at, .key = key, .parked = parked});
}

sequences startable(reaction_queue& q) {
  sequences all;
  for (const auto* p : q.startable()) all.push_back(p->at);
  return all;
}

/// Takes them off their lanes, as if each had been sent.
void wait(reaction_queue& q, sequence_t at) { q.find(at)->now = state::waiting; }

} // namespace

TEST_CASE("events of one key start one by one, those of others beside them", "[reactions]") {
  reaction_queue q;
  take(q, 1, "a");
  take(q, 2, "a");
  take(q, 3, "b");
  CHECK(startable(q) == sequences{1, 3});
  CHECK(startable(q).empty());
  q.ended(1);
  CHECK(startable(q) == sequences{2});
}

TEST_CASE("the position is the end of what has ended without a gap", "[reactions]") {
  reaction_queue q(10);
  q.pass(11);
  take(q, 12, "a");
  q.pass(13);
  take(q, 14, "b");
  CHECK(q.to_store().at == 11);
  q.ended(14);
  CHECK(q.to_store().at == 11);
  q.ended(12);
  CHECK(q.to_store().at == 14);
}

TEST_CASE("what waits, and what stands behind it, is parked once, and resumed when it ends",
          "[reactions]") {
  reaction_queue q;
  take(q, 1, "a");
  take(q, 2, "a");
  take(q, 3, "b");
  wait(q, 1);
  q.ended(3);
  auto what = q.to_store();
  CHECK(what.parked == sequences{1, 2});
  CHECK(what.at == 3);
  CHECK(q.to_store().parked.empty());
  q.find(1)->now = state::flying;
  q.ended(1);
  CHECK(q.to_store().resumed == sequences{1});
}

TEST_CASE("nothing is parked beyond what the position passes", "[reactions]") {
  reaction_queue q;
  take(q, 1, "a"); // under way
  take(q, 2, "b");
  wait(q, 2);
  const auto what = q.to_store();
  CHECK(what.at == 0);
  CHECK(what.parked.empty());
}

TEST_CASE("what was parked comes first for its key, and does not move what was read",
          "[reactions]") {
  reaction_queue q(9);
  take(q, 4, "a", true);
  take(q, 10, "a");
  CHECK(startable(q) == sequences{4});
  CHECK(q.read_to() == 10);
  q.ended(4);
  CHECK(q.to_store().resumed == sequences{4});
  CHECK(startable(q) == sequences{10});
}

TEST_CASE("no more is read than has room, and a policy with too much parked is stalled",
          "[reactions]") {
  reaction_queue q;
  sequence_t at = 0;
  const auto fill = [&] {
    for (; q.has_room(); ++at) take(q, at + 1, "k" + std::to_string(at));
  };
  fill();
  CHECK(at == reaction_queue::queued_max);
  while (!q.stalled()) {
    for (sequence_t i = 1; i <= at; ++i) wait(q, i);
    (void)q.to_store();
    fill();
  }
  CHECK(at == reaction_queue::parked_max);
  CHECK_FALSE(q.has_room());
  q.ended(1);
  CHECK(q.has_room());
}

TEST_CASE("a letter goes with the progress that passes it", "[reactions]") {
  reaction_queue q;
  take(q, 1, "a");
  q.died(1, {.at = 1, .why = "poison"});
  const auto what = q.to_store();
  CHECK(what.at == 1);
  REQUIRE(what.dead.size() == 1);
  CHECK(q.to_store().dead.empty());
}
