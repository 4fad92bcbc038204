#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/runtime/clock.hpp"

namespace reenact::runtime {

/// A reaction that is to be tried again.
struct waiting_reaction {
  std::string entity; ///< whose event it is
  std::string event;  ///< its type
  std::string why;    ///< the last attempt was none
  unsigned attempts = 0;
  instant again{};
};

/// How far a policy has come on this node.
struct policy_progress {
  std::string name;
  std::uint64_t events_behind = 0; ///< not read yet
  std::size_t pending = 0;         ///< read, and not ended
  std::size_t waiting = 0;         ///< of these, to be tried again
  std::size_t stalled_shards = 0;
  std::uint64_t answered = 0; ///< since the node started, as what follows
  std::uint64_t refused = 0;
  std::uint64_t dead = 0;
  /// Of those that wait, the first to be tried again.
  std::vector<waiting_reaction> waits;
  static constexpr std::size_t waits_max = 20;
};

/// A reaction that was given up, kept in the journal until somebody has looked at it.
struct given_up_reaction {
  std::uint32_t shard = 0;
  std::uint64_t sequence = 0; ///< of the event, in its shard
  std::string why;
  unsigned attempts = 0;
  std::int64_t when_us = 0; ///< since 1970
};

} // namespace reenact::runtime
