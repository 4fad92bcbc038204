#include "gateway/catalog.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "actors/mallbots/create_order/create_order.hpp"
#include "gateway/operation.hpp"
#include "messages/mallbots/ordering/order.pb.h"
#include "tests/gateway/links.hpp"
#include "tests/gateway/shop_registry.hpp"

using namespace reenact::gateway;

namespace {

using pages = std::map<std::string, std::string>;
using names = std::set<std::string>;

const pages& shop() {
  static const auto all = catalog(context_map(shop_registry()));
  return all;
}

const std::string& at(const std::string& path) {
  CAPTURE(path);
  REQUIRE(shop().contains(path));
  return shop().at(path);
}

bool says(const std::string& page, std::string_view text) { return page.find(text) != page.npos; }

/// The paths below one folder of the catalogue that a page links to.
names linked(const std::string& page, const std::string& folder) {
  names found;
  for (const auto& link : links_in(page))
    if (link.starts_with("/catalog/" + folder)) found.insert(link.substr(9 + folder.size()));
  return found;
}

names below(const std::string& folder) {
  names found;
  for (const auto& [path, _] : shop())
    if (path.starts_with("/catalog/" + folder)) found.insert(path.substr(9 + folder.size()));
  return found;
}

/// The part of a page from a heading to the next.
std::string part(const std::string& page, const std::string& heading) {
  const auto from = page.find("<h2>" + heading + "</h2>");
  REQUIRE(from != page.npos);
  return page.substr(from, page.find("<h2>", from + 1) - from);
}

struct second : mallbots::create_order::create_order {
  static constexpr auto name = "cosec.Second";
};

} // namespace

TEST_CASE("the catalogue has a page for each part that is hosted, and no other", "[catalog]") {
  names events, aggregates, policies, sagas, views;
  for (const auto& a : shop_registry().aggregates()) {
    aggregates.insert(a->name);
    for (const auto& [_, e] : a->events)
      CHECK(events.insert(a->name + '.' + e.prototype->GetDescriptor()->name()).second);
  }
  for (const auto& p : shop_registry().policies()) policies.insert(p->name);
  for (const auto& v : shop_registry().views()) views.insert(v->name);
  for (const auto* of_saga : {"cosec.CreateOrder", "cosec.CreateOrder.start"}) {
    CHECK(policies.erase(of_saga) == 1);
    CHECK(says(at("/catalog/sagas/cosec.CreateOrder"), "<code>" + std::string(of_saga) + "<"));
  }
  CHECK(below("events/") == events);
  CHECK(below("aggregates/") == aggregates);
  CHECK(below("policies/") == policies);
  CHECK(below("sagas/") == names{"cosec.CreateOrder"});
  CHECK(below("views/") == views);
}

TEST_CASE("the index names each event, aggregate, policy, saga and view once", "[catalog]") {
  std::vector<std::string> here;
  for (const auto& link : links_in(at("/catalog/")))
    if (link.starts_with("/catalog/") && link != "/catalog/" && !link.ends_with(".css"))
      here.push_back(link);
  const names once(here.begin(), here.end());
  CHECK(once.size() == here.size());
  names all;
  for (const auto& [path, _] : shop())
    if (path != "/catalog/") all.insert(path);
  CHECK(once == all);
}

TEST_CASE("an event tells who takes it", "[catalog]") {
  const auto taken = part(at("/catalog/events/ordering.Order.OrderCreated"), "Consumers");
  CHECK(linked(taken, "sagas/") == names{"cosec.CreateOrder"});
  CHECK(says(taken, "saga: starts"));
  CHECK(linked(taken, "policies/") == names{"notification-orders"});
  CHECK(linked(taken, "views/") == names{"search.orders"});
  CHECK(
      says(part(at("/catalog/events/ordering.Order.OrderCanceled"), "Consumers"), "saga: cancels"));
  const auto begun = part(at("/catalog/events/cosec.CreateOrder.SagaBegun"), "Consumers");
  CHECK(says(begun, "saga: steps"));
  CHECK(says(part(at("/catalog/events/payments.Invoice.InvoiceCreated"), "Consumers"), "None."));
  // A view of one aggregate's states takes no other's events.
  CHECK(linked(part(at("/catalog/events/stores.Product.ProductAdded"), "Consumers"), "views/") ==
        names{"stores.catalog"});
}

TEST_CASE("sagas share the types of their events, but not the events", "[catalog]") {
  reenact::model::registry node;
  mallbots::install(node);
  node.saga<second>();
  const auto pages = catalog(context_map(node));
  for (const std::string saga : {"cosec.CreateOrder", "cosec.Second"})
    CHECK(linked(part(pages.at("/catalog/events/" + saga + ".SagaBegun"), "Consumers"), "sagas/") ==
          names{saga});
  CHECK(linked(pages.at("/catalog/events/ordering.Order.OrderCreated"), "sagas/").size() == 2);
}

TEST_CASE("an event tells where it is published, or that it is internal", "[catalog]") {
  const auto& published = at("/catalog/events/stores.Store.StoreCreated");
  CHECK(says(published, "storesapi.StoreCreated"));
  CHECK(says(published, R"(<a href="/stores-asyncapi/">mallbots.stores.events.Store</a>)"));
  CHECK(!says(published, R"(class="internal")"));
  const auto& internal = at("/catalog/events/depot.ShoppingList.ShoppingListAssigned");
  CHECK(says(internal, R"(class="internal")"));
  CHECK(!says(internal, "-asyncapi"));
}

TEST_CASE("an event's fields have name, number, type and meaning", "[catalog]") {
  const auto fields = part(at("/catalog/events/ordering.Order.OrderCreated"), "Fields");
  CHECK(says(fields,
             "<tr><td><code>customerId</code></td><td>2</td><td>string</td><td>id of "
             R"(<a href="/catalog/aggregates/customers.Customer">)"));
  CHECK(says(fields, "<tr><td><code>items[].price</code></td><td>5.3</td><td>money</td>"));
  CHECK(says(fields, "<td>always empty: the contract has it</td>")); // the .proto's own words
  const auto example = part(at("/catalog/events/ordering.Order.OrderCreated"), "Example");
  CHECK(says(example, "&quot;total&quot;: 9.99,\n"));
}

TEST_CASE("an aggregate tells its requests with their routes, and its events", "[catalog]") {
  const auto& page = at("/catalog/aggregates/customers.Customer");
  const auto commands = part(page, "Commands");
  CHECK(says(commands, R"(<a href="/customers-spec/#/Customer/DisableCustomer">)"
                       "PUT /api/customers/{id}/disable</a>"));
  CHECK(says(commands, "<code>AuthorizeCustomerRequest</code></td><td></td><td>no route"));
  CHECK(says(part(page, "Queries"), "GET /api/customers/{id}"));
  CHECK(linked(part(page, "Events"), "events/").size() == 4);
}

TEST_CASE("a policy and a view tell which events they take", "[catalog]") {
  CHECK(linked(at("/catalog/policies/ordering-depot"), "events/") ==
        names{"depot.ShoppingList.ShoppingListCompleted"});
  const auto& view = at("/catalog/views/search.orders");
  CHECK(linked(view, "events/").size() == 6);
  CHECK(says(view, "one row"));
  CHECK(says(view, "POST /api/search/orders"));
}

TEST_CASE("a saga tells what begins and cancels it, and what its steps ask of whom", "[catalog]") {
  const auto& page = at("/catalog/sagas/cosec.CreateOrder");
  CHECK(linked(page, "events/") ==
        names{"ordering.Order.OrderCreated", "ordering.Order.OrderCanceled"});
  const auto steps = part(page, "Steps");
  CHECK(says(steps,
             "<td>payment</td><td><code>ConfirmPaymentRequest</code> of "
             R"(<a href="/catalog/aggregates/payments.Payment">)"));
  CHECK(linked(steps, "aggregates/") ==
        names{"customers.Customer", "depot.ShoppingList", "ordering.Order", "payments.Payment"});
}

TEST_CASE("a link to a place within a page leads to what is there", "[catalog]") {
  names operations_there;
  for (const auto& o : operations())
    operations_there.insert('/' + o.module + "-spec/#/" + o.tag + '/' + o.id);
  for (const auto& [path, page] : shop())
    for (const auto& link : links_in(page)) {
      const auto hash = link.find('#');
      if (hash == link.npos) continue;
      INFO(path << " to " << link);
      if (link.starts_with("/catalog/#"))
        CHECK(says(at("/catalog/"), "id=\"" + link.substr(hash + 1) + '"'));
      else
        CHECK(operations_there.contains(link));
    }
}

TEST_CASE("what has an odd name is shown as it is called, and is found", "[catalog]") {
  const std::string odd = R"(<b>"Tom" & 'Ann'</b>)";
  reenact::model::registry node;
  mallbots::install(node);
  node.on<mallbots::ordering::OrderCreated>(
      odd, [](const mallbots::ordering::OrderCreated&) { return reenact::model::errands(); });
  const auto pages = catalog(context_map(node));
  const auto* path =
      "/catalog/policies/%3Cb%3E%22Tom%22%20%26%20%27Ann%27%3C%2Fb%3E"; // as a browser asks
  REQUIRE(pages.contains(path));
  for (const auto* from : {path, "/catalog/", "/catalog/events/ordering.Order.OrderCreated"}) {
    CHECK(says(pages.at(from), "&lt;b&gt;&quot;Tom&quot; &amp; &#39;Ann&#39;&lt;/b&gt;"));
    CHECK(!says(pages.at(from), "<b>"));
  }
  CHECK(says(pages.at("/catalog/"), path));
}
