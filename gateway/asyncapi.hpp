#pragma once

#include <string>
#include <string_view>

#include "gateway/context_map.hpp"

namespace reenact::gateway {

/// The AsyncAPI 3.0 document, as JSON text, of what a module publishes and asks, and of what it
/// takes; empty module: of all. Events have their channels, as have the commands of sagas. Empty
/// text: the module tells nobody anything and listens to nobody.
std::string asyncapi(const context_map& of, std::string_view module = {});

/// The name of a message in the documents: "storesapi.StoreCreated".
std::string message_name(const messages::descriptor* type);

} // namespace reenact::gateway
