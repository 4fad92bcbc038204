#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/links.hpp"
#include "actors/runtime/membership.hpp"
#include "actors/runtime/shard_keeper.hpp"
#include "actors/runtime/shard_router.hpp"

namespace reenact::runtime {

/// What a node needs to be one of several.
struct cluster_options {
  /// Name, roles and addresses; the node adds its incarnation and what it knows.
  persistence::member me;
  membership::options lease;
  shard_router::options routing;
  shard_keeper::options keeping;
  /// Makes the links, and lays into `me` at which address the others reach this node.
  std::function<persistence::result<std::unique_ptr<links>>(persistence::member& me,
                                                            const uuid& lineage, link_listener& to)>
      link;
};

/// What makes a node one of several on a shared journal: its lease, its shards, its links, and the
/// way of calls to the others. Made and ended with its node. Thread safe; sees the cluster.
class cluster_side {
public:
  /// All outlive it.
  cluster_side(surroundings& here, directory& entities, reactor& policies, timers& clockwork,
               timed_lease& held, cluster_options how);

  /// Links up, joins, and beats for the first time. The writer need not have begun.
  persistence::status start();
  /// Its shards go to the others, and it takes none any more.
  void leave();
  bool has_shards() const { return !here_.tokens.all().empty(); }
  /// Ends the lease.
  void end_lease();
  /// Answers who waits for others, and breaks the links. After the writer has stopped.
  void stop();

  shard_router& router() { return router_; }
  const shard_router& router() const { return router_; }
  shard_keeper& keeper() { return keeper_; }
  persistence::roster seen() const;
  /// What keeps this node from reaching the journal, or a shard's owner; empty: nothing does.
  std::vector<std::string> missing() const;

private:
  void see(const persistence::roster& now);

  surroundings& here_;
  const clock& time_;
  timed_lease& held_;
  cluster_options how_;
  shard_router router_;
  shard_keeper keeper_;
  std::unique_ptr<links> links_;
  std::unique_ptr<membership> members_;
};

} // namespace reenact::runtime
