#pragma once

#include <functional>

#include <caf/all.hpp>

#include "actors/runtime/part.hpp"
#include "actors/runtime/timers.hpp"
#include "persistence/result.hpp"

namespace reenact::runtime {

/// Keeps alive a part that is an actor: starts it with `start`, and again when it has failed, or
/// when it could not be started. An actor of its own; ends the part when it is told to exit. What
/// it is given outlives it.
caf::behavior supervisor(caf::event_based_actor* self, part* kept,
                         std::function<persistence::result<caf::actor>()> start, timers* clockwork);

} // namespace reenact::runtime
