#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/cluster/history.hpp"

namespace reenact::tests {

/// What a client asks the shop for over HTTP, and what the history needs to know of it. A value.
struct shop_request {
  work what = work::read;
  std::string rpc; ///< of a command: its full name
  std::string verb = "GET";
  std::string path, body{};
  std::string type;     ///< of the entity's stream
  std::string entity{}; ///< of a create: made of the key
  std::string within{}; ///< of a create and a list: what it is a part of
};

/// The id of a command with an Idempotency-Key, and of what it creates, as the gateway makes them.
std::string command_id(const shop_request& of, std::string_view key);
std::string created_id(const shop_request& of, std::string_view key);

namespace shop {

shop_request create_store(const std::string& name);
shop_request rebrand_store(const std::string& id, const std::string& name);
shop_request enable_participation(const std::string& id);
shop_request disable_participation(const std::string& id);
shop_request add_product(const std::string& store, std::uint64_t price);
shop_request increase_price(const std::string& id, std::uint64_t price);
shop_request decrease_price(const std::string& id, std::uint64_t price);
shop_request remove_product(const std::string& id);
shop_request register_customer(const std::string& name);
shop_request change_sms(const std::string& id, const std::string& number);
shop_request start_basket(const std::string& customer);
shop_request add_item(const std::string& basket, const std::string& product,
                      std::uint64_t quantity);
shop_request checkout(const std::string& basket, const std::string& payment);
shop_request authorize_payment(const std::string& customer, std::uint64_t amount);
shop_request cancel_order(const std::string& id);

/// Whatever it is.
shop_request read(const std::string& type, const std::string& id);

shop_request list_stores();
shop_request list_customers();
shop_request list_products(const std::string& store);

} // namespace shop
} // namespace reenact::tests
