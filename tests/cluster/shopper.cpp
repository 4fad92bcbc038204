#include "tests/cluster/shopper.hpp"

#include <exception>
#include <functional>
#include <utility>

namespace reenact::tests {
namespace {

constexpr std::size_t repeatable_max = 16;
constexpr int looks_max = 40; // at an order

ending ending_of(int status) {
  if (status == 200) return ending::accepted;
  if (status == 503 || status == 429) return ending::not_executed;
  if (status >= 400 && status < 500 && status != 408) return ending::refused;
  return ending::maybe;
}

std::uint64_t version_of(const http_client::response& answer) {
  const auto tag = answer.headers.find("etag");
  return tag == answer.headers.end() ? 0 : std::stoull(tag->second.substr(1));
}

/// The ids in the one array of a list's answer.
std::vector<std::string> ids_in(const http_client::response& answer) {
  std::vector<std::string> ids;
  const auto body = answer.json();
  for (const auto& [name, value] : body.as_object()) {
    if (!value.is_array()) continue;
    for (const auto& one : value.as_array()) {
      const auto& id = one.at("id").as_string();
      ids.emplace_back(id.begin(), id.end());
    }
  }
  return ids;
}

void describe(const http_client::response& answer, operation& did) {
  did.how = ending_of(answer.status);
  did.version = version_of(answer);
  did.answer = std::hash<std::string>()(std::to_string(answer.status) + answer.body);
  if (did.what == work::list && did.how == ending::accepted) did.seen = ids_in(answer);
}

bool is_definite(const operation& did) {
  return did.how == ending::accepted || did.how == ending::refused;
}

} // namespace

shopper::shopper(meeting_place& at, std::size_t number)
  : at_(at),
    number_(number),
    chance_(at.how.seed * 1'000 + number),
    gateway_(number) {}

void shopper::shop() {
  while (goes_on()) do_something();
}

void shopper::do_something() {
  if (below(12) == 0) leave();
  const auto what = below(100);
  if (what < 12) return repeat_something();
  if (what < 26) return create_something();
  if (what < 60) return change_something();
  if (what < 93) return look_around();
  buy();
}

void shopper::create_something() {
  const auto store = at_.shop.one_to_change("stores.Store", below(1'000));
  const auto what = below(4);
  if (what == 0 && at_.shop.may_create("customers.Customer"))
    carry_out(shop::register_customer(word()));
  else if (store && what != 1 && at_.shop.may_create("stores.Product"))
    carry_out(shop::add_product(store->id, 5 + below(20)));
  else if (at_.shop.may_create("stores.Store"))
    carry_out(shop::create_store(word()));
}

void shopper::change_something() {
  const char* types[] = {"stores.Store", "stores.Product", "customers.Customer"};
  const auto one = at_.shop.one_to_change(types[below(3)], below(1'000));
  if (!one) return;
  const auto& id = one->id;
  const auto what = below(10);
  if (one->type == "customers.Customer")
    carry_out(shop::change_sms(id, word()));
  else if (one->type == "stores.Store" && what < 6)
    carry_out(shop::rebrand_store(id, word()));
  else if (one->type == "stores.Store")
    carry_out(what < 8 ? shop::enable_participation(id) : shop::disable_participation(id));
  else if (what == 0)
    carry_out(shop::remove_product(id));
  else
    carry_out(what < 6 ? shop::increase_price(id, 5 + below(20))
                       : shop::decrease_price(id, 5 + below(20)));
}

void shopper::look_around() {
  const auto what = below(10);
  const auto store = at_.shop.one_to_change("stores.Store", below(1'000));
  if (what == 0)
    carry_out(shop::list_stores());
  else if (what == 1)
    carry_out(shop::list_customers());
  else if (what < 4 && store)
    carry_out(shop::list_products(store->id));
  else if (const auto one = at_.shop.one_to_read(below(1'000'000)))
    carry_out(shop::read(one->type, one->id));
}

void shopper::buy() {
  const auto customer = at_.shop.one_to_change("customers.Customer", below(1'000));
  if (!customer) return;
  const auto basket = carry_out(shop::start_basket(customer->id));
  if (basket.how != ending::accepted || !fill(basket.entity)) return;
  // One of eight has not the money, and the order is rejected.
  const std::uint64_t amount = below(8) == 0 ? 1 : 50'000;
  const auto payment = carry_out(shop::authorize_payment(customer->id, amount));
  if (payment.how != ending::accepted) return;
  if (carry_out(shop::checkout(basket.entity, payment.entity)).how == ending::accepted)
    follow(basket.entity);
}

bool shopper::fill(const std::string& basket) {
  bool filled = false;
  for (auto left = 1 + below(3); left > 0; --left)
    if (const auto product = at_.shop.one_to_change("stores.Product", below(1'000)))
      filled |= carry_out(shop::add_item(basket, product->id, below(4))).how == ending::accepted;
  return filled;
}

/// An order has its basket's id; it comes, and is approved, a little later.
void shopper::follow(const std::string& order) {
  const bool changes_mind = below(6) == 0;
  for (int looks = 0; looks < looks_max && goes_on(); ++looks) {
    const auto look = carry_out(shop::read("ordering.Order", order));
    if (look.how == ending::accepted && changes_mind) {
      carry_out(shop::cancel_order(order));
      return;
    }
    if (look.how == ending::accepted && look.version > 1) return at_.bought();
    at_.pause();
  }
}

operation shopper::carry_out(const shop_request& what) {
  sent asked{.what = what, .key = {}, .if_match = {}};
  if (!what.rpc.empty())
    asked.key = std::to_string(at_.how.seed) + "-" + std::to_string(number_) + "-" +
                std::to_string(++keys_);
  if (what.what == work::create) asked.what.entity = created_id(what, asked.key);
  if (what.what == work::create) at_.shop.learn(what.type, asked.what.entity);
  if (what.what == work::change && below(4) == 0)
    if (const auto known = at_.shop.find(what.entity); known && known->version > 0)
      asked.if_match = '"' + std::to_string(known->version) + '"';
  if (what.what == work::remove) at_.shop.forget(what.type, what.entity);
  auto did = see_through(asked);
  // What was refused by If-Match, or by what does not exist, is not remembered by the shop.
  const bool remembered = did.how == ending::accepted ||
                          (did.how == ending::refused && did.version > 0 && asked.if_match.empty());
  if (!asked.key.empty() && remembered) {
    definite_.push_back(std::move(asked));
    if (definite_.size() > repeatable_max) definite_.pop_front();
  }
  return did;
}

void shopper::repeat_something() {
  if (!definite_.empty()) see_through(definite_[below(definite_.size())]);
}

operation shopper::see_through(const sent& what) {
  operation did;
  did.how = ending::not_executed;
  while (goes_on()) {
    const auto tried = attempt(what);
    if (!tried) {
      at_.pause();
      continue;
    }
    did = *tried;
    at_.seen.add(number_, did);
    at_.answered(did);
    if (is_definite(did)) {
      learn(did);
      break;
    }
    at_.pause();
  }
  return did;
}

std::optional<operation> shopper::attempt(const sent& what) {
  if (!connection_ && !connect()) return {};
  http_client::headers with;
  if (!what.key.empty()) with["Idempotency-Key"] = what.key;
  if (!what.if_match.empty()) with["If-Match"] = what.if_match;
  operation did;
  did.what = what.what.what;
  did.type = what.what.type;
  did.entity = what.what.entity;
  did.within = what.what.within;
  if (!what.key.empty()) did.command = command_id(what.what, what.key);
  did.begun_ns = now_ns();
  try {
    describe(connection_->send(what.what.verb, what.what.path, what.what.body, with), did);
  } catch (const std::exception&) { // the connection is broken, and nobody knows what happened
    did.how = ending::maybe;
  }
  did.ended_ns = now_ns();
  if (!is_definite(did)) leave();
  return did;
}

void shopper::leave() {
  connection_.reset();
  ++gateway_;
}

bool shopper::connect() {
  try {
    connection_.emplace(at_.gateway(gateway_), at_.how.patience);
    return true;
  } catch (const std::exception&) { // nobody listens there
    leave();
    return false;
  }
}

void shopper::learn(const operation& did) {
  if (did.how == ending::accepted && !did.entity.empty())
    at_.shop.see(did.type, did.entity, did.version);
}

} // namespace reenact::tests
