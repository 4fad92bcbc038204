#include "actors/mallbots/depot/shopping_list.hpp"

#include "tests/given.hpp"

using namespace mallbots::depot;
using reenact::tests::given;
using reenact::tests::pb;

namespace {

const auto waldorf = pb<mallbots::stores::Store>("store_id: 's-1' name: 'Waldorf' location: '1'");
const auto statler = pb<mallbots::stores::Store>("store_id: 's-2' name: 'Statler' location: '2'");
const auto hat = pb<mallbots::stores::Product>("product_id: 'p-1' store_id: 's-1' name: 'Hat'");
const auto cup = pb<mallbots::stores::Product>("product_id: 'p-2' store_id: 's-2' name: 'Cup'");

const auto wanted = pb<CreateShoppingListRequest>(R"(order_id: 'o-1'
    items { store_id: 's-1' product_id: 'p-1' quantity: 2 }
    items { store_id: 's-2' product_id: 'p-2' quantity: 1 }
    items { store_id: 's-1' product_id: 'p-1' quantity: 3 })");
const auto created = pb<ShoppingListCreated>(R"(shopping_list_id: 'it' order_id: 'o-1'
    stops { store_id: 's-1' store_name: 'Waldorf' store_location: '1'
            items { product_id: 'p-1' product_name: 'Hat' quantity: 5 } }
    stops { store_id: 's-2' store_name: 'Statler' store_location: '2'
            items { product_id: 'p-2' product_name: 'Cup' quantity: 1 } })");
const auto initiated = pb<ShoppingListInitiated>(
    "shopping_list_id: 'it' order_id: 'o-1' initiated_at { seconds: 1669291200 }");
const auto assigned = pb<ShoppingListAssigned>("shopping_list_id: 'it' assigned_bot_id: 'b-1'");
const auto completed =
    pb<ShoppingListCompleted>("shopping_list_id: 'it' order_id: 'o-1' assigned_bot_id: 'b-1'");
const auto canceled = pb<ShoppingListCanceled>("shopping_list_id: 'it' order_id: 'o-1'");

given<shopping_list> new_list() {
  given<shopping_list> g;
  g.knowing(waldorf).knowing(statler).knowing(hat).knowing(cup);
  return g;
}

} // namespace

TEST_CASE("a list has a stop for each store, and a line for each product", "[depot]") {
  new_list().when(wanted).then(created);
}

TEST_CASE("a list may be empty, and of no order", "[depot]") {
  given<shopping_list>()
      .when(pb<CreateShoppingListRequest>())
      .then(pb<ShoppingListCreated>("shopping_list_id: 'it'"));
}

TEST_CASE("a list of what nobody sells is refused, the store first", "[depot]") {
  given<shopping_list>().when(wanted).rejected(shopping_list::no_store);
  given<shopping_list>().knowing(waldorf).when(wanted).rejected(shopping_list::no_product);
  given<shopping_list>().knowing(waldorf).knowing(hat).when(wanted).rejected(
      shopping_list::no_store);
}

TEST_CASE("a list's quantities are not negative and do not overflow", "[depot]") {
  auto c = wanted;
  c.mutable_items(1)->set_quantity(-1);
  new_list().when(c).rejected(shopping_list::quantity_out_of_range);
  c = wanted;
  c.mutable_items(2)->set_quantity(INT32_MAX);
  new_list().when(c).rejected(shopping_list::quantity_out_of_range);
}

TEST_CASE("a list becomes available when it is initiated, once", "[depot]") {
  const auto initiate = pb<InitiateShoppingRequest>();
  given<shopping_list>(created).at(1'669'291'200'000'000).when(initiate).then(initiated);
  given<shopping_list>(created, initiated).when(initiate).rejected(shopping_list::not_initiable);
  given<shopping_list>(created, canceled).when(initiate).rejected(shopping_list::not_initiable);
}

TEST_CASE("an available list is assigned to any bot", "[depot]") {
  const auto assign = pb<AssignShoppingListRequest>("bot_id: 'b-1'");
  given<shopping_list>(created, initiated).when(assign).then(assigned);
  given<shopping_list>(created).when(assign).rejected(shopping_list::not_assignable);
  given<shopping_list>(created, initiated, assigned)
      .when(assign)
      .rejected(shopping_list::not_assignable);
}

TEST_CASE("an assigned list is completed", "[depot]") {
  const auto complete = pb<CompleteShoppingListRequest>();
  given<shopping_list>(created, initiated, assigned).when(complete).then(completed);
  given<shopping_list>(created, initiated).when(complete).rejected(shopping_list::not_completable);
  given<shopping_list>(created, initiated, assigned, completed)
      .when(complete)
      .rejected(shopping_list::not_completable);
}

TEST_CASE("a list is canceled until it has ended", "[depot]") {
  const auto cancel = pb<CancelShoppingListRequest>();
  given<shopping_list>(created).when(cancel).then(canceled);
  given<shopping_list>(created, initiated).when(cancel).then(canceled);
  auto with_bot = canceled;
  with_bot.set_assigned_bot_id("b-1");
  given<shopping_list>(created, initiated, assigned).when(cancel).then(with_bot);
  for (auto g : {given<shopping_list>(created, canceled),
                 given<shopping_list>(created, initiated, assigned, completed)})
    g.when(cancel).rejected(shopping_list::not_cancelable);
}

TEST_CASE("the saga's undo of a list is accepted in every state, and keeps a completed one",
          "[depot]") {
  const auto recall = pb<RecallShoppingListRequest>();
  given<shopping_list>(created).when(recall).then(canceled);
  given<shopping_list>(created, canceled).when(recall).then();
  given<shopping_list>(created, initiated, assigned, completed).when(recall).then();
}
