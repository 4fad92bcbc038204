#pragma once

#include <algorithm>
#include <string>

#include "actors/mallbots/language.hpp"
#include "messages/mallbots/depot/api.pb.h"
#include "messages/mallbots/depot/bot.pb.h"

namespace mallbots::depot {

using namespace depotpb;

/// A bot of the depot: off duty, waiting for a shopping list, or working on some. Who is given a
/// list while off duty is on duty from then on.
struct bot {
  using state = Bot;
  using creates = types<AddBotRequest>;
  using commands =
      types<BringBotOnlineRequest, TakeBotOfflineRequest, EngageBotRequest, ReleaseBotRequest>;
  using queries = types<>;
  using events = types<BotAdded, BotWentOnline, BotWentOffline, BotEngaged, BotReleased>;

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
  static decision decide(const state& s, const EngageBotRequest& c) {
    if (works_on(s, c.shopping_list_id())) return accepted();
    return from<BotEngaged>(s, c);
  }
  static decision decide(const state& s, const ReleaseBotRequest& c) {
    if (!works_on(s, c.shopping_list_id())) return accepted();
    return from<BotReleased>(s, c);
  }

  static void evolve(state& s, const BotAdded& e) {
    assign(s, e);
    s.set_status(offline);
  }
  static void evolve(state& s, const BotWentOnline&) { s.set_status(idle); }
  static void evolve(state& s, const BotWentOffline&) { s.set_status(offline); }
  static void evolve(state& s, const BotEngaged& e) {
    s.add_shopping_list_ids(e.shopping_list_id());
    s.set_status(active);
  }
  static void evolve(state& s, const BotReleased& e) {
    auto& lists = *s.mutable_shopping_list_ids();
    lists.erase(std::ranges::find(lists, e.shopping_list_id()));
    if (lists.empty()) s.set_status(idle);
  }

private:
  static bool works_on(const state& s, const std::string& list) {
    return std::ranges::count(s.shopping_list_ids(), list) > 0;
  }
};

} // namespace mallbots::depot
