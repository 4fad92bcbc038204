#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "actors/runtime/cluster.hpp"
#include "gateway/exchange.hpp"
#include "messages/fields.hpp"

namespace reenact::gateway {

/// What is told of a type of event.
struct published_event {
  std::string name;   ///< "ordersapi.OrderCreated"
  std::string module; ///< "ordering"
  const messages::any_message* prototype = nullptr;
};
using published_events = std::map<std::string, published_event, std::less<>>; ///< by full name

/// Events on their way to one client, as text/event-stream: the next batch is read from the logs
/// when the client has taken the one before. A batch carries one `id:`, the place behind it, on its
/// last event; a client that nothing came for gets its place alone, which also shows whether it is
/// still there.
class event_stream final : public runtime::tail_query {
public:
  /// `slot` is held while the client is served.
  event_stream(runtime::cluster& of, std::shared_ptr<const published_events> known,
               std::shared_ptr<void> slot)
    : cluster_(of),
      known_(std::move(known)),
      slot_(std::move(slot)) {}

  /// On the I/O thread of the client's connection, for each batch.
  void produce(next_piece piece);

private:
  void finished() noexcept override;
  std::string batch() const;
  void append_event(std::string& out, const runtime::tail_event& e) const;

  runtime::cluster& cluster_;
  const std::shared_ptr<const published_events> known_; ///< it may outlive its gateway
  const std::shared_ptr<void> slot_;
  std::optional<next_piece> piece_; ///< while a batch is on its way
  bool greeted_ = false;
};

} // namespace reenact::gateway
