#include "tools/busywork/business.hpp"

#include <algorithm>
#include <vector>

#include "tools/busywork/words.hpp"

// What happens in a mall besides shopping.
namespace reenact::tools::busywork {
namespace {

constexpr std::uint64_t cents_least = 500, cents_most = 1'199;
constexpr std::int64_t money_of_a_cent = 100;

boost::asio::awaitable<void> add_product(client& me, std::string store) {
  fact made{.what = thing::product, .name = product(me.chance())};
  const auto cents = me.chance().between(cents_least, cents_most);
  made.money = static_cast<std::int64_t>(cents) * money_of_a_cent;
  const auto looks = description(me.chance()), code = sku(me.chance());
  auto body =
      body_of("name", made.name, "description", looks, "sku", code, "price", amount(made.money));
  const auto answer = co_await me.ask(call::add_product, store, std::move(body));
  made.id = text(answer, "id");
  me.in().known.learn(std::move(made));
}

/// Those of a catalogue that only this run changes, and that nobody is changing right now.
std::vector<std::string> ours(client& me, const boost::json::array& catalog) {
  std::vector<std::string> ids;
  for (const auto& product : catalog)
    if (auto id = text(product, "id"); me.in().known.knows(thing::product, id))
      ids.push_back(std::move(id));
  return ids;
}

} // namespace

boost::asio::awaitable<void> go(client& me, work what) {
  switch (what) {
    case work::register_customer: co_await register_customer(me); break;
    case work::set_up_store: co_await set_up_store(me); break;
    case work::add_inventory: co_await add_inventory(me); break;
    case work::rebrand_store: co_await rebrand_store(me); break;
    case work::rebrand_product: co_await rebrand_product(me); break;
    case work::browse: co_await browse(me); break;
    case work::buy: co_await buy(me); break;
  }
}

boost::asio::awaitable<std::string> register_customer(client& me) {
  co_await me.pause();
  fact made{.what = thing::customer, .name = person(me.chance())};
  const auto number = phone(me.chance());
  auto body = body_of("name", made.name, "smsNumber", number);
  const auto answer = co_await me.ask(call::register_customer, "", std::move(body));
  made.id = text(answer, "id");
  auto id = made.id;
  me.in().known.learn(std::move(made));
  co_return id;
}

boost::asio::awaitable<void> set_up_store(client& me) {
  if (me.in().stores_made == me.in().how.stores) {
    co_await add_inventory(me);
    co_return;
  }
  ++me.in().stores_made;
  co_await me.pause();
  fact made{.what = thing::store, .name = company(me.chance())};
  const auto location = department(me.chance());
  auto body = body_of("name", made.name, "location", location);
  const auto answer = co_await me.ask(call::create_store, "", std::move(body));
  made.id = text(answer, "id");
  const auto id = made.id;
  me.in().known.learn(std::move(made));
  for (auto left = me.chance().between(2, 5); left > 0; --left) {
    co_await me.pause();
    co_await add_product(me, id);
  }
  co_await me.ask(call::get_store, id);
}

boost::asio::awaitable<void> add_inventory(client& me) {
  const auto listed = co_await stores(me);
  const auto store = choose_store(me, listed);
  if (!store) co_return;
  for (auto left = me.chance().between(1, 3); left > 0; --left) {
    co_await me.pause();
    co_await add_product(me, *store);
  }
}

/// Only a store of ours gets a new name, for else nobody could say what it must be called.
boost::asio::awaitable<void> rebrand_store(client& me) {
  co_await me.pause();
  co_await stores(me);
  const auto* ours = me.in().known.one_of(thing::store, me.chance());
  if (ours == nullptr) co_return; // somebody else is rebranding the only one
  auto store = *me.in().known.forget(thing::store, std::string(ours->id));
  co_await me.ask(call::get_store, store.id);
  store.name = company(me.chance());
  auto body = body_of("name", store.name);
  co_await me.ask(call::rebrand_store, store.id, std::move(body));
  me.in().known.learn(std::move(store));
}

boost::asio::awaitable<void> rebrand_product(client& me) {
  co_await me.pause();
  const auto listed = co_await stores(me);
  co_await me.pause();
  const auto store = choose_store(me, listed);
  if (!store) co_return;
  const auto answer = co_await me.ask(call::get_catalog, *store);
  const auto catalog = answer.at("products").as_array();
  const auto candidates = ours(me, catalog);
  if (candidates.empty()) co_return;
  auto product = *me.in().known.forget(thing::product, me.chance().one_of(candidates));
  co_await me.ask(call::get_product, product.id);
  product.name = busywork::product(me.chance());
  const auto looks = description(me.chance());
  auto body = body_of("name", product.name, "description", looks);
  co_await me.ask(call::rebrand_product, product.id, std::move(body));
  me.in().known.learn(std::move(product));
}

boost::asio::awaitable<boost::json::array> stores(client& me) {
  auto listed = co_await me.ask(call::get_stores);
  if (listed.at("stores").as_array().empty() && me.in().stores_made < me.in().how.stores) {
    co_await set_up_store(me); // or nobody in an empty mall would have anything to do
    listed = co_await me.ask(call::get_stores);
  }
  co_return listed.at("stores").as_array();
}

std::optional<std::string> choose_store(client& me, const boost::json::array& listed) {
  const auto* ours = me.in().known.one_of(thing::store, me.chance());
  if (ours != nullptr && (listed.empty() || me.chance().below(2) == 0)) return ours->id;
  if (listed.empty()) return {};
  return text(me.chance().one_of(listed), "id");
}

} // namespace reenact::tools::busywork
