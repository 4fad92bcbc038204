#include <catch2/catch.hpp>

#include "actors/mallbots/customers/customer.hpp"
#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/stores/api.pb.h"
#include "messages/model/record.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/stage.hpp"

/// What an entity that ends leaves to its successor, and what must not outlive it.
using namespace reenact;
using namespace reenact::tests;
using namespace customerspb;
using namespace storespb;
using kind = answer::kind;
using mallbots::customers::CustomerSmsChanged;

namespace {

const auto ada = pb<RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");
const auto look = pb<GetCustomerRequest>("id: 'c'");
const auto lock = pb<DisableCustomerRequest>("id: 'c'");
const auto change = pb<ChangeSmsNumberRequest>("id: 'c' sms_number: '1'");
const auto half = pb<ChangeSmsNumberRequest>("id: 'c' sms_number: 'half'");

/// Breaks the promise that evolve does not throw, and has changed the state by then.
struct shaky : mallbots::customers::customer {
  static void evolve(state& s, const auto& e) { mallbots::customers::customer::evolve(s, e); }
  static void evolve(state& s, const CustomerSmsChanged& e) {
    s.set_enabled(e.sms_number() != "half");
    if (!s.enabled()) throw std::runtime_error("boom");
  }
};

void only_shaky(reenact::model::registry& r) { r.add<shaky>(); }

} // namespace

TEST_CASE("an answer that waits behind an entity's last append keeps its successor waiting",
          "[successor]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  const auto locked = s.ask(lock, "c");
  s.run_without_writer();
  std::shared_ptr<outcome_seen> seen;
  s.journal->meanwhile = [&] { // the append is on its way to the disk
    s.journal->meanwhile = nullptr;
    seen = s.ask(look, "c");
    s.run_without_writer();
  };
  locked->home = [&](const answer&) {
    s.entities.end_all();
    s.run_without_writer();
  };
  s.run();
  CHECK(locked->got.what == kind::accepted);
  CHECK(seen->times == 1);
  CHECK(seen->got.version == 2);
}

TEST_CASE("a command whose entity cannot be loaded is not answered again when its facts come",
          "[successor]") {
  stage s(
      1, {}, [](auto& r) { mallbots::install(r); }, {}, 1); // one recovery may wait
  const auto added = s.ask(pb<AddProductRequest>("store_id: 's' name: 'Hat'"), "p");
  REQUIRE(s.readers.step());
  while (s.act()) {
  } // the store is being loaded, so
  s.entities.end_all();
  while (s.act()) {
  } // the product cannot be
  CHECK(added->times == 1);
  CHECK(added->got.text == "too many entities are being loaded");
  s.run();
  CHECK(added->times == 1);
}

TEST_CASE("a node may stop while facts are on their way", "[successor]") {
  stage s;
  for (char id = 'a'; id < 'a' + 16; ++id)
    s.ask(pb<AddProductRequest>("store_id: 's' name: 'Hat'"), std::string(1, id));
  while (s.act() || s.readers.step()) {
    if (s.entities.unanswered() == 32) break; // all have asked for the store
  }
  s.stop();
  for (const auto& seen : s.asked) CHECK(seen->times == 1);
}

TEST_CASE("parked commands are not decided on a state that an exception left behind",
          "[successor]") {
  stage s(1, {.speculative_max = 1}, only_shaky);
  s.ask(ada, "c");
  const auto broken = s.ask(half, "c");
  const auto locked = s.ask(lock, "c");
  s.run_without_writer();
  s.run();
  CHECK(broken->got.what == kind::broken);
  CHECK(locked->got.what == kind::accepted);
}

TEST_CASE("an event that cannot be evolved stops its entity, not the node", "[successor]") {
  stage s(1, {}, only_shaky);
  s.ask(ada, "c");
  s.run();
  ::model::Record poison;
  poison.set_type(CustomerSmsChanged::descriptor()->full_name());
  poison.set_payload(pb<CustomerSmsChanged>("sms_number: 'half'").SerializeAsString());
  s.write_behind_back("c", 1, poison);
  const auto seen = s.ask(look, "c");
  s.run();
  CHECK(seen->got.what == kind::unavailable);
  CHECK(seen->got.text.starts_with("cannot load: "));
  CHECK(s.here.unread.places() == 1);
  CHECK(s.here.unread.damaged().empty()); // what was written is there
}

TEST_CASE("what is wrong with the disk is for the operator, not for who asks", "[successor]") {
  stage s;
  s.journal->reading_fails = [] { return true; };
  s.journal->read_failure.text = "the disk is away";
  const auto away = s.ask(look, "c");
  s.run();
  CHECK(away->got.what == kind::unavailable);
  CHECK(away->got.text == "cannot load: the journal cannot be read");
  CHECK(s.here.unread.places() == 0); // it may come back
  s.journal->read_failure = {persistence::failure::kind::corrupt, "a bad block in 7.sst"};
  for (const auto* id : {"c", "d", "c"}) {
    const auto seen = s.ask(look, id);
    s.run();
    CHECK(seen->got.what == kind::unavailable);
    CHECK(seen->got.text == "cannot load: the journal is damaged here");
  }
  CHECK(s.here.unread.places() == 2); // whoever asks twice finds no other damage
  CHECK(s.here.unread.damaged() == "customers.Customer/c");
}

TEST_CASE("a call that was about to be answered from a lost state comes whole to the successor",
          "[successor]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  s.lose_shards();
  const auto lost = s.ask(change, "c"); // will be fenced
  s.run_without_writer();
  int looks = 0;
  s.held.looked = [&] { // the second: it is fenced while the 412 is being made
    if (++looks != 2) return;
    s.write();
    s.take_tokens();
  };
  const auto locked = s.ask(lock, "c", [](call& c) { c.if_match = {1}; });
  s.run_without_writer();
  s.run();
  CHECK(lost->got.what == kind::unavailable);
  CHECK(locked->got.what == kind::accepted);
  CHECK(locked->got.version == 2);
  CHECK(locked->got.text.empty());
}

TEST_CASE("a command that finds its entity's slot closed is the successor's", "[successor]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  s.lose_shards();
  s.ask(change, "c"); // will be fenced
  s.run_without_writer();
  const auto locked = s.ask(lock, "c"); // in the mailbox before the entity is told to leave
  s.write();
  s.take_tokens();
  s.run();
  CHECK(locked->got.what == kind::accepted);
}

TEST_CASE("a repeat that joined a command in flight shares its doubt", "[successor]") {
  stage s;
  s.ask(ada, "c");
  s.run();
  const auto by_key = [](call& c) {
    c.from = origin::client;
    c.id = {7};
  };
  const auto first = s.ask(lock, "c", by_key);
  const auto repeat = s.ask(lock, "c", by_key);
  s.run_without_writer();
  s.journal->next_group = [] { return unruly_journal::fate::vanished; };
  s.run();
  CHECK(first->got.what == kind::unknown);
  CHECK(repeat->got.what == kind::unknown);
}
