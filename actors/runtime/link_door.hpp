#pragma once

#include <cstdint>
#include <functional>

#include <caf/all.hpp>

#include "actors/runtime/link_actor.hpp"

namespace reenact::runtime {

/// Finds the actor of the link to a peer, or none. Thread safe.
using link_finder = std::function<caf::actor(std::uint64_t incarnation)>;

/// Whom other nodes meet when they connect to this one: takes their greetings, refuses those that
/// are not of this cluster or not for this node, and hands the others to their links. An actor of
/// which a node has one; ends by link_leave.
caf::behavior link_door(caf::event_based_actor* self, link_ground* ground, link_finder find);

} // namespace reenact::runtime
