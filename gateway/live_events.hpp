#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "actors/runtime/cluster.hpp"
#include "gateway/event_stream.hpp"
#include "gateway/replies.hpp"
#include "messages/model/events.pb.h"

namespace reenact::gateway {

/// GET /api/events: who may follow what, from where. Immutable after start but for the number of
/// clients; works on the I/O thread of each exchange.
class live_events {
public:
  /// `clients_max` at once; who comes then gets 429.
  live_events(runtime::cluster& to, const replies& with, std::size_t clients_max);

  void handle(exchange e, ::model::FollowEventsRequest request) const;

private:
  /// Sets what is meant; else says what is wrong with the request.
  std::string choose(const ::model::FollowEventsRequest& asked, runtime::tail_query& q) const;
  std::string place(const ::model::FollowEventsRequest& asked, runtime::tail_query& q) const;
  /// Null: too many are served.
  std::shared_ptr<void> slot() const;

  runtime::cluster& cluster_;
  const replies& replies_;
  const std::size_t clients_max_;
  const std::shared_ptr<const published_events> known_;
  std::shared_ptr<std::atomic<std::size_t>> clients_;
};

} // namespace reenact::gateway
