#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "actors/runtime/cluster.hpp"
#include "gateway/api.hpp"
#include "gateway/http_server.hpp"
#include "gateway/pages.hpp"
#include "gateway/replies.hpp"

namespace reenact::gateway {

struct gateway_options {
  http_options http;
  std::optional<http_options> admin;         ///< a second listener: health, metrics, /policies
  std::vector<std::string> cors_origins;     ///< that browsers may call from; none: CORS is off
  std::size_t event_clients_max = 1'000;     ///< of live events, at once
  std::function<std::string()> metrics = {}; ///< of the node, in Prometheus' text format
};

/// A cluster's face to the world: the API under /api/, pages, health and metrics. Each of its I/O
/// threads is an execution unit of the cluster's actors.
class gateway {
public:
  /// Serves, or says why it cannot. The cluster outlives the gateway.
  static std::variant<std::unique_ptr<gateway>, std::string> start(runtime::cluster& to,
                                                                   gateway_options how);

  std::uint16_t port() const { return server_->port(); }
  std::uint16_t admin_port() const { return admin_ ? admin_->port() : 0; }
  http_server& server() { return *server_; }

  /// As http_server::drain: nothing new, what is under way is answered; live events end.
  /// Operators may look until the end.
  bool drain(std::chrono::milliseconds patience);

private:
  gateway(runtime::cluster& to, gateway_options how);

  void handle(exchange e) const;
  void handle_admin(exchange e) const;
  void show(exchange e, bool pages) const;
  void show_page(exchange e, const page& what) const;
  /// What shows something of the node under a path; null: nothing does.
  using sight = void (gateway::*)(exchange) const;
  static sight sight_at(std::string_view path, bool operators);
  void show_life(exchange e) const;
  void show_readiness(exchange e) const;
  void show_guarantees(exchange e) const;
  void show_metrics(exchange e) const;
  void show_policies(exchange e) const;

  runtime::cluster& cluster_;
  const gateway_options how_;
  const replies replies_;
  const site site_;
  std::unique_ptr<api> api_;
  std::unique_ptr<http_server> server_; // these last: their threads use the rest
  std::unique_ptr<http_server> admin_;
};

} // namespace reenact::gateway
