#include "actors/runtime/reactor.hpp"

#include "messages/mallbots/customers/api.pb.h"
#include "messages/mallbots/customers/customer.pb.h"
#include "tests/given.hpp"
#include "tests/runtime/stage.hpp"

using namespace reenact::tests;
using namespace mallbots::customers;
namespace persistence = reenact::persistence;

namespace {

const auto ada = pb<customerspb::RegisterCustomerRequest>("name: 'Ada' sms_number: '555'");

/// What the policy under test does about a customer who was registered or reached anew.
struct reflex {
  bool throws = false;
  int asked = 0;
};

/// Customers, and a policy that disables everybody at once and enables them when their number
/// changes; for those who are called "nobody" it has nobody to ask.
class policy_stage : public stage {
public:
  /// Without its policies at work the stage is a node that does not have them yet.
  explicit policy_stage(bool at_work = true)
    : stage(1, {}, [this](reenact::model::registry& r) { install(r); }) {
    if (at_work) react_anew();
  }
  ~policy_stage() { stop(); }

  void install(reenact::model::registry& r) {
    mallbots::customers::install(r);
    r.on<CustomerRegistered>("reflex", [this](const CustomerRegistered& e) {
      return react_to(customerspb::DisableCustomerRequest(), e);
    });
    r.on<CustomerSmsChanged>("reflex", [this](const CustomerSmsChanged& e) {
      return react_to(customerspb::EnableCustomerRequest(), e);
    });
  }

  template <class Command, class Event>
  reenact::model::errand react_to(Command c, const Event& e) {
    ++how.asked;
    if (how.throws) throw std::runtime_error("no nerve");
    c.set_id(e.customer_id() == "stranger" ? "nobody" : e.customer_id());
    return reenact::model::send(std::move(c));
  }

  void react_anew() {
    entities.end_all();
    run();
    reactions_.push_back(
        std::make_unique<reactor>(here, entities, clockwork, reactor::options{.store_events = 1}));
    REQUIRE(reactions().prepare(*journal, here.tokens.all()));
  }
  reactor& reactions() const { return *reactions_.back(); }

  void react() {
    reactions().step();
    while (step()) {
    }
  }
  void react_for(duration longest) {
    for (const auto end = time.now() + longest; time.now() < end;) {
      react();
      time.advance(std::chrono::milliseconds(10));
      clockwork.step();
    }
  }
  policy_progress progress() const { return reactions().progress().at(0); }
  void register_customer(const std::string& id) {
    ask(ada, id);
    run();
  }
  bool enabled(const std::string& id) {
    const auto seen = ask(customerspb::GetCustomerRequest(), id);
    run();
    return static_cast<const customerspb::GetCustomerResponse&>(*seen->got.response)
        .customer()
        .enabled();
  }
  std::vector<persistence::dead_letter> letters() const {
    std::vector<persistence::dead_letter> all;
    for (persistence::shard_id s = 0; s < journal->about().shards; ++s)
      REQUIRE(journal->read_dead_letters("reflex", s, [&](const auto& d) {
        all.push_back(d);
        return true;
      }));
    return all;
  }
  std::size_t parked() const {
    std::size_t all = 0;
    for (persistence::shard_id s = 0; s < journal->about().shards; ++s)
      all += journal->parked("reflex", s)->size();
    return all;
  }

  reflex how;

private:
  std::vector<std::unique_ptr<reactor>> reactions_;
};

using std::chrono::seconds;

} // namespace

TEST_CASE("an event is reacted to once, and its command remembers where it comes from",
          "[reactor]") {
  policy_stage s;
  s.register_customer("c");
  s.react_for(seconds(2));
  CHECK_FALSE(s.enabled("c"));
  CHECK(s.progress().answered == 1);
  CHECK(s.progress().pending == 0);
  CHECK(s.how.asked == 1);
  std::vector<::model::Record> records;
  REQUIRE(s.journal->read_stream({"customers.Customer", "c"}, 1, [&](const auto& at) {
    records.emplace_back().ParseFromString(std::string(at.record));
    return true;
  }));
  REQUIRE(records.size() == 2);
  CHECK(records[1].metadata().causation_id() == records[0].metadata().event_id());
  CHECK(records[1].metadata().correlation_id() == records[0].metadata().command_id());
  s.react_anew(); // the position is stored: nothing is looked at again
  s.react_for(seconds(2));
  CHECK(s.how.asked == 1);
}

TEST_CASE("what happened before a policy was first there is none of its business", "[reactor]") {
  policy_stage s(false);
  s.register_customer("c");
  s.react_anew();
  s.register_customer("d");
  s.react_anew(); // it is not new any more: what it has not seen yet is its business
  s.react_for(seconds(1));
  CHECK(s.how.asked == 1);
  CHECK(s.enabled("c"));
  CHECK_FALSE(s.enabled("d"));
}

TEST_CASE("a refusal is an answer: it is counted, and not tried again", "[reactor]") {
  policy_stage s;
  s.register_customer("stranger");
  s.react_for(seconds(60));
  CHECK(s.progress().refused == 1);
  CHECK(s.progress().pending == 0);
  CHECK(s.how.asked == 1);
  CHECK(s.letters().empty());
}

TEST_CASE("an outage is waited for, with growing pauses, and only its entity waits", "[reactor]") {
  policy_stage s;
  for (const auto* id : {"c", "d"}) s.register_customer(id);
  int failures = 0;
  using fate = unruly_journal::fate;
  s.journal->next_group = [&] { return ++failures > 6 ? fate::good : fate::refused; };
  s.react();
  s.react();
  CHECK(s.progress().waiting > 0);
  REQUIRE_FALSE(s.progress().waits.empty());
  const auto first = s.progress().waits[0];
  CHECK((first.entity == "c" || first.entity == "d"));
  CHECK_FALSE(first.why.empty());
  CHECK(first.again > s.time.now());
  s.react_for(seconds(20));
  CHECK(failures > 6);
  CHECK_FALSE(s.enabled("c"));
  CHECK_FALSE(s.enabled("d"));
  CHECK(s.progress().pending == 0);
}

TEST_CASE("events of one entity are reacted to in their order, also when the first must wait",
          "[reactor]") {
  policy_stage s;
  s.register_customer("c");
  s.ask(pb<customerspb::ChangeSmsNumberRequest>("sms_number: '777'"), "c");
  s.run();
  using fate = unruly_journal::fate;
  int failures = 0;
  s.journal->next_group = [&] { return ++failures > 2 ? fate::good : fate::refused; };
  s.react_for(seconds(20));
  CHECK(s.enabled("c")); // disabled first, then enabled: the other way round is refused
  CHECK(s.progress().answered == 2);
  CHECK(s.progress().refused == 0);
}

TEST_CASE("what waits is parked: the position passes it, and a successor knows of it",
          "[reactor]") {
  policy_stage s;
  using fate = unruly_journal::fate;
  bool away = true;
  s.register_customer("c");
  s.journal->next_group = [&] { return away ? fate::refused : fate::good; };
  s.react_for(seconds(3));
  CHECK(s.parked() == 1);
  const auto shard = persistence::shard_of("c", s.journal->about().shards);
  CHECK(*(*s.journal->positions("reflex"))[shard] == 1);
  s.react_anew();
  away = false;
  s.react_for(seconds(30));
  CHECK_FALSE(s.enabled("c"));
  CHECK(s.parked() == 0);
}

TEST_CASE("what nobody can carry out becomes a dead letter, and its entity goes on", "[reactor]") {
  policy_stage s;
  s.how.throws = true;
  s.register_customer("c");
  s.react_for(seconds(10));
  CHECK(s.how.asked == 3);
  const auto letters = s.letters();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].why == "no nerve");
  CHECK(letters[0].attempts == 3);
  CHECK(s.progress().dead == 1);
  s.how.throws = false;
  s.ask(pb<customerspb::ChangeSmsNumberRequest>("sms_number: '777'"), "c");
  s.run();
  s.react_for(seconds(5));
  CHECK(s.progress().refused == 1); // it was never disabled
  CHECK(s.progress().pending == 0);
}

TEST_CASE("bytes that are no such event are a dead letter", "[reactor]") {
  policy_stage s;
  s.register_customer("c");
  s.react_for(seconds(1));
  ::model::Record odd;
  odd.set_type(CustomerRegistered::descriptor()->full_name());
  odd.set_payload("\xff\xff");
  s.write_behind_back("c", 2, odd);
  s.react_for(seconds(10));
  REQUIRE(s.letters().size() == 1);
  CHECK(s.letters()[0].why == "its payload is no such event");
}

TEST_CASE("a log that cannot be read is tried again, and nothing is passed over", "[reactor]") {
  policy_stage s;
  s.register_customer("c");
  s.journal->reading_fails = [] { return true; };
  s.react_for(seconds(2));
  CHECK(s.how.asked == 0);
  s.journal->reading_fails = nullptr;
  s.react_for(seconds(10));
  CHECK_FALSE(s.enabled("c"));
}

TEST_CASE("what the writer left is taken once, whether or not it is read back too", "[reactor]") {
  persistence::append one;
  policy_stage s;
  s.register_customer("c");
  ::model::Record record;
  REQUIRE(s.journal->read_log(persistence::shard_of("c", s.journal->about().shards), 1, 1,
                              [&](const auto& at) {
                                one = {.shard = at.shard,
                                       .type = std::string(at.type),
                                       .entity = std::string(at.entity),
                                       .records = {std::string(at.record)}};
                                return true;
                              }));
  const persistence::append* group[] = {&one};
  const persistence::outcome how{persistence::outcome::kind::appended, 1, 1, 0};
  s.reactions().add(group, std::span(&how, 1));
  s.react_for(seconds(1));
  s.reactions().add(group, std::span(&how, 1)); // late
  s.react_for(seconds(1));
  CHECK(s.how.asked == 1);
}
