#include <algorithm>
#include <optional>
#include <utility>

#include "tools/busywork/business.hpp"

// What customers do in a mall, and what staff does for them until they have what they bought.
namespace reenact::tools::busywork {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr std::uint64_t shops_max = 3, quantity_max = 4, bots = 100;
constexpr std::int64_t payment_money_max = 100'000 * 10'000LL; // from there on it is out of range
constexpr std::chrono::milliseconds deadline = 10s, deadline_over_restarts = 60s;
constexpr std::chrono::milliseconds look_again_first = 2ms, look_again_last = 64ms;

/// A basket on its way through the mall.
struct shopping {
  std::string customer, basket;
  std::int64_t total = 0;
};

/// Puts something of one shop into the basket; nothing when the shop has nothing.
boost::asio::awaitable<void> visit(client& me, std::string store, shopping& with) {
  co_await me.ask(call::get_store, store);
  co_await me.pause();
  const auto answer = co_await me.ask(call::get_catalog, store);
  const auto catalog = answer.at("products").as_array();
  if (catalog.empty()) co_return;
  auto id = text(me.chance().one_of(catalog), "id");
  const auto shown = co_await me.ask(call::get_product, id);
  const auto quantity = static_cast<std::int64_t>(me.chance().between(1, quantity_max));
  co_await me.pause();
  auto body = body_of("productId", id, "quantity", quantity);
  co_await me.ask(call::add_item, with.basket, std::move(body));
  with.total += money(shown.at("product").at("price")) * quantity;
}

boost::asio::awaitable<shopping> fill_basket(client& me) {
  shopping with;
  with.customer = co_await register_customer(me);
  co_await me.pause();
  auto body = body_of("customerId", with.customer);
  const auto started = co_await me.ask(call::start_basket, "", std::move(body));
  with.basket = text(started, "id");
  const auto listed = co_await stores(me);
  for (auto left = me.chance().between(1, shops_max); left > 0; --left) {
    auto store = choose_store(me, listed);
    if (store) co_await visit(me, *std::move(store), with);
  }
  co_return with;
}

boost::asio::awaitable<void> leave(client& me, const shopping& with) {
  co_await me.ask(call::cancel_basket, with.basket);
  me.in().known.learn({.what = thing::basket, .id = with.basket});
}

/// Looks again and again, less and less often, but not for longer than the deadline.
class patience {
public:
  explicit patience(client& me)
    : me_(me),
      end_(clock::now() + (me.in().how.restarts_expected ? deadline_over_restarts : deadline)) {}

  boost::asio::awaitable<void> look_again(std::string what) {
    if (clock::now() >= end_) throw trouble("deadline", what + " when time was up");
    const auto time = pause_;
    pause_ = std::min(pause_ * 2, look_again_last);
    return me_.wait(time);
  }

private:
  client& me_;
  const clock::time_point end_;
  std::chrono::milliseconds pause_ = look_again_first;
};

/// What is not there yet is none: the shop's modules hear of each other's doings a little later.
boost::asio::awaitable<std::optional<boost::json::value>> look(client& me, call what,
                                                               std::string id) {
  try {
    co_return co_await me.ask(what, std::move(id));
  } catch (const trouble& why) {
    if (why.kind != "404") throw;
  }
  co_return std::nullopt;
}

boost::asio::awaitable<boost::json::value> await_order(client& me, std::string id,
                                                       std::string wanted) {
  patience left(me);
  for (;;) {
    const auto found = co_await look(me, call::get_order, id);
    const auto status = found ? text(found->at("order"), "status") : "not there";
    if (status == wanted) co_return found->at("order");
    if (status == "rejected" || status == "cancelled")
      throw trouble("order", "an order that should become " + wanted + " is " + status);
    co_await left.look_again("an order that should become " + wanted + " is " + status);
  }
}

/// Finds the list of an order for a bot, who fetches everything.
boost::asio::awaitable<void> fetch(client& me, std::string order) {
  const auto found = co_await me.ask(call::find_list, order);
  const auto& lists = found.at("shoppingLists").as_array();
  if (lists.size() != 1)
    throw trouble("answer", std::to_string(lists.size()) + " shopping lists of an approved order");
  const auto list = text(lists[0], "id");
  auto bot = body_of("botId", "bot-" + std::to_string(me.chance().below(bots)));
  co_await me.ask(call::assign_list, list, std::move(bot));
  co_await me.pause();
  co_await me.ask(call::complete_list, list, "{}");
}

boost::asio::awaitable<void> pay(client& me, const shopping& with) {
  patience left(me);
  std::optional<boost::json::value> invoice;
  for (;;) {
    invoice = co_await look(me, call::get_invoice, with.basket);
    if (invoice) break;
    co_await left.look_again("an order that is ready has no invoice");
  }
  if (money(invoice->at("invoice").at("amount")) != with.total)
    throw trouble("answer", "an invoice is not of what was in the basket");
  co_await me.ask(call::pay_invoice, with.basket, "{}");
}

/// An order has its basket's id.
boost::asio::awaitable<void> check_out(client& me, const shopping& with) {
  co_await me.pause();
  auto authorization = body_of("customerId", with.customer, "amount", amount(with.total));
  const auto payment = co_await me.ask(call::authorize_payment, "", std::move(authorization));
  auto body = body_of("paymentId", text(payment, "id"));
  co_await me.ask(call::checkout, with.basket, std::move(body));
  const auto begun = clock::now();
  co_await await_order(me, with.basket, "approved");
  me.in().seen.approvals.add(
      std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun));
}

} // namespace

boost::asio::awaitable<void> browse(client& me) {
  const auto with = co_await fill_basket(me);
  co_await leave(me, with);
}

boost::asio::awaitable<void> buy(client& me) {
  const auto with = co_await fill_basket(me);
  if (with.total == 0 || with.total >= payment_money_max) {
    co_await leave(me, with); // nothing was found, or nothing that may be paid at once
    co_return;
  }
  co_await check_out(me, with);
  co_await fetch(me, with.basket);
  co_await await_order(me, with.basket, "ready");
  co_await pay(me, with);
  const auto order = co_await await_order(me, with.basket, "completed");
  if (money(order.at("total")) != with.total)
    throw trouble("answer", "an order's total is not that of its basket");
  me.in().known.learn({.what = thing::order, .id = with.basket, .money = with.total});
  ++me.in().seen.flows;
}

} // namespace reenact::tools::busywork
