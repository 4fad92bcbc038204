#pragma once

#include <functional>
#include <string>

#include <caf/all.hpp>

#include "actors/runtime/directory.hpp"
#include "actors/runtime/surroundings.hpp"
#include "actors/runtime/timers.hpp"

namespace reenact::runtime {

/// Settles what ended entities leave behind, once the writer has answered all their appends, and
/// looks for idle ones. One a node; the supervisor restarts it. What it is given outlives it.
caf::behavior region_actor(caf::event_based_actor* self, surroundings* here, directory* home,
                           timers* clockwork);

/// How long the region waits while the writer's queue is full: a group is on its way to the disk.
inline constexpr duration full_queue_wait = std::chrono::milliseconds(1);

/// Takes all shards under new tokens. Where the journal may be written.
persistence::status claim_shards(surroundings& here);

/// What a region begins with whose predecessor failed: new tokens, and when they are there, the end
/// of the entities that write under the old ones: a successor must not begin with those. A claim
/// that fails is told to `give_up`, on the writer's thread. False: the writer's queue is full.
bool claim_anew(surroundings& here, directory& home,
                std::function<void(const std::string&)> give_up);

} // namespace reenact::runtime
