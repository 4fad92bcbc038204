#include "actors/mallbots/depot/bot.hpp"

#include "tests/given.hpp"

using namespace mallbots::depot;
using reenact::tests::given;
using reenact::tests::pb;
using reenact::tests::verdict;

namespace {
const auto added = pb<BotAdded>("bot_id: 'it' name: 'R2'");
const auto online = pb<BotWentOnline>("bot_id: 'it'");
const auto offline = pb<BotWentOffline>("bot_id: 'it'");

const auto engage = pb<EngageBotRequest>("shopping_list_id: 'l-1'");
const auto engage_too = pb<EngageBotRequest>("shopping_list_id: 'l-2'");
const auto release = pb<ReleaseBotRequest>("shopping_list_id: 'l-1'");
const auto release_too = pb<ReleaseBotRequest>("shopping_list_id: 'l-2'");
const auto engaged = pb<BotEngaged>("bot_id: 'it' shopping_list_id: 'l-1'");
const auto engaged_too = pb<BotEngaged>("bot_id: 'it' shopping_list_id: 'l-2'");
const auto released = pb<BotReleased>("bot_id: 'it' shopping_list_id: 'l-1'");
const auto released_too = pb<BotReleased>("bot_id: 'it' shopping_list_id: 'l-2'");

std::string status_of(const verdict& v) {
  return static_cast<const bot::state&>(v.state()).status();
}
} // namespace

TEST_CASE("a bot has a name", "[depot]") {
  given<bot>().when(pb<AddBotRequest>("name: 'R2'")).then(added);
  given<bot>().when(pb<AddBotRequest>()).rejected(bot::no_name);
}

TEST_CASE("a bot goes online and offline, and being there already is no event", "[depot]") {
  given<bot>(added).when(pb<BringBotOnlineRequest>()).then(online);
  given<bot>(added, online).when(pb<BringBotOnlineRequest>()).then();
  given<bot>(added, online).when(pb<TakeBotOfflineRequest>()).then(offline);
  given<bot>(added).when(pb<TakeBotOfflineRequest>()).then();
  given<bot>().when(pb<TakeBotOfflineRequest>()).rejected(bot::unknown);
}

TEST_CASE("a bot that is given a list is active until the list is done with", "[depot]") {
  CHECK(status_of(given<bot>(added, online).when(engage).then(engaged)) == bot::active);
  CHECK(status_of(given<bot>(added, online, engaged).when(release).then(released)) == bot::idle);
  given<bot>(added, online, engaged).when(pb<TakeBotOfflineRequest>()).rejected(bot::is_active);
  given<bot>(added, online, engaged, released).when(pb<TakeBotOfflineRequest>()).then(offline);
}

TEST_CASE("a bot with two lists is active until both are done with", "[depot]") {
  given<bot> busy(added, online, engaged, engaged_too);
  CHECK(status_of(busy.when(release).then(released)) == bot::active);
  busy.when(pb<TakeBotOfflineRequest>()).rejected(bot::is_active);
  given<bot> less_busy(added, online, engaged, engaged_too, released);
  less_busy.when(pb<TakeBotOfflineRequest>()).rejected(bot::is_active);
  CHECK(status_of(less_busy.when(release_too).then(released_too)) == bot::idle);
}

TEST_CASE("to give a bot the same list again, or to take one that it has not, is no event",
          "[depot]") {
  given<bot>(added, online, engaged).when(engage).then();
  given<bot>(added, online, engaged).when(engage_too).then(engaged_too);
  given<bot>(added, online).when(release).then();
  given<bot>(added, online, engaged, released).when(release).then();
}

TEST_CASE("a bot off duty that is given a list is on duty from then on", "[depot]") {
  CHECK(status_of(given<bot>(added).when(engage).then(engaged)) == bot::active);
  CHECK(status_of(given<bot>(added, engaged).when(release).then(released)) == bot::idle);
}

TEST_CASE("who is no bot of the fleet is given nothing", "[depot]") {
  given<bot>().when(engage).rejected(bot::unknown);
  given<bot>().when(release).rejected(bot::unknown);
}
