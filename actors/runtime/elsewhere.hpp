#pragma once

#include "actors/runtime/call.hpp"
#include "persistence/journal.hpp"

namespace reenact::runtime {

/// The rest of the cluster, as the entities of a node see it. Thread safe; must not block.
class elsewhere {
public:
  virtual ~elsewhere() = default;

  /// Takes a call whose shard is not this node's, as directory::submit does: it ends in exactly one
  /// finished(), perhaps before this returns.
  virtual void route(call_ptr c) = 0;

  /// Something written under that token did not become durable, or nobody knows: whatever this node
  /// remembers of the shard is not to be relied upon until it is claimed anew.
  virtual void doubt(persistence::shard_id shard, const persistence::token& under) = 0;
};

} // namespace reenact::runtime
