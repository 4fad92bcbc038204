#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "actors/runtime/cluster.hpp"
#include "gateway/exchange.hpp"
#include "gateway/live_events.hpp"
#include "gateway/replies.hpp"
#include "gateway/router.hpp"
#include "messages/fields.hpp"

namespace reenact::gateway {

using messages::any_message;

/// An rpc with a route, as far as it can be prepared.
struct endpoint {
  const messages::method* rpc = nullptr;
  model::registry::target hosted{};       ///< null aggregate: no entity answers it
  const model::view_type* view = nullptr; ///< null: no view answers it
  const any_message* request = nullptr;   ///< prototypes
  const any_message* response = nullptr;
  const messages::field* key = nullptr; ///< of the request; null: it names no entity
  bool has_body = false;                ///< else the query is read into the request
  bool streams = false;                 ///< it is answered by live events
};

struct api_bounds {
  runtime::duration process_time{};
  std::size_t event_clients_max = 0; ///< of GET /api/events
};

/// The shop's endpoints: from a request to a call and from its result to an answer, by descriptors
/// alone. Immutable after start; works on the I/O thread of each exchange.
class api {
public:
  /// Or what is wrong with the routes.
  static std::variant<std::unique_ptr<api>, std::string> make(runtime::cluster& to,
                                                              const replies& with,
                                                              const api_bounds& within);

  void handle(exchange e) const;

private:
  api(runtime::cluster& to, const replies& with, const api_bounds& within, router routes);
  void ask_view(exchange e, const endpoint& to, const any_message& request) const;
  void call(exchange e, const endpoint& to, const match& m, std::string_view query) const;

  runtime::cluster& cluster_;
  const replies& replies_;
  const live_events live_;
  const runtime::duration process_time_;
  const router router_;
  std::unordered_map<const messages::method*, endpoint> endpoints_;
};

} // namespace reenact::gateway
