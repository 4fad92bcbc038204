#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "persistence/journal.hpp"

namespace reenact::runtime {

/// A shard that was claimed, and the token under which.
struct claimed {
  persistence::shard_id shard;
  persistence::token under;
};

/// Which shards this node has, and the tokens under which it writes to them. Whoever answers from
/// memory asks whether the token it began with still stands, after it has read (protocols.md C2).
/// Thread safe, and cheap enough to ask for each call; sees the node.
class shard_table {
public:
  shard_table(std::uint32_t shards, std::uint64_t incarnation)
    : incarnation_(incarnation),
      epochs_(shards) {}

  /// Of this life of this node.
  std::uint64_t incarnation() const { return incarnation_; }
  std::uint32_t shards() const { return static_cast<std::uint32_t>(epochs_.size()); }

  bool has(persistence::shard_id shard) const { return epochs_[shard].load() != 0; }
  bool has(persistence::shard_id shard, const persistence::token& under) const {
    return epochs_[shard].load() == under.epoch && under.epoch != 0;
  }
  /// Nobody's: the node does not have the shard.
  persistence::token of(persistence::shard_id shard) const {
    const auto epoch = epochs_[shard].load();
    return epoch == 0 ? persistence::token{} : persistence::token{epoch, incarnation_};
  }

  std::vector<claimed> all() const {
    std::vector<claimed> mine;
    for (persistence::shard_id s = 0; s < shards(); ++s)
      if (const auto under = of(s); under.epoch != 0) mine.push_back({s, under});
    return mine;
  }

  void take(persistence::shard_id shard, const persistence::token& mine) {
    epochs_[shard] = mine.epoch;
  }
  /// False: the node does not have it under that token.
  bool drop(persistence::shard_id shard, const persistence::token& under) {
    auto epoch = under.epoch;
    return epoch != 0 && epochs_[shard].compare_exchange_strong(epoch, 0);
  }

private:
  const std::uint64_t incarnation_;
  std::vector<std::atomic<std::uint64_t>> epochs_; ///< 0: not this node's
};

} // namespace reenact::runtime
