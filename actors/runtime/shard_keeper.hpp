#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

#include "actors/runtime/directory.hpp"
#include "actors/runtime/reactor.hpp"
#include "actors/runtime/shard_router.hpp"
#include "persistence/members.hpp"

namespace reenact::runtime {

/// Takes and gives up this node's shards (protocols.md C1): orphans that should be here are claimed
/// at once, shards that should be elsewhere are handed over, a few at a time. What it does to the
/// journal goes through the writer; the journal decides, and what failed is tried again when the
/// next roster is seen. Thread safe; sees the node.
class shard_keeper {
public:
  struct options {
    bool takes = true;          ///< the node hosts entities
    std::size_t moving_max = 8; ///< handed over at once, unless the node leaves
  };

  shard_keeper(surroundings& here, directory& entities, reactor& policies, shard_router& others,
               options how);

  /// Sets right what this node has by what the journal says. Whoever had the lease then, and only
  /// then, may rely on the shards that are left.
  void see(const persistence::roster& now);
  /// The lease is over: all that is remembered may be somebody else's already.
  void lose_all();
  /// What was written under the token is in doubt: the shard is begun anew.
  void doubt(persistence::shard_id shard, const persistence::token& under);
  /// All shards are begun anew, under new tokens.
  void begin_anew();
  /// Takes no shard any more, and hands over what it has as it sees the next roster.
  void leave();

private:
  enum class busy { claiming, moving };

  void lose(persistence::shard_id shard, const persistence::token& under);
  void claim(const std::vector<persistence::shard_id>& shards);
  void claim_now(persistence::journal& with, const std::vector<persistence::shard_id>& shards);
  void hand_over(persistence::shard_id shard, const persistence::token& under);
  void release(persistence::journal& with, const claimed& what);
  void rest(persistence::shard_id shard);

  class last_appends;

  surroundings& here_;
  directory& entities_;
  reactor& policies_;
  shard_router& others_;
  const options how_;

  mutable std::mutex mutex_; ///< guards what follows
  std::set<persistence::shard_id> claiming_, moving_;
  bool leaving_ = false;
};

} // namespace reenact::runtime
