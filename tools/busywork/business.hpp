#pragma once

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>

#include "tools/busywork/client.hpp"

/// One kind of work a function, step by step as the contract has it (section 13.3). They throw
/// trouble when a step fails; what was answered before stays remembered.
namespace reenact::tools::busywork {

/// Does that work once.
boost::asio::awaitable<void> go(client& me, work what);

boost::asio::awaitable<std::string> register_customer(client& me);
boost::asio::awaitable<void> set_up_store(client& me);
boost::asio::awaitable<void> add_inventory(client& me);
boost::asio::awaitable<void> rebrand_store(client& me);
boost::asio::awaitable<void> rebrand_product(client& me);
boost::asio::awaitable<void> browse(client& me);
boost::asio::awaitable<void> buy(client& me);

/// The list of stores. In an empty mall one is set up first, unless others are at it already.
boost::asio::awaitable<boost::json::array> stores(client& me);
/// One of ours as often as one that is listed; none if there is neither.
std::optional<std::string> choose_store(client& me, const boost::json::array& listed);

} // namespace reenact::tools::busywork
