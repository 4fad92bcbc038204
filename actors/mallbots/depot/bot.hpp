#pragma once

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/depot/api.pb.h"
#include "messages/mallbots/depot/bot.pb.h"

namespace mallbots::depot {

using namespace depotpb;

/// A bot of the depot: off duty, waiting for a shopping list, or working on one.
struct bot {
  using state = Bot;
  using creates = types<AddBotRequest>;
  using commands = types<BringBotOnlineRequest, TakeBotOfflineRequest>;
  using queries = types<>;
  using events = types<BotAdded, BotWentOnline, BotWentOffline>;

  static constexpr auto offline = "offline", idle = "idle", active = "active";

  static constexpr auto unknown = not_found("depot.bot_unknown", "bot not found");
  static constexpr auto duplicate = invalid("depot.bot_duplicate", "the bot exists already");
  static constexpr auto no_name = invalid("depot.bot_no_name", "the bot name cannot be blank");
  static constexpr auto is_active = invalid("depot.bot_active", "the bot is active");

  static decision decide(const state& s, const AddBotRequest& c) {
    if (c.name().empty()) return no_name;
    return from<BotAdded>(s, c);
  }
  static decision decide(const state& s, const BringBotOnlineRequest&) {
    if (s.status() != offline) return accepted();
    return from<BotWentOnline>(s);
  }
  static decision decide(const state& s, const TakeBotOfflineRequest&) {
    if (s.status() == active) return is_active;
    if (s.status() == offline) return accepted();
    return from<BotWentOffline>(s);
  }

  static void evolve(state& s, const BotAdded& e) {
    assign(s, e);
    s.set_status(offline);
  }
  static void evolve(state& s, const BotWentOnline&) { s.set_status(idle); }
  static void evolve(state& s, const BotWentOffline&) { s.set_status(offline); }
};

} // namespace mallbots::depot
