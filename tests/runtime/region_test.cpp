#include <catch2/catch.hpp>

#include "actors/mallbots/stores/store.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/model/record.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/stage.hpp"

using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using kind = answer::kind;

namespace {

const auto ada = pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");
const auto look = pb<GetCustomerRequest>("id: 'c'");

/// Breaks the promise that decide does not throw, when a store is called so.
struct fragile : mallbots::stores::store {
  using commands = reenact::model::types<storespb::RebrandStoreRequest>;
  static reenact::model::decision decide(const state& s, const storespb::CreateStoreRequest& c) {
    return mallbots::stores::store::decide(s, c);
  }
  static reenact::model::decision decide(const state& s, const storespb::RebrandStoreRequest& c) {
    if (c.name() == "boom") throw std::runtime_error("boom");
    if (c.name() == "42") throw 42;
    return mallbots::stores::store::decide(s, c);
  }
};

} // namespace

TEST_CASE("an entity that was asked to leave comes back for the next call", "[region]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  s.entities.end_all();
  const auto seen = s.ask(look, "c"); // kept by the directory while the entity ends
  s.run();
  CHECK(seen->got.what == kind::accepted);
  CHECK(seen->got.version == 1);
}

TEST_CASE("idle entities leave after some sweeps, busy ones stay", "[region]") {
  stage s(1, {.idle_sweeps = 2});
  s.ask(ada, "c");
  s.ask(ada, "d");
  s.run();
  s.entities.sweep();
  s.ask(look, "c");
  s.run();
  s.entities.sweep();
  s.run();
  CHECK(s.entities.resident() == 1);
  s.entities.sweep();
  s.entities.sweep();
  s.run();
  CHECK(s.entities.resident() == 0);
}

TEST_CASE("too many entities make the idlest leave at the next sweep", "[region]") {
  stage s(1, {.resident_max = 8, .idle_sweeps = 100});
  for (int i = 0; i < 9; ++i) s.ask(ada, "c" + std::to_string(i));
  s.run();
  CHECK(s.entities.resident() == 8);
  CHECK(s.asked.back()->got.what == kind::accepted);
}

TEST_CASE("who has no records is the first to go when there are too many", "[region]") {
  stage s(1, {.resident_max = 8, .idle_sweeps = 100});
  const auto by_key = [](call& c) {
    c.from = origin::client;
    c.id = {7};
  };
  for (int i = 0; i < 7; ++i) s.ask(ada, "c" + std::to_string(i));
  s.run();
  s.entities.sweep(); // all of these have been idle for longer
  s.ask(RegisterCustomerRequest(), "stranger", by_key);
  s.run();
  s.ask(ada, "one too many");
  s.run();
  CHECK(s.entities.resident() == 8);
  const auto forgotten = s.ask(ada, "stranger", by_key);
  s.run();
  CHECK(forgotten->got.what == kind::accepted);
}

TEST_CASE("one entity too many does not make all others look idle", "[region]") {
  stage s(1, {.resident_max = 8, .idle_sweeps = 2});
  for (int i = 0; i < 16; ++i) {
    s.ask(ada, "c" + std::to_string(i));
    s.run();
  }
  CHECK(s.entities.resident() == 8);
}

TEST_CASE("an exception in the domain is answered, and the next call finds the entity whole",
          "[region]") {
  stage s(1, {}, [](reenact::model::registry& r) { r.add<fragile>(); });
  s.ask(pb<storespb::CreateStoreRequest>("name: 'a' location: 'b'"), "s");
  s.run();
  const auto bad = s.ask(pb<storespb::RebrandStoreRequest>("name: 'boom'"), "s");
  const auto good = s.ask(pb<storespb::RebrandStoreRequest>("name: 'c'"), "s");
  s.run();
  CHECK(bad->got.what == kind::broken);
  CHECK(bad->got.text == "boom");
  CHECK(good->got.what == kind::accepted);
  CHECK(good->got.version == 2);
}

TEST_CASE("whatever the domain throws is answered once, not tried again", "[region]") {
  stage s(1, {}, [](reenact::model::registry& r) { r.add<fragile>(); });
  s.ask(pb<storespb::CreateStoreRequest>("name: 'a' location: 'b'"), "s");
  s.run();
  const auto bad = s.ask(pb<storespb::RebrandStoreRequest>("name: '42'"), "s");
  for (int i = 0; i < 100 && s.step(); ++i) {
  }
  CHECK(bad->times == 1);
  CHECK(bad->got.what == kind::broken);
}

TEST_CASE("an event of an unknown type stops the entity instead of being skipped", "[region]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  ::model::Record alien;
  alien.set_type("mallbots.customers.CustomerTeleported");
  s.write_behind_back("c", 1, alien);
  const auto seen = s.ask(look, "c");
  s.run();
  CHECK(seen->got.what == kind::unavailable);
  CHECK(seen->got.text.starts_with("cannot load: unknown type mallbots.customers.Customer"));
}

TEST_CASE("a zombie's append is fenced, and its entity begins again under the new token",
          "[region]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  s.lose_shards();
  const auto fenced = s.ask(pb<DisableCustomerRequest>("id: 'c'"), "c");
  s.run();
  CHECK(fenced->got.what == kind::unavailable);
  s.take_tokens();
  const auto again = s.ask(pb<DisableCustomerRequest>("id: 'c'"), "c");
  s.run();
  CHECK(again->got.what == kind::accepted);
  CHECK(again->got.version == 2);
}

TEST_CASE("a snapshot shortens recovery, and one of another history is ignored", "[region]") {
  stage s(1, {.snapshot_events_min = 32});
  s.ask(ada, "c");
  for (int i = 0; i < 200; ++i) {
    // Commands that nobody can repeat any more need not be kept: a snapshot begins to pay.
    if (i == 100) s.time.advance(std::chrono::minutes(2));
    s.ask(pb<ChangeSmsNumberRequest>("id: 'c' sms_number: '" + std::to_string(i) + "'"), "c");
    s.run();
  }
  const persistence::stream of{"customers.Customer", "c"};
  const auto& type = *s.types.named("customers.Customer");
  const auto fresh = recover(*s.journal, type, "c", s.time.wall_us());
  REQUIRE(fresh);
  CHECK(fresh->snapshot > 0);
  CHECK(fresh->records == 201);
  const auto shown = fresh->state->ShortDebugString();

  auto kept = *s.journal->load_snapshot(of);
  ::model::Snapshot content;
  REQUIRE(content.ParseFromString(kept.bytes));
  content.set_last_event_id("of another history");
  kept.bytes = content.SerializeAsString();
  const auto shard = persistence::shard_of("c", s.journal->about().shards);
  REQUIRE(s.journal->store_snapshot(s.here.tokens.of(shard), of, kept));
  const auto replayed = recover(*s.journal, type, "c", s.time.wall_us());
  CHECK(replayed->snapshot == 0);
  CHECK(replayed->records == 201);
  CHECK(replayed->state->ShortDebugString() == shown);
}

TEST_CASE("a snapshot's fingerprint sees all that its state can hold", "[region]") {
  const auto of = [](const std::string& inner_field) {
    google::protobuf::FileDescriptorProto file;
    REQUIRE(google::protobuf::TextFormat::ParseFromString(
        "name: 'f' message_type { name: 'Outer' field { name: 'i' number: 1 label: LABEL_OPTIONAL"
        " type: TYPE_MESSAGE type_name: 'Inner' } } message_type { name: 'Inner' field { name: '" +
            inner_field + "' number: 1 label: LABEL_OPTIONAL type: TYPE_STRING } }",
        &file));
    // Never destroyed: fingerprints are kept by address.
    static std::vector<std::unique_ptr<google::protobuf::DescriptorPool>> pools;
    pools.push_back(std::make_unique<google::protobuf::DescriptorPool>());
    return fingerprint(pools.back()->BuildFile(file)->FindMessageTypeByName("Outer"));
  };
  CHECK(of("a") == of("a"));
  CHECK(of("a") != of("b"));
}
