#include "actors/mallbots/create_order/create_order.hpp"

#include <iostream>

#include "actors/mallbots/modules.hpp"
#include "messages/mallbots/stores/api.pb.h"
#include "tests/given.hpp"
#include "tests/saga.hpp"

using namespace reenact::tests;
using mallbots::create_order::Purchase;
using reenact::model::step;

namespace {

const auto cancel = pb<orderingpb::CancelOrderRequest>();

/// Tables that are the shop's, but for one line: sagas of a careless author.
template <int Fault>
struct careless : mallbots::create_order::create_order {
  static constexpr auto name = Fault == 1 ? "careless.MissingUndo" : "careless.RefusingUndo";
  static std::vector<step<Purchase>> steps() {
    auto all = create_order::steps();
    if (Fault == 1) all[3].undo = nullptr;        // the payment is not released
    if (Fault == 2) all[2].undo = cancel_by_hand; // refused once the list has ended
    return all;
  }
  static reenact::model::errand cancel_by_hand(const Purchase& p) {
    depotpb::CancelShoppingListRequest c;
    c.set_id(p.shopping_id());
    return reenact::model::send(std::move(c));
  }
};

saga_world before_checkout(const reenact::model::registry& types) {
  return saga_world(types)
      .with("s-1", pb<storespb::CreateStoreRequest>("name: 'Waldorf' location: 'here'"))
      .with("p-1", pb<storespb::AddProductRequest>("store_id: 's-1' name: 'Hat' price: 9.99"))
      .with("c-1", pb<customerspb::RegisterCustomerRequest>("name: 'Ada' sms_number: '5'"))
      .with("pay-1", pb<paymentspb::AuthorizePaymentRequest>("customer_id: 'c-1' amount: 50"));
}

/// All runs of a saga for an order that was just placed.
template <class Table>
saga_explorer explore(const reenact::model::registry& types, std::vector<outside_event> outside) {
  auto world = before_checkout(types);
  world.with("o-1", pb<orderingpb::CreateOrderRequest>(R"(customer_id: 'c-1' payment_id: 'pay-1'
      items { store_id: 's-1' product_id: 'p-1' price: 9.99 quantity: 2 })"));
  const auto& saga = *types.named(Table::name);
  auto created = pb<mallbots::ordering::OrderCreated>(R"(order_id: 'o-1' customer_id: 'c-1'
      payment_id: 'pay-1' total: 199800
      items { store_id: 's-1' product_id: 'p-1' price: 99900 quantity: 2 })");
  ::model::BeginSaga c;
  c.set_saga_id("o-1");
  c.set_data(Table::begin(created).SerializeAsString());
  world.ask(saga, "o-1", c, "begin");
  return saga_explorer(saga, "o-1", std::move(world), std::move(outside));
}

bool cancel_order(saga_world& w) {
  const auto& orders = *w.types().named("ordering.Order");
  return !w.ask(orders, "o-1", cancel, "by the customer").refused;
}
/// The depot's staff does with the list whatever it may.
bool cancel_list(saga_world& w) {
  const auto& lists = *w.types().named("depot.ShoppingList");
  w.ask(lists, "shopping list of o-1", depotpb::CancelShoppingListRequest(), "by the staff");
  return false;
}
bool complete_list(saga_world& w) {
  const auto& lists = *w.types().named("depot.ShoppingList");
  const auto id = "shopping list of o-1";
  w.ask(lists, id, depotpb::AssignShoppingListRequest(), "assigned by the staff");
  w.ask(lists, id, depotpb::CompleteShoppingListRequest(), "completed by the staff");
  return false;
}

template <class Table>
reenact::model::registry shop_with() {
  reenact::model::registry all;
  mallbots::install(all);
  if constexpr (!std::is_same_v<Table, mallbots::create_order::create_order>) all.saga<Table>();
  return all;
}

} // namespace

TEST_CASE("every run of the create-order saga ends completed or fully compensated",
          "[create_order]") {
  using saga = mallbots::create_order::create_order;
  const auto types = shop_with<saga>();
  const auto all = explore<saga>(types, {cancel_order, cancel_list, complete_list});
  CAPTURE(all.wrong());
  CHECK(all.wrong().empty());
  CHECK(all.ends() == std::set<std::string>{"compensated", "completed"});
  CHECK(all.runs() > 1'000'000);
  std::cout << "create_order: " << static_cast<std::uint64_t>(all.runs()) << " runs through "
            << all.states() << " states\n";
}

TEST_CASE("a table without an undo that it needs is found out", "[create_order]") {
  const auto types = shop_with<careless<1>>();
  const auto all = explore<careless<1>>(types, {});
  CHECK(all.wrong() == std::set<std::string>{"payments.Payment/pay-1 is not undone"});
}

TEST_CASE("a table whose undo may be refused is found out", "[create_order]") {
  const auto types = shop_with<careless<2>>();
  const auto all = explore<careless<2>>(types, {cancel_list});
  CAPTURE(all.wrong());
  CHECK(all.wrong().count("it ends stuck at shopping list undone: the shopping list cannot be "
                          "canceled") == 1);
}
