#include <catch2/catch.hpp>

#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/cluster_stage.hpp"

using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using namespace storespb;
using namespace std::chrono_literals;
using kind = answer::kind;

namespace {

const auto ada = pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");
const auto look = pb<GetCustomerRequest>("id: 'c'");
const auto lock = pb<DisableCustomerRequest>("id: 'c'");

std::size_t shards_of(station& s) { return s.here.tokens.all().size(); }

} // namespace

TEST_CASE("nodes that share a journal share its shards", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  std::size_t all = 0;
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(shards_of(s.node(n)) > 0);
    all += shards_of(s.node(n));
  }
  CHECK(all == 16);
}

TEST_CASE("a command is carried out wherever its entity is, and read from any node", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  for (const auto* id : {"c", "d", "e", "f", "g", "h"}) {
    const auto made = s.ask(0, ada, id);
    s.run_for(10ms);
    CHECK(made->got.what == kind::accepted);
    for (std::size_t n = 0; n < 3; ++n) {
      const auto seen = s.ask(n, look, id);
      s.run_for(10ms);
      CHECK(seen->got.what == kind::accepted);
      CHECK(seen->got.version == 1);
      CHECK(seen->got.response->ShortDebugString().find("Ada") != std::string::npos);
    }
  }
}

TEST_CASE("a refusal, a condition and a repeat travel as they are", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  const auto far = (*s.owner("c") + 1) % 3;
  const auto by_key = [](call& c) {
    c.from = origin::client;
    c.id = {7};
    c.request_hash = 1;
  };
  const auto nobody = s.ask(far, look, "c");
  s.run_for(10ms);
  CHECK(nobody->got.what == kind::rejected);
  CHECK(nobody->got.code == 5);
  CHECK(!nobody->got.text.empty());
  s.ask(far, ada, "c");
  s.run_for(10ms);
  const auto stale = s.ask(far, lock, "c", [](call& c) { c.if_match = {9}; });
  s.run_for(10ms);
  CHECK(stale->got.what == kind::precondition_failed);
  CHECK(stale->got.version == 1);
  const auto first = s.ask(far, lock, "c", by_key);
  s.run_for(10ms);
  const auto repeat = s.ask((far + 1) % 3, lock, "c", by_key);
  const auto reused = s.ask((far + 2) % 3, lock, "c", [&](call& c) {
    by_key(c);
    c.request_hash = 2;
  });
  s.run_for(10ms);
  CHECK(first->got.version == 2);
  CHECK(repeat->got.what == kind::accepted);
  CHECK(repeat->got.version == 2);
  CHECK(reused->got.what == kind::key_reused);
}

TEST_CASE("facts are asked of other nodes", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  s.ask(0, pb<CreateStoreRequest>("name: 'Waldorf' location: 'here'"), "s");
  s.run_for(10ms);
  for (const auto* id : {"p", "q", "r", "t", "u"}) {
    const auto added = s.ask(1, pb<AddProductRequest>("store_id: 's' name: 'Hat' price: 1"), id);
    s.run_for(20ms);
    CHECK(added->got.what == kind::accepted);
  }
  const auto nowhere = s.ask(1, pb<AddProductRequest>("store_id: 'x' name: 'Hat' price: 1"), "v");
  s.run_for(20ms);
  CHECK(nowhere->got.what == kind::rejected);
}

TEST_CASE("the shards of a node that is lost serve again, with all that was acknowledged",
          "[cluster]") {
  cluster_stage s(1);
  s.settle();
  s.ask(0, ada, "c");
  s.run_for(10ms);
  const auto dead = *s.owner("c");
  const auto other = (dead + 1) % 3;
  s.freeze(dead);
  const auto begun = s.time.now();
  const auto seen = s.ask(other, lock, "c");
  while (seen->times == 0 && s.time.now() - begun < 10s) s.run_for(5ms);
  CHECK(seen->got.what == kind::accepted);
  CHECK(seen->got.version == 2);
  CHECK(s.time.now() - begun < 2'100ms);
  CHECK(s.owner("c") != dead);
}

TEST_CASE("a command that was on its way to a node that is lost is carried out once", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  s.ask(0, ada, "c");
  s.run_for(10ms);
  const auto dead = *s.owner("c");
  const auto other = (dead + 1) % 3;
  const auto seen = s.ask(other, lock, "c");
  while (s.net.step(0)) {
  } // it has arrived
  SECTION("written, but not answered") {
    while (s.node(dead).step(4) || s.node(dead).write()) {
      if (s.journal->log_ends()[persistence::shard_of("c", 16)] == 2) break;
    }
  }
  SECTION("not written") {}
  s.freeze(dead);
  s.run_for(5s);
  CHECK(seen->times == 1);
  CHECK(seen->got.what == kind::accepted);
  CHECK(seen->got.version == 2);
  CHECK(*s.journal->head({"customers.Customer", "c"}) == 2);
}

TEST_CASE("a node that stood still answers nothing of what it remembers", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  s.ask(0, ada, "c");
  s.run_for(10ms);
  const auto still = *s.owner("c");
  const auto old = s.ask(still, look, "c"); // it will go on with this
  s.freeze(still);
  s.run_for(3s);
  const auto changed = s.ask((still + 1) % 3, lock, "c");
  s.run_for(1s);
  REQUIRE(changed->got.version == 2);
  s.thaw(still);
  s.run_for(3s);
  CHECK(old->times == 1);
  CHECK(old->got.version == 2);
}

TEST_CASE("a node that leaves hands its shards over, and nobody notices", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  s.ask(0, ada, "c");
  s.run_for(10ms);
  const auto first = *s.owner("c");
  std::vector<std::shared_ptr<outcome_seen>> all;
  s.node(first).keeper.leave();
  s.node(first).members.leave();
  s.node(first).beat_at = {};
  for (int i = 0; i < 100; ++i) {
    all.push_back(s.ask(i % 3, look, "c"));
    s.run_for(5ms);
  }
  CHECK(shards_of(s.node(first)) == 0);
  CHECK(s.owner("c") != first);
  for (const auto& seen : all) CHECK(seen->got.what == kind::accepted);
}

TEST_CASE("a node that joins takes its share", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  for (const auto* id : {"c", "d", "e", "f"}) s.ask(0, ada, id);
  s.run_for(20ms);
  const auto fourth = s.join();
  s.settle();
  CHECK(shards_of(s.node(fourth)) > 0);
  for (const auto* id : {"c", "d", "e", "f"}) {
    const auto seen = s.ask(fourth, look, id);
    s.run_for(20ms);
    CHECK(seen->got.version == 1);
  }
}

TEST_CASE("who cannot reach the owner of a shard is told so in the end", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  s.ask(0, ada, "c");
  s.run_for(10ms);
  const auto owner = *s.owner("c");
  const auto other = (owner + 1) % 3;
  SECTION("not sent: not executed") {
    s.net.cut(s.node(owner).incarnation(), s.node(other).incarnation());
    const auto seen = s.ask(other, lock, "c");
    s.run_for(31s);
    CHECK(seen->got.what == kind::unavailable);
  }
  SECTION("sent: nobody knows") {
    const auto seen = s.ask(other, lock, "c");
    s.net.cut(s.node(owner).incarnation(), s.node(other).incarnation());
    s.run_for(31s);
    CHECK(seen->got.what == kind::unknown);
  }
  SECTION("healed: done") {
    s.net.cut(s.node(owner).incarnation(), s.node(other).incarnation());
    const auto seen = s.ask(other, lock, "c");
    s.run_for(3s);
    CHECK(seen->times == 0);
    s.net.heal();
    s.run_for(1s);
    CHECK(seen->got.what == kind::accepted);
  }
}

TEST_CASE("an append that nobody answered for is found out by its successor", "[cluster]") {
  cluster_stage s(1);
  s.settle();
  s.ask(0, ada, "c");
  s.run_for(10ms);
  const auto owner = *s.owner("c");
  const auto fate = GENERATE(unruly_journal::fate::silent, unruly_journal::fate::vanished);
  s.node(owner).journal->next_group = [&, n = 0]() mutable {
    return n++ == 0 ? fate : unruly_journal::fate::good;
  };
  const auto before = s.node(owner).here.tokens.of(persistence::shard_of("c", 16));
  const auto seen = s.ask((owner + 1) % 3, lock, "c");
  s.run_for(1s);
  CHECK(seen->got.what == kind::accepted);
  CHECK(seen->got.version == 2);
  CHECK(*s.journal->head({"customers.Customer", "c"}) == 2);
  CHECK(s.node(owner).here.tokens.of(persistence::shard_of("c", 16)).epoch > before.epoch);
}
