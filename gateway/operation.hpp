#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/schema.hpp"

namespace reenact::gateway {

/// A route as the documents tell it: names are those of the JSON, defaults of (model.http) filled.
struct operation {
  std::string module; ///< "stores"
  std::string path;   ///< "/api/stores/{storeId}/products"
  std::string verb;   ///< "get"
  std::string id, tag, summary;
  const messages::method* rpc;
  std::vector<const messages::field*> in_path;
  std::vector<const messages::field*> in_query; ///< of GET and DELETE, which have no body
  std::vector<const messages::field*> in_body;

  bool has_body() const { return verb == "post" || verb == "put"; }
  std::string_view produces() const {
    return rpc->server_streaming() ? "text/event-stream" : "application/json";
  }
};

/// "RebrandStore" is "rebrandStore"; not for the empty one.
std::string first_small(std::string_view name);

/// All routes of all modules, ordered by path and verb.
std::vector<operation> operations();

/// A service that carries (model.module), as the documents call it.
struct api_module {
  std::string name, title;
  const google::protobuf::ServiceDescriptor* service;
};

/// Ordered by name.
std::vector<api_module> modules();

} // namespace reenact::gateway
