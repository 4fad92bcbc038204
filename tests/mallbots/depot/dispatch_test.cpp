#include "actors/mallbots/depot/dispatch.hpp"

#include "tests/given.hpp"

using namespace mallbots::depot;
using reenact::tests::given;
using reenact::tests::pb;

namespace {

/// Something of `list` or `bot` may have changed.
ReviewShoppingListRequest review_list(const std::string& list) {
  return pb<ReviewShoppingListRequest>("shopping_list_id: '" + list + "'");
}
ReviewBotRequest review_bot(const std::string& bot, const std::string& list = {}) {
  return pb<ReviewBotRequest>("bot_id: '" + bot + "' shopping_list_id: '" + list + "'");
}

/// How they stand then.
shopping_list::state list_is(const std::string& id, const std::string& status,
                             const std::string& bot = {}, int since = 1) {
  auto list = pb<shopping_list::state>("shopping_list_id: '" + id + "' status: '" + status +
                                       "' assigned_bot_id: '" + bot + "'");
  list.mutable_initiated_at()->set_seconds(since);
  return list;
}
bot::state bot_is(const std::string& id, const std::string& status) {
  return pb<bot::state>("bot_id: '" + id + "' status: '" + status + "'");
}

ListOffered list_offered(const std::string& id, int since = 1) {
  auto e = pb<ListOffered>("dispatch_id: 'it' shopping_list_id: '" + id + "'");
  e.mutable_initiated_at()->set_seconds(since);
  return e;
}
BotOffered bot_offered(const std::string& id) {
  return pb<BotOffered>("dispatch_id: 'it' bot_id: '" + id + "'");
}
BotWithdrawn bot_withdrawn(const std::string& id) {
  return pb<BotWithdrawn>("dispatch_id: 'it' bot_id: '" + id + "'");
}
ListMatched matched(const std::string& list, const std::string& bot) {
  return pb<ListMatched>("dispatch_id: 'it' shopping_list_id: '" + list + "' bot_id: '" + bot +
                         "'");
}
ListSettled settled(const std::string& list) {
  return pb<ListSettled>("dispatch_id: 'it' shopping_list_id: '" + list + "'");
}

const auto available = shopping_list::available, assigned = shopping_list::assigned,
           completed = shopping_list::completed, canceled = shopping_list::canceled,
           pending = shopping_list::pending;

bool is_empty(const reenact::tests::verdict& v) {
  const auto& s = static_cast<const Dispatch&>(v.state());
  return s.lists().empty() && s.bots().empty();
}

} // namespace

TEST_CASE("a list waits for a bot, and a bot for a list", "[depot]") {
  given<dispatch>()
      .knowing(list_is("l-1", available))
      .when(review_list("l-1"))
      .then(list_offered("l-1"));
  given<dispatch>()
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1"))
      .then(bot_offered("b-1"));
  given<dispatch>(bot_offered("b-1"))
      .knowing(list_is("l-1", available))
      .when(review_list("l-1"))
      .then(list_offered("l-1"), matched("l-1", "b-1"));
  given<dispatch>(list_offered("l-1"))
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1"))
      .then(bot_offered("b-1"), matched("l-1", "b-1"));
}

TEST_CASE("the list that became available first is the first to go", "[depot]") {
  given<dispatch>(list_offered("l-3", 3), list_offered("l-1", 1), list_offered("l-2", 2))
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1"))
      .then(bot_offered("b-1"), matched("l-1", "b-1"));
  given<dispatch>(list_offered("l-a"), list_offered("l-b")) // at once: as they came
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1"))
      .then(bot_offered("b-1"), matched("l-a", "b-1"));
}

TEST_CASE("a list from before times were kept goes before all others", "[depot]") {
  auto old = list_is("l-0", available);
  old.clear_initiated_at();
  auto offered = list_offered("l-0");
  offered.clear_initiated_at();
  given<dispatch>(list_offered("l-1"), offered)
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1"))
      .then(bot_offered("b-1"), matched("l-0", "b-1"));
}

TEST_CASE("the bot that is idle for longest is the first to be given a list", "[depot]") {
  given<dispatch>(bot_offered("b-2"), bot_offered("b-1"))
      .knowing(list_is("l-1", available))
      .when(review_list("l-1"))
      .then(list_offered("l-1"), matched("l-1", "b-2"));
}

TEST_CASE("what is no news to the dispatcher is no event", "[depot]") {
  given<dispatch>(list_offered("l-1"))
      .knowing(list_is("l-1", available))
      .when(review_list("l-1"))
      .then();
  given<dispatch>(bot_offered("b-1"))
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1"))
      .then();
  given<dispatch> handing(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"));
  handing.knowing(list_is("l-1", available)).when(review_list("l-1")).then();
  handing.knowing(bot_is("b-1", bot::idle)).when(review_bot("b-1")).then();
}

TEST_CASE("lists that ended and bots off duty are none of the dispatcher's business", "[depot]") {
  for (const auto* status : {pending, assigned, completed, canceled})
    given<dispatch>().knowing(list_is("l-1", status)).when(review_list("l-1")).then();
  for (const auto* status : {bot::offline, bot::active})
    given<dispatch>().knowing(bot_is("b-1", status)).when(review_bot("b-1")).then();
}

TEST_CASE("a list that is assigned by hand or canceled while it waits leaves", "[depot]") {
  const auto now = GENERATE(list_is("l-1", assigned, "by hand"), list_is("l-1", canceled),
                            list_is("l-1", completed, "by hand"));
  CHECK(is_empty(given<dispatch>(list_offered("l-1"))
                     .knowing(now)
                     .when(review_list("l-1"))
                     .then(settled("l-1"))));
}

TEST_CASE("a bot that goes off duty, or is given a list by hand, while it waits leaves",
          "[depot]") {
  const auto* now = GENERATE(as<const char*>(), bot::offline, bot::active);
  CHECK(is_empty(given<dispatch>(bot_offered("b-1"))
                     .knowing(bot_is("b-1", now))
                     .when(review_bot("b-1"))
                     .then(bot_withdrawn("b-1"))));
}

TEST_CASE("a list is on its way until the bot works on it, and nothing of both stays then",
          "[depot]") {
  given<dispatch> handing(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"));
  handing.knowing(list_is("l-1", assigned, "b-1")).when(review_list("l-1")).then();
  CHECK(is_empty(handing.knowing(bot_is("b-1", bot::active))
                     .when(review_bot("b-1", "l-1"))
                     .then(settled("l-1"), bot_withdrawn("b-1"))));
}

TEST_CASE("a bot whose list went elsewhere is given the next one", "[depot]") {
  const auto now = GENERATE(list_is("l-1", assigned, "by hand"), list_is("l-1", canceled));
  given<dispatch>(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"),
                  list_offered("l-2"))
      .knowing(now)
      .when(review_list("l-1"))
      .then(settled("l-1"), matched("l-2", "b-1"));
  given<dispatch>(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"))
      .knowing(now)
      .when(review_list("l-1"))
      .then(settled("l-1"));
}

TEST_CASE("a bot that went away while a list was on its way is given no other", "[depot]") {
  given<dispatch> away(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"),
                       bot_withdrawn("b-1"), list_offered("l-2"));
  CHECK_FALSE(is_empty(
      away.knowing(list_is("l-1", canceled)).when(review_list("l-1")).then(settled("l-1"))));
  away.knowing(bot_is("b-1", bot::idle)).when(review_bot("b-1")).then(bot_offered("b-1"));
  CHECK(is_empty(given<dispatch>(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"),
                                 bot_withdrawn("b-1"))
                     .knowing(list_is("l-1", canceled))
                     .when(review_list("l-1"))
                     .then(settled("l-1"))));
}

TEST_CASE("a list by hand does not end what is on its way to the bot", "[depot]") {
  const given<dispatch> handing(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"),
                                list_offered("l-2"));
  given(handing).knowing(bot_is("b-1", bot::idle)).when(review_bot("b-1", "by hand")).then();
  given(handing)
      .knowing(bot_is("b-1", bot::active))
      .when(review_bot("b-1", "by hand"))
      .then(bot_withdrawn("b-1"));
}

TEST_CASE("a bot that is done with its list is given the oldest of those that wait", "[depot]") {
  given<dispatch>(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"), settled("l-1"),
                  bot_withdrawn("b-1"), list_offered("l-3", 3), list_offered("l-2", 2))
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1", "l-1"))
      .then(bot_offered("b-1"), matched("l-2", "b-1"));
}

TEST_CASE("a bot that is done before it was seen at work is given the next list", "[depot]") {
  given<dispatch>(bot_offered("b-1"), list_offered("l-1"), matched("l-1", "b-1"),
                  list_offered("l-2"))
      .knowing(bot_is("b-1", bot::idle))
      .when(review_bot("b-1", "l-1"))
      .then(settled("l-1"), matched("l-2", "b-1"));
}
