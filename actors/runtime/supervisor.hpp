#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <caf/all.hpp>

#include "actors/runtime/timers.hpp"

namespace reenact::runtime {

/// How the parts of a node are restarted.
struct restart_policy {
  duration first = std::chrono::milliseconds(50); ///< wait before the first restart; doubles
  duration longest = std::chrono::seconds(5);
  unsigned most = 8; ///< restarts within `within`; more, and the node gives up
  duration within = std::chrono::minutes(1);
};

/// A part of a node, as its supervisor knows it.
struct part {
  std::string name;
  /// Makes the part, again after it has failed.
  std::function<caf::actor()> start;
};

/// Keeps one part alive: restarts it with backoff, and calls `give_up` with the reason when that
/// does not help. An actor of its own; ends the part when it is told to exit.
caf::behavior supervisor(caf::event_based_actor* self, part what, restart_policy policy,
                         timers* clockwork, const clock* time,
                         std::function<void(std::string)> give_up);

} // namespace reenact::runtime
