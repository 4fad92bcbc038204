#include "actors/mallbots/depot/bot.hpp"

#include "tests/given.hpp"

using namespace mallbots::depot;
using reenact::tests::given;
using reenact::tests::pb;

namespace {
const auto added = pb<BotAdded>("bot_id: 'it' name: 'R2'");
const auto online = pb<BotWentOnline>("bot_id: 'it'");
const auto offline = pb<BotWentOffline>("bot_id: 'it'");
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
