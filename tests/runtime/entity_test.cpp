#include <catch2/catch.hpp>

#include "actors/mallbots/customers/customer.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/stage.hpp"

using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using namespace storespb;
using kind = answer::kind;

namespace {

const auto ada = pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");
const auto look = pb<GetCustomerRequest>("id: 'c'");
const auto lock = pb<DisableCustomerRequest>("id: 'c'");
const auto unlock = pb<EnableCustomerRequest>("id: 'c'");

void with_key(call& c, std::string_view key) {
  c.from = origin::client;
  c.id = command_id(c.rpc->full_name(), key, "");
  c.request_hash = std::hash<std::string>()(c.request->SerializeAsString());
}
with key(std::string k) {
  return [k](call& c) { with_key(c, k); };
}

const with by_saga = [](call& c) {
  c.from = origin::internal;
  c.id = {1, 2, 3};
};

const any_message& to_any(const any_message& m) { return m; }

std::size_t records_of(stage& s, const std::string& type, const std::string& id) {
  return *s.journal->head({type, id});
}

} // namespace

TEST_CASE("a command is answered when its events are durable, not before", "[entity]") {
  stage s;
  const auto made = s.ask(ada, "c");
  s.run_without_writer();
  CHECK(made->times == 0);
  s.run();
  CHECK(made->times == 1);
  CHECK(made->got.what == kind::accepted);
  CHECK(made->got.version == 1);
  CHECK(made->got.response->ShortDebugString() == R"(id: "c")");
}

TEST_CASE("what was computed from events on their way leaves when they are durable", "[entity]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  const auto locked = s.ask(lock, "c");
  const auto seen = s.ask(look, "c");
  const auto refused = s.ask(lock, "c");
  s.run_without_writer();
  CHECK(locked->times + seen->times + refused->times == 0);
  s.run();
  CHECK_FALSE(static_cast<const GetCustomerResponse&>(*seen->got.response).customer().enabled());
  CHECK(seen->got.version == 2);
  CHECK(refused->got.what == kind::rejected);
  CHECK(refused->got.text == "the customer is already disabled");
}

TEST_CASE("a query of an entity at rest is answered at once", "[entity]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  const auto seen = s.ask(look, "c");
  s.run_without_writer();
  CHECK(seen->got.response->ShortDebugString() ==
        R"(customer { id: "c" name: "Ada" sms_number: "555" enabled: true })");
}

TEST_CASE("an entity without records is not found and not kept", "[entity]") {
  stage s;
  const auto seen = s.ask(look, "c");
  const auto changed = s.ask(lock, "c");
  s.run();
  CHECK(seen->got.what == kind::rejected);
  CHECK(seen->got.code == 5);
  CHECK(seen->got.text == "customer not found");
  CHECK(changed->got.text == "customer not found");
  CHECK(s.entities.resident() == 0);
  CHECK(records_of(s, "customers.Customer", "c") == 0);
}

TEST_CASE("a repeat by the same key gets the first answer, also after a passivation", "[entity]") {
  stage s;
  const auto first = s.ask(ada, "c", key("k"));
  s.run();
  const auto again = s.ask(ada, "c", key("k"));
  s.run();
  s.entities.end_all();
  s.run();
  CHECK(s.entities.resident() == 0);
  const auto later = s.ask(ada, "c", key("k"));
  s.run();
  for (const auto& seen : {first, again, later}) {
    CHECK(seen->got.what == kind::accepted);
    CHECK(seen->got.version == 1);
    CHECK(seen->got.response->ShortDebugString() == R"(id: "c")");
  }
  CHECK(records_of(s, "customers.Customer", "c") == 1);
}

TEST_CASE("the same command in flight is joined, and takes effect once", "[entity]") {
  stage s;
  const auto first = s.ask(ada, "c", key("k"));
  const auto second = s.ask(ada, "c", key("k"));
  s.run_without_writer();
  CHECK(first->times + second->times == 0);
  s.run();
  CHECK(first->got.what == kind::accepted);
  CHECK(second->got.what == kind::accepted);
  CHECK(records_of(s, "customers.Customer", "c") == 1);
}

TEST_CASE("a key that was used for another request is refused", "[entity]") {
  stage s;
  s.ask(ada, "c", key("k"));
  s.run();
  const auto other =
      s.ask(pb<RegisterCustomerRequest>("name: 'Eve' sms_number: '1'"), "c", key("k"));
  s.run();
  CHECK(other->got.what == kind::key_reused);
  CHECK(other->got.text == "the idempotency key was used for another request");
}

TEST_CASE("a refusal is remembered where its sender may repeat it", "[entity]") {
  stage s;
  s.ask(ada, "c");
  s.ask(unlock, "c"); // by a sender who cannot
  s.run();
  CHECK(records_of(s, "customers.Customer", "c") == 1);
  const auto repeatable = GENERATE(key("k"), by_saga);
  const auto refused = s.ask(unlock, "c", repeatable);
  s.run();
  CHECK(refused->got.text == "the customer is already enabled");
  CHECK(refused->got.version == 1); // a note has a version of its own, the ETag stays
  CHECK(records_of(s, "customers.Customer", "c") == 2);
  s.ask(lock, "c");
  s.run();
  s.entities.end_all();
  s.run();
  // A delayed copy must not be accepted now that it could be.
  const auto copy = s.ask(unlock, "c", repeatable);
  s.run();
  CHECK(copy->got.what == kind::rejected);
  CHECK(copy->got.text == "the customer is already enabled");
}

TEST_CASE("a stranger's refusal starts no stream, and is kept in memory", "[entity]") {
  stage s;
  const auto refused = s.ask(RegisterCustomerRequest(), "c", key("k"));
  s.run();
  CHECK(refused->got.text == "the customer name cannot be blank");
  CHECK(records_of(s, "customers.Customer", "c") == 0);
  const auto other = s.ask(ada, "c", key("k"));
  s.run();
  CHECK(other->got.what == kind::key_reused);
}

TEST_CASE("a refused create leaves nobody behind, unless it may be repeated", "[entity]") {
  stage s;
  const auto blank = s.ask(RegisterCustomerRequest(), "c");
  const auto late = s.ask(ada, "d", [&](call& c) { c.deadline = s.time.now() - duration(1); });
  const auto orphan = s.ask(pb<AddProductRequest>("store_id: 'x' name: 'Hat'"), "p");
  s.run();
  CHECK(blank->got.what == kind::rejected);
  CHECK(late->got.what == kind::unavailable);
  CHECK(orphan->got.what == kind::rejected);
  CHECK(s.entities.resident() == 0);
  s.ask(RegisterCustomerRequest(), "c", key("k"));
  s.run();
  CHECK(s.entities.resident() == 1);
}

TEST_CASE("If-Match holds a command back when the entity has changed", "[entity]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  const auto stale = s.ask(lock, "c", [](call& c) { c.if_match = {7, 9}; });
  const auto any = s.ask(lock, "c", [](call& c) { c.if_match.emplace(); });
  s.run();
  CHECK(stale->got.what == kind::precondition_failed);
  CHECK(any->got.what == kind::accepted);
  const auto exact = s.ask(unlock, "c", [](call& c) { c.if_match = {2}; });
  s.run();
  CHECK(exact->got.version == 3);
}

TEST_CASE("a command past its deadline is not executed", "[entity]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  const auto late = s.ask(lock, "c");
  s.time.advance(std::chrono::seconds(31));
  s.run();
  CHECK(late->got.what == kind::unavailable);
  CHECK(records_of(s, "customers.Customer", "c") == 1);
}

TEST_CASE("facts come from their owners, behind what is on its way there", "[entity]") {
  stage s;
  s.ask(pb<CreateStoreRequest>("name: 'Waldorf' location: 'Level 2'"), "s");
  const auto hat = pb<AddProductRequest>("store_id: 's' name: 'Hat' price: 9.99");
  const auto added = s.ask(hat, "p");
  const auto orphan = s.ask(pb<AddProductRequest>("store_id: 'x' name: 'Hat'"), "q");
  s.run_without_writer();
  CHECK(added->times == 0);
  s.run();
  CHECK(added->got.what == kind::accepted);
  CHECK(orphan->got.code == 5);
  CHECK(orphan->got.text == "store not found");
}

TEST_CASE("a command that has its facts is checked from the first again, as copies may have passed",
          "[entity]") {
  stage s;
  s.ask(pb<CreateStoreRequest>("name: 'Waldorf' location: 'Level 2'"), "s");
  s.run();
  const auto hat = pb<AddProductRequest>("store_id: 's' name: 'Hat' price: 9.99");
  const auto first = s.ask(hat, "p", key("k"));
  const auto copy = s.ask(hat, "p", key("k"));
  s.run();
  for (const auto& seen : {first, copy}) {
    CHECK(seen->got.what == kind::accepted);
    CHECK(seen->got.version == 1);
  }
  CHECK(records_of(s, "stores.Product", "p") == 1);
}

TEST_CASE("a lost lease answers nothing from memory, and no command is begun under it",
          "[entity]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  s.held.give_up();
  const auto seen = s.ask(look, "c");
  const auto locked = s.ask(lock, "c");
  const auto late = s.ask(lock, "c", [&](call& c) { c.deadline = s.time.now() - duration(1); });
  s.run();
  for (const auto& no : {seen, locked, late}) {
    CHECK(no->got.what == kind::unavailable);
    CHECK(no->got.text == "this node has lost its lease");
  }
  CHECK(records_of(s, "customers.Customer", "c") == 1);
}

TEST_CASE("over its bounds an entity and a node say no", "[entity]") {
  stage s(1, {.unanswered_max = 3, .unanswered_entity_max = 2});
  const auto a = s.ask(ada, "c");
  const auto b = s.ask(look, "c");
  const auto over_entity = s.ask(look, "c");
  const auto other = s.ask(look, "d");
  const auto over_node = s.ask(look, "e");
  CHECK(over_entity->got.text == "too many calls for this entity");
  CHECK(over_node->got.text == "too many calls on this node");
  CHECK(over_node->got.what == kind::unavailable);
  s.run();
  CHECK(a->got.what == kind::accepted);
  CHECK(other->times == 1);
  CHECK(s.entities.unanswered() == 0);
}

TEST_CASE("more appends than may be on their way wait, in order", "[entity]") {
  stage s(1, {.speculative_max = 2});
  s.ask(ada, "c");
  s.run();
  std::vector<std::shared_ptr<outcome_seen>> all;
  for (int i = 0; i < 10; ++i)
    all.push_back(s.ask(i % 2 == 0 ? to_any(lock) : to_any(unlock), "c"));
  s.run_without_writer();
  CHECK(s.writer.queued() == 3); // two appends, and what wakes the parked
  s.run();
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i]->got.what == kind::accepted);
    CHECK(all[i]->got.version == i + 2);
  }
}

namespace {

/// A customer who is authorized later, when they are enabled.
struct patient : mallbots::customers::customer {
  static reenact::model::decision decide(const state& s, const auto& c) {
    return mallbots::customers::customer::decide(s, c);
  }
  static reenact::model::decision decide(const state& s, const AuthorizeCustomerRequest&) {
    if (!s.enabled()) return reenact::model::later{not_authorized};
    return reenact::model::accepted();
  }
};

} // namespace

TEST_CASE("a saga that was told `later` may try again under the same id", "[entity]") {
  stage s(1, {}, [](reenact::model::registry& r) { r.add<patient>(); });
  s.ask(ada, "c");
  s.ask(lock, "c");
  const auto early = s.ask(AuthorizeCustomerRequest(), "c", by_saga);
  s.run();
  s.ask(unlock, "c");
  const auto again = s.ask(AuthorizeCustomerRequest(), "c", by_saga);
  s.run();
  CHECK(early->got.what == kind::rejected);
  CHECK(again->got.what == kind::accepted);
}
