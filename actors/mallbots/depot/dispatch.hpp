#pragma once

#include <algorithm>
#include <string>

#include <google/protobuf/util/time_util.h>

#include "actors/mallbots/depot/bot.hpp"
#include "actors/mallbots/depot/shopping_list.hpp"
#include "messages/mallbots/depot/dispatch.pb.h"

namespace mallbots::depot {

/// Hands the oldest available list to the bot that has been idle for longest: one for the whole
/// depot. Told that something has changed, it looks how things stand, so that a message more, or
/// one that is late, does no harm. A list is on its way to a bot from the match until the bot works
/// on it, or it went elsewhere. Never are there both lists and free bots.
struct dispatch {
  using state = Dispatch;
  using creates = types<>;
  using upserts = types<ReviewShoppingListRequest, ReviewBotRequest>;
  using commands = types<>;
  using queries = types<>;
  using events = types<ListOffered, BotOffered, BotWithdrawn, ListMatched, ListSettled>;

  static constexpr auto id = "depot"; ///< of the only one

  static constexpr auto unknown = not_found("depot.dispatch_unknown", "nothing was dispatched yet");
  static constexpr auto duplicate = invalid("depot.dispatch_duplicate", "it dispatches already");

  static void needs(const state&, const ReviewShoppingListRequest& c, const facts&, wants& w) {
    w.want<ShoppingList>(c.shopping_list_id());
  }
  static void needs(const state&, const ReviewBotRequest& c, const facts&, wants& w) {
    w.want<Bot>(c.bot_id());
  }

  static decision decide(const state& s, const ReviewShoppingListRequest& c, const facts& f) {
    const auto* list = f.get<ShoppingList>(c.shopping_list_id());
    const auto* taker = find(s.bots(), &Dispatch::Bot::shopping_list_id, c.shopping_list_id());
    const bool known = taker != nullptr ||
                       find(s.lists(), &Dispatch::List::shopping_list_id, c.shopping_list_id());
    if (list != nullptr && list->status() == shopping_list::available) {
      if (known) return accepted();
      decision offered = from<ListOffered>(s, *list);
      const auto free = std::ranges::find_if(s.bots(), is_free);
      if (free != s.bots().end())
        offered.and_then(match(s, list->shopping_list_id(), free->bot_id()));
      return offered;
    }
    // What the taker was assigned is on its way until the taker says so.
    if (!known || (taker != nullptr && is_with(list, *taker))) return accepted();
    decision settled = from<ListSettled>(s, c);
    if (taker != nullptr && taker->idle()) match_oldest(settled, s, taker->bot_id());
    return settled;
  }

  static decision decide(const state& s, const ReviewBotRequest& c, const facts& f) {
    const auto* seen = f.get<Bot>(c.bot_id());
    const bool idle = seen != nullptr && seen->status() == bot::idle;
    const auto* known = find(s.bots(), &Dispatch::Bot::bot_id, c.bot_id());
    const bool expects = known != nullptr && !known->shopping_list_id().empty();
    const bool arrived = expects && known->shopping_list_id() == c.shopping_list_id();
    decision changed = accepted();
    if (arrived) changed.and_then(from<ListSettled>(s, c));
    if (idle && (known == nullptr || !known->idle())) changed.and_then(from<BotOffered>(s, c));
    if (!idle && known != nullptr && known->idle()) changed.and_then(from<BotWithdrawn>(s, c));
    if (idle && (!expects || arrived)) match_oldest(changed, s, c.bot_id());
    return changed;
  }

  static void evolve(state& s, const ListOffered& e) {
    auto& lists = *s.mutable_lists();
    *lists.Add() = from<Dispatch::List>(e);
    for (int i = lists.size() - 1; i > 0 && older(lists[i], lists[i - 1]); --i)
      lists.SwapElements(i, i - 1);
  }
  static void evolve(state& s, const BotOffered& e) {
    if (auto* known = find(*s.mutable_bots(), &Dispatch::Bot::bot_id, e.bot_id()))
      return known->set_idle(true);
    auto& fresh = *s.add_bots();
    fresh.set_bot_id(e.bot_id());
    fresh.set_idle(true);
  }
  static void evolve(state& s, const BotWithdrawn& e) {
    find(*s.mutable_bots(), &Dispatch::Bot::bot_id, e.bot_id())->set_idle(false);
    forget(s);
  }
  static void evolve(state& s, const ListMatched& e) {
    drop(s, e.shopping_list_id());
    find(*s.mutable_bots(), &Dispatch::Bot::bot_id, e.bot_id())
        ->set_shopping_list_id(e.shopping_list_id());
  }
  static void evolve(state& s, const ListSettled& e) {
    drop(s, e.shopping_list_id());
    auto* taker = find(*s.mutable_bots(), &Dispatch::Bot::shopping_list_id, e.shopping_list_id());
    if (taker != nullptr) taker->clear_shopping_list_id();
    forget(s);
  }

private:
  /// Null: there is none.
  template <class Rows, class Field>
  static auto find(Rows&& rows, Field field, const std::string& is) -> decltype(&*rows.begin()) {
    const auto at = std::ranges::find(rows, is, field);
    return at == rows.end() ? nullptr : &*at;
  }

  static bool is_free(const Dispatch::Bot& b) { return b.idle() && b.shopping_list_id().empty(); }

  static bool is_with(const ShoppingList* list, const Dispatch::Bot& taker) {
    return list != nullptr && list->status() == shopping_list::assigned &&
           list->assigned_bot_id() == taker.bot_id();
  }

  /// Lists of before times were kept are the oldest.
  static bool older(const Dispatch::List& a, const Dispatch::List& b) {
    return a.initiated_at() < b.initiated_at();
  }

  static ListMatched match(const state& s, const std::string& list, const std::string& bot) {
    auto matched = from<ListMatched>(s);
    matched.set_shopping_list_id(list);
    matched.set_bot_id(bot);
    return matched;
  }
  static void match_oldest(decision& so_far, const state& s, const std::string& bot) {
    if (s.lists().empty()) return;
    so_far.and_then(match(s, s.lists(0).shopping_list_id(), bot));
  }

  static void drop(state& s, const std::string& list) {
    auto& lists = *s.mutable_lists();
    const auto at = std::ranges::find(lists, list, &Dispatch::List::shopping_list_id);
    if (at != lists.end()) lists.erase(at);
  }
  static void forget(state& s) {
    auto& bots = *s.mutable_bots();
    const auto useless = std::ranges::find_if(
        bots, [](const auto& b) { return !b.idle() && b.shopping_list_id().empty(); });
    if (useless != bots.end()) bots.erase(useless);
  }
};

} // namespace mallbots::depot
