#pragma once

#include <string>
#include <vector>

#include "gateway/context_map.hpp"

namespace reenact::gateway {

/// A module sends messages to a channel or receives them from there, as AsyncAPI tells it.
struct async_operation {
  std::string id; ///< "storeAggregateEvents", "search.orders.orderAggregateEvents"
  std::string module;
  bool sends = false;
  bool is_events = false; ///< else a saga's commands
  std::string summary;
  std::string channel;       ///< address
  std::string description{}; ///< of the channel
  std::vector<const messages::descriptor*> messages;
  std::string reply_channel{}; ///< of commands
  std::vector<const messages::descriptor*> replies{};
};

/// One for each aggregate that publishes events and each that takes some of them; one for each
/// module that a saga asks, at both ends. By producer, each sender before those who receive.
std::vector<async_operation> async_operations(const context_map& of);

} // namespace reenact::gateway
