#include <map>

#include "messages/mallbots/depot/bot.pb.h"
#include "messages/mallbots/depot/dispatch.pb.h"
#include "tests/runtime/shop_stage.hpp"

// Bots and lists on entities, policies and a journal: who is active, and which lists find their
// bots by themselves.
using namespace reenact::tests;

namespace {

using switches = std::vector<std::string>;
const switches by_itself{"depot.auto_assign"};

/// The shop with bots, whose lists are made without a purchase.
class depot_stage : public shop_stage {
public:
  explicit depot_stage(switches wanted = {}, std::uint64_t seed = 1, bool at_work = true)
    : shop_stage(seed, wanted, at_work) {}

  void bot(const std::string& id, bool online = true) {
    must(pb<depotpb::AddBotRequest>("name: 'R2'"), id);
    if (online) must(depotpb::BringBotOnlineRequest(), id);
  }
  void offer(const std::string& list) {
    must(depotpb::CreateShoppingListRequest(), list);
    must(depotpb::InitiateShoppingRequest(), list);
    time.advance(std::chrono::seconds(1)); // so that the next one is younger
  }
  void assign(const std::string& list, const std::string& bot) {
    must(pb<depotpb::AssignShoppingListRequest>("bot_id: '" + bot + "'"), list);
  }
  void complete(const std::string& list) { must(depotpb::CompleteShoppingListRequest(), list); }
  void cancel(const std::string& list) { must(depotpb::CancelShoppingListRequest(), list); }

  depotpb::ShoppingList shopping_list(const std::string& id) {
    return shown<depotpb::GetShoppingListResponse>(depotpb::GetShoppingListRequest(), id)
        .shopping_list();
  }
  std::string status_of(const std::string& list) { return shopping_list(list).status(); }
  std::string bot_of(const std::string& list) { return shopping_list(list).assigned_bot_id(); }

  /// An entity as its stream tells it.
  template <class State>
  State told(const std::string& id) {
    const auto& type = *types.hosting(State::descriptor());
    const auto state = type.initial(id);
    REQUIRE(journal->read_stream({type.name, id}, 1, [&](const auto& at) {
      ::model::Record r;
      REQUIRE(r.ParseFromArray(at.record.data(), static_cast<int>(at.record.size())));
      const auto known = type.events.find(r.type());
      if (known == type.events.end()) return true; // a note
      const std::unique_ptr<any_message> event(known->second.prototype->New());
      REQUIRE(event->ParseFromString(r.payload()));
      known->second.evolve(*state, *event);
      return true;
    }));
    return static_cast<const State&>(*state);
  }
  std::string status_of_bot(const std::string& id) {
    return told<mallbots::depot::Bot>(id).status();
  }
  /// What the dispatcher knows; nothing stays of what it is done with.
  mallbots::depot::Dispatch dispatch() { return told<mallbots::depot::Dispatch>("depot"); }
};

} // namespace

TEST_CASE("a bot is active while it has lists by hand, and idle when the last has ended",
          "[depot]") {
  depot_stage s;
  s.bot("b-1");
  for (const auto* list : {"l-1", "l-2"}) {
    s.offer(list);
    s.assign(list, "b-1");
  }
  s.settle();
  CHECK(s.status_of_bot("b-1") == "active");
  s.complete("l-1");
  s.settle();
  CHECK(s.status_of_bot("b-1") == "active");
  s.cancel("l-2");
  s.settle();
  CHECK(s.status_of_bot("b-1") == "idle");
  CHECK(s.count("BotEngaged") == 2);
  CHECK(s.count("BotReleased") == 2);
}

TEST_CASE("a list may be given to who is no bot of the fleet, or to nobody", "[depot]") {
  depot_stage s;
  for (const auto* bot : {"somebody", ""}) {
    const auto list = "l-" + std::string(bot);
    s.offer(list);
    s.assign(list, bot);
    s.complete(list);
  }
  s.settle();
  CHECK(s.count("BotEngaged") == 0);
  CHECK(s.progress("depot-bots").refused == 2);
  CHECK(s.progress("depot-bots").dead == 0);
}

TEST_CASE("lists are assigned by hand alone unless the operator wants else", "[depot]") {
  depot_stage s;
  s.bot("b-1");
  s.offer("l-1");
  s.settle();
  CHECK(s.status_of("l-1") == "available");
  CHECK(s.stream_of("depot.Dispatch").empty());
  CHECK_THROWS_AS(s.progress("depot-dispatch"), std::logic_error);
}

TEST_CASE("the list of a purchase finds its bot by itself, and the bot the next list",
          "[depot][create_order]") {
  depot_stage s(by_itself);
  s.bot("b-1");
  s.fill("o-1");
  s.checkout("o-1");
  s.settle();
  const auto list = s.stream_of("depot.ShoppingList");
  CHECK(s.order_status("o-1") == "approved");
  CHECK(s.bot_of(list) == "b-1");
  CHECK(s.status_of_bot("b-1") == "active");
  s.offer("l-2");
  s.offer("l-3");
  s.settle();
  CHECK(s.status_of("l-2") == "available");
  s.react_anew(); // a crash
  s.complete(list);
  s.settle();
  CHECK(s.order_status("o-1") == "ready");
  CHECK(s.bot_of("l-2") == "b-1");
  CHECK(s.status_of("l-3") == "available");
  for (const auto* next : {"l-2", "l-3"}) {
    s.complete(next);
    s.settle();
  }
  CHECK(s.status_of_bot("b-1") == "idle");
  CHECK(s.dispatch().lists().empty());
  CHECK(s.dispatch().bots().size() == 1);
  s.must(depotpb::TakeBotOfflineRequest(), "b-1");
  s.settle();
  CHECK(s.dispatch().bots().empty());
}

TEST_CASE("lists and bots from before it was switched on are known, the oldest list first",
          "[depot]") {
  depot_stage s(by_itself, 1, false);
  s.bot("b-0");
  for (int i = 9; i > 0; --i) s.offer("l-" + std::to_string(i));
  s.cancel("l-9");
  s.assign("l-8", "by hand");
  s.must(depotpb::TakeBotOfflineRequest(), "b-0");
  s.bot("b-1");
  s.bot("b-2", false);
  s.react_anew();
  s.settle();
  s.complete("l-7");
  for (int i = 6; i > 3; --i) {
    s.settle();
    CHECK(s.bot_of("l-" + std::to_string(i)) == "b-1");
    s.complete("l-" + std::to_string(i));
  }
  CHECK(s.status_of("l-9") == "canceled");
  CHECK(s.bot_of("l-8") == "by hand");
}

TEST_CASE("a bot is given another list when its own is canceled, or assigned by hand, meanwhile",
          "[depot]") {
  const bool canceled = GENERATE(true, false);
  depot_stage s(by_itself);
  s.bot("b-1");
  s.offer("l-1");
  s.settle();
  s.offer("l-2");
  s.offer("l-3");
  s.settle();
  s.complete("l-1");
  while (s.count("ListMatched") < 2) s.react();
  if (canceled)
    s.cancel("l-2");
  else
    s.assign("l-2", "by hand");
  s.settle();
  CHECK(s.bot_of("l-3") == "b-1");
  CHECK(s.count("ListMatched") == 3);
  CHECK(s.dispatch().lists().empty());
  CHECK(s.dispatch().bots().empty());
}

TEST_CASE("a crash after any turn of the policies gives each list one bot, and each bot one list",
          "[depot]") {
  int turns = 0;
  for (bool ended = false; !ended; ++turns) {
    depot_stage s(by_itself);
    for (const auto* id : {"b-1", "b-2"}) s.bot(id);
    for (const auto* id : {"l-1", "l-2", "l-3"}) s.offer(id);
    for (int i = 0; i < turns; ++i) s.react();
    ended = s.count("BotEngaged") == 2;
    s.react_anew();
    s.settle();
    INFO("crashed after " << turns << " turns");
    std::map<std::string, std::string> lists; // by their bot, nobody for one of them
    for (const auto* id : {"l-1", "l-2", "l-3"}) lists[s.bot_of(id)] = id;
    REQUIRE(lists.size() == 3);
    s.complete(lists.at("b-1"));
    s.settle();
    CHECK(s.bot_of(lists.at("")) == "b-1");
    CHECK(s.count("ShoppingListAssigned") == 3);
    CHECK(s.dispatch().lists().empty());
    CHECK(s.dispatch().bots().empty());
  }
  CHECK(turns > 3);
}

TEST_CASE("whatever happens by hand in between, every bot is idle in the end and no list waits",
          "[depot]") {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    depot_stage s(by_itself, seed);
    std::mt19937_64 dice(seed);
    const auto pick = [&](int of) { return std::to_string(dice() % of); };
    const auto attempt = [&](const any_message& c, const std::string& id) {
      s.ask(c, id);
      while (dice() % 4 != 0) s.react();
      if (dice() % 20 == 0) s.react_anew();
    };
    for (int i = 0; i < 3; ++i) s.bot("b-" + std::to_string(i));
    for (int i = 0; i < 8; ++i) s.offer("l-" + std::to_string(i));
    for (int i = 0; i < 60; ++i) {
      const auto list = "l-" + pick(8), bot = "b-" + pick(3);
      switch (dice() % 5) {
        case 0:
          attempt(pb<depotpb::AssignShoppingListRequest>("bot_id: '" + bot + "'"), list);
          break;
        case 1: attempt(depotpb::CancelShoppingListRequest(), list); break;
        case 2: attempt(depotpb::TakeBotOfflineRequest(), bot); break;
        case 3: attempt(depotpb::BringBotOnlineRequest(), bot); break;
        default: attempt(depotpb::CompleteShoppingListRequest(), list);
      }
    }
    for (int i = 0; i < 3; ++i) s.must(depotpb::BringBotOnlineRequest(), "b-" + std::to_string(i));
    for (int i = 0; i < 8; ++i) { // each is done within as many rounds as there are lists
      s.settle();
      for (int l = 0; l < 8; ++l)
        s.ask(depotpb::CompleteShoppingListRequest(), "l-" + std::to_string(l));
      s.run();
    }
    s.settle();
    for (int l = 0; l < 8; ++l) {
      const auto status = s.status_of("l-" + std::to_string(l));
      CHECK((status == "completed" || status == "canceled"));
    }
    for (int i = 0; i < 3; ++i) CHECK(s.status_of_bot("b-" + std::to_string(i)) == "idle");
    CHECK(s.dispatch().lists().empty());
    CHECK(s.dispatch().bots().size() == 3);
  }
}
