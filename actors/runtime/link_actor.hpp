#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <caf/all.hpp>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/dialer.hpp"
#include "actors/runtime/link_frame.hpp"
#include "actors/runtime/link_outbox.hpp"
#include "actors/runtime/link_system.hpp"
#include "actors/runtime/links.hpp"
#include "actors/runtime/timers.hpp"

namespace reenact::runtime {

/// Says a thing that is said again and again only once a minute, however often it happens. Not
/// thread safe.
class rare_warning {
public:
  /// Whether to say it now. Another text is another thing.
  bool due(const std::string& text, instant now);

private:
  std::string last_;
  instant at_{};
};

/// What the links of one node share; outlives them.
struct link_ground {
  link_system& net;
  dialer& lines;
  timers& clockwork;
  const clock& time;
  entropy& random;
  link_listener& to;
  model::Introduction me;
  duration silent_after;
  std::atomic<bool> ending = false; ///< no more envelopes are handed to the listener
};

// What is said to a link's actor within its node. None of it can cross the network.
struct link_wake {}; ///< something waits in the outbox
struct link_tick {
  instant at;
}; ///< time has passed
struct link_dial {
  std::uint64_t attempt = 0;
};
struct link_dialed {
  std::uint64_t attempt = 0;
  dialer::outcome how;
};
struct link_greeting { ///< the peer has dialed; its hello is in order
  std::uint64_t session = 0;
  model::Introduction from;
  caf::actor remote;
};
struct link_leave {
  std::string why;
}; ///< the peer is nobody's any more

/// The node's end of one link. An actor that lives as long as its peer is followed: the node with
/// the lower incarnation dials, again and again; the other waits to be greeted. Signs of life come
/// every beat; who is not heard of for `silent_after` is down. All calls of the listener for this
/// peer are made in its turns. Sees the cluster. `before` is the actor that the same peer had here
/// until now, if it may still be leaving: nothing begins before it has ended.
caf::behavior link_actor(caf::event_based_actor* self, link_ground* ground, peer whom,
                         std::shared_ptr<link_outbox> outbox, caf::actor before);

} // namespace reenact::runtime

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::link_wake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::link_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::link_dial)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::link_dialed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::link_greeting)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reenact::runtime::link_leave)
