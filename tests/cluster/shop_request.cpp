#include "tests/cluster/shop_request.hpp"

#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "actors/runtime/ids.hpp"

namespace reenact::tests {
namespace {

using boost::json::object;

runtime::uuid id_of(const shop_request& of, std::string_view key) {
  return runtime::command_id(of.rpc, key, {});
}

shop_request create(std::string rpc, std::string type, std::string path, const object& body,
                    std::string within = {}) {
  return {.what = work::create,
          .rpc = std::move(rpc),
          .verb = "POST",
          .path = std::move(path),
          .body = boost::json::serialize(body),
          .type = std::move(type),
          .within = std::move(within)};
}

shop_request change(std::string rpc, std::string type, std::string id, std::string path,
                    const object& body = {}) {
  return {.what = work::change,
          .rpc = std::move(rpc),
          .verb = "PUT",
          .path = std::move(path),
          .body = boost::json::serialize(body),
          .type = std::move(type),
          .entity = std::move(id)};
}

shop_request list(std::string type, std::string path, std::string within = {}) {
  return {.what = work::list,
          .path = std::move(path),
          .type = std::move(type),
          .within = std::move(within)};
}

shop_request by_delete(shop_request made) {
  made.verb = "DELETE";
  made.body.clear();
  return made;
}

} // namespace

std::string command_id(const shop_request& of, std::string_view key) {
  return runtime::to_string(id_of(of, key));
}

std::string created_id(const shop_request& of, std::string_view key) {
  return runtime::to_string(runtime::entity_id(id_of(of, key)));
}

namespace shop {

shop_request create_store(const std::string& name) {
  return create("storespb.StoresService.CreateStore", "stores.Store", "/api/stores",
                {{"name", name}, {"location", "here"}});
}

shop_request rebrand_store(const std::string& id, const std::string& name) {
  return change("storespb.StoresService.RebrandStore", "stores.Store", id,
                "/api/stores/" + id + "/rebrand", {{"name", name}});
}

shop_request enable_participation(const std::string& id) {
  return change("storespb.StoresService.EnableParticipation", "stores.Store", id,
                "/api/stores/" + id + "/participating");
}

shop_request disable_participation(const std::string& id) {
  return by_delete(change("storespb.StoresService.DisableParticipation", "stores.Store", id,
                          "/api/stores/" + id + "/participating"));
}

shop_request add_product(const std::string& store, std::uint64_t price) {
  return create(
      "storespb.StoresService.AddProduct", "stores.Product", "/api/stores/" + store + "/products",
      {{"name", "Book"}, {"description", "to read"}, {"sku", "b"}, {"price", price}}, store);
}

shop_request increase_price(const std::string& id, std::uint64_t price) {
  return change("storespb.StoresService.IncreaseProductPrice", "stores.Product", id,
                "/api/stores/products/" + id + "/increasePrice", {{"price", price}});
}

shop_request decrease_price(const std::string& id, std::uint64_t price) {
  return change("storespb.StoresService.DecreaseProductPrice", "stores.Product", id,
                "/api/stores/products/" + id + "/decreasePrice", {{"price", price}});
}

shop_request remove_product(const std::string& id) {
  auto made = by_delete(change("storespb.StoresService.RemoveProduct", "stores.Product", id,
                               "/api/stores/products/" + id));
  made.what = work::remove;
  return made;
}

shop_request register_customer(const std::string& name) {
  return create("customerspb.CustomersService.RegisterCustomer", "customers.Customer",
                "/api/customers", {{"name", name}, {"smsNumber", "555"}});
}

shop_request change_sms(const std::string& id, const std::string& number) {
  return change("customerspb.CustomersService.ChangeSmsNumber", "customers.Customer", id,
                "/api/customers/" + id + "/change-sms", {{"smsNumber", number}});
}

shop_request start_basket(const std::string& customer) {
  return create("basketspb.BasketService.StartBasket", "baskets.Basket", "/api/baskets",
                {{"customerId", customer}});
}

shop_request add_item(const std::string& basket, const std::string& product,
                      std::uint64_t quantity) {
  return change("basketspb.BasketService.AddItem", "baskets.Basket", basket,
                "/api/baskets/" + basket + "/addItem",
                {{"productId", product}, {"quantity", quantity}});
}

shop_request checkout(const std::string& basket, const std::string& payment) {
  return change("basketspb.BasketService.CheckoutBasket", "baskets.Basket", basket,
                "/api/baskets/" + basket + "/checkout", {{"paymentId", payment}});
}

shop_request authorize_payment(const std::string& customer, std::uint64_t amount) {
  return create("paymentspb.PaymentsService.AuthorizePayment", "payments.Payment", "/api/payments",
                {{"customerId", customer}, {"amount", amount}});
}

shop_request cancel_order(const std::string& id) {
  return by_delete(change("orderingpb.OrderingService.CancelOrder", "ordering.Order", id,
                          "/api/ordering/" + id));
}

shop_request read(const std::string& type, const std::string& id) {
  std::string path = "/api/ordering/";
  if (type == "stores.Store") path = "/api/stores/";
  if (type == "stores.Product") path = "/api/stores/products/";
  if (type == "customers.Customer") path = "/api/customers/";
  if (type == "baskets.Basket") path = "/api/baskets/";
  if (type == "payments.Payment") path = "/api/payments/";
  return {.what = work::read, .path = path + id, .type = type, .entity = id};
}

shop_request list_stores() { return list("stores.Store", "/api/stores"); }
shop_request list_customers() { return list("customers.Customer", "/api/customers"); }
shop_request list_products(const std::string& store) {
  return list("stores.Product", "/api/stores/" + store + "/products", store);
}

} // namespace shop
} // namespace reenact::tests
