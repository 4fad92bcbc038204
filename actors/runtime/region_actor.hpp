#pragma once

#include <caf/all.hpp>

#include "actors/runtime/directory.hpp"
#include "actors/runtime/surroundings.hpp"

namespace reenact::runtime {

/// Settles what ended entities leave behind, once the writer has answered all their appends, and
/// looks for idle ones. One a node; the supervisor restarts it.
caf::behavior region_actor(caf::event_based_actor* self, surroundings* here, directory* home);

} // namespace reenact::runtime
