#include "gateway/asyncapi.hpp"

#include <map>
#include <set>
#include <string>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "gateway/json_schema.hpp"
#include "tests/gateway/shop_registry.hpp"

using namespace reenact::gateway;

namespace {

namespace json = boost::json;
using names = std::set<std::string>;

const json::value& document(const std::string& module = {}) {
  static std::map<std::string, json::value> known;
  const auto [place, fresh] = known.try_emplace(module);
  if (!fresh) return place->second;
  const auto text = asyncapi(context_map(shop_registry()), module);
  return place->second = text.empty() ? json::value() : json::parse(text);
}

names keys_of(const json::value& object) {
  names found;
  for (const auto& [key, _] : object.as_object()) found.insert(key);
  return found;
}

/// The names of the messages that an operation, or its reply, has.
names said(const json::value& operation) {
  names found;
  for (const auto& m : operation.at("messages").as_array()) {
    const std::string place(m.at("$ref").as_string());
    found.insert(place.substr(place.rfind('/') + 1));
  }
  return found;
}

names events_on(const std::string& address) {
  return keys_of(document().at("channels").at(address).at("messages"));
}

} // namespace

TEST_CASE("the AsyncAPI document has the contract's channels") {
  CHECK(keys_of(document().at("channels")) ==
        names{"mallbots.baskets.events.Basket", "mallbots.customers.events.Customer",
              "mallbots.depot.events.ShoppingList", "mallbots.ordering.events.Order",
              "mallbots.payments.events.Invoice", "mallbots.stores.events.Product",
              "mallbots.stores.events.Store", "mallbots.customers.commands",
              "mallbots.depot.commands", "mallbots.ordering.commands", "mallbots.payments.commands",
              "mallbots.cosec.replies.CreateOrder"});
  for (const auto& [key, channel] : document().at("channels").as_object())
    CHECK(channel.at("address") == key);
}

TEST_CASE(
    "the AsyncAPI document has the contract's messages on each channel, and no internal one") {
  CHECK(events_on("mallbots.stores.events.Store") == names{"storesapi.StoreCreated",
                                                           "storesapi.StoreParticipatingToggled",
                                                           "storesapi.StoreRebranded"});
  CHECK(events_on("mallbots.stores.events.Product") ==
        names{"storesapi.ProductAdded", "storesapi.ProductRebranded",
              "storesapi.ProductPriceIncreased", "storesapi.ProductPriceDecreased",
              "storesapi.ProductRemoved"});
  CHECK(events_on("mallbots.baskets.events.Basket") == names{"basketsapi.BasketStarted",
                                                             "basketsapi.BasketCanceled",
                                                             "basketsapi.BasketCheckedOut"});
  CHECK(events_on("mallbots.depot.commands") == names{"depotapi.CreateShoppingListCommand",
                                                      "depotapi.CancelShoppingListCommand",
                                                      "depotapi.InitiateShoppingCommand"});
  CHECK(events_on("mallbots.customers.commands") == names{"customersapi.AuthorizeCustomer"});
  CHECK(events_on("mallbots.cosec.replies.CreateOrder") ==
        names{"am.Success", "am.Failure", "depotapi.CreatedShoppingListReply"});
}

TEST_CASE("a module sends its aggregates' events and its consumers receive them") {
  const auto all = document().at("operations");
  const auto& sent = all.at("orderAggregateEvents");
  CHECK(sent.at("action") == "send");
  CHECK(sent.at("channel").at("$ref") == "#/channels/mallbots.ordering.events.Order");
  CHECK(said(sent).size() == 6);
  const auto& billed = all.at("payment-orders.orderAggregateEvents");
  CHECK(billed.at("action") == "receive");
  CHECK(said(billed) == names{"ordersapi.OrderReadied"});
  CHECK(said(all.at("cosec.CreateOrder.orderAggregateEvents")) ==
        names{"ordersapi.OrderCreated", "ordersapi.OrderCanceled"});
  CHECK(said(all.at("search.orders.orderAggregateEvents")).size() == 6);
  CHECK(all.as_object().contains("productAggregateEvents"));
}

TEST_CASE("a saga's commands are sent by its module, received by the asked one, and replied to") {
  const auto all = document().at("operations");
  for (const auto* id :
       {"createOrderPaymentsCommands", "payments-commands.createOrderPaymentsCommands"}) {
    const auto& o = all.at(id);
    CHECK(said(o) == names{"paymentsapi.ConfirmPayment", "paymentsapi.ReleasePayment"});
    CHECK(o.at("reply").at("channel").at("$ref") ==
          "#/channels/mallbots.cosec.replies.CreateOrder");
    CHECK(said(o.at("reply")) == names{"am.Success", "am.Failure"});
  }
  CHECK(all.at("createOrderPaymentsCommands").at("action") == "send");
}

TEST_CASE("a module's AsyncAPI document says what it tells and what it hears, and nothing else") {
  CHECK(keys_of(document("stores").at("operations")) ==
        names{"storeAggregateEvents", "productAggregateEvents", "stores.mall.storeAggregateEvents",
              "stores.catalog.productAggregateEvents"});
  CHECK(document("stores").at("info").at("title") == "Store Management AsyncAPI");
  CHECK(keys_of(document("payments").at("components").at("messages")) ==
        names{"am.Failure", "am.Success", "ordersapi.OrderReadied", "paymentsapi.ConfirmPayment",
              "paymentsapi.InvoicePaid", "paymentsapi.ReleasePayment"});
  CHECK(document("cosec").at("operations").as_object().size() == 5);
  CHECK(document("nobody").is_null());
}

TEST_CASE("messages that share a published name say the same") {
  std::map<std::string_view, json::object> known;
  for (const auto& e : context_map(shop_registry()).events) {
    if (e.published().empty()) continue;
    json_schemas schemas("#/");
    schemas.reference(e.type);
    auto schema = schemas.collected().at(definition_name(e.type)).as_object();
    CAPTURE(e.published());
    CHECK(known.try_emplace(e.published(), schema).first->second == schema);
  }
  const auto toggled =
      document("stores").at("components").at("messages").at("storesapi.StoreParticipatingToggled");
  CHECK(toggled.at("examples").as_array().size() == 2);
}

TEST_CASE("every command and every telling reply of a saga has a published name") {
  const auto messages = document().at("components").at("messages");
  for (const auto& [name, _] : messages.as_object()) {
    CAPTURE(name);
    CHECK((name.starts_with("am.") || name.find("api.") != name.npos));
  }
}
