#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/model/policy.hpp"
#include "actors/runtime/clock.hpp"
#include "actors/runtime/ids.hpp"
#include "actors/runtime/message_counts.hpp"
#include "persistence/journal.hpp"

namespace reenact::runtime {

/// An event on its way through a policy.
struct pending_reaction {
  persistence::sequence_t at = 0;
  std::string key; ///< the entity whose event it is: those of one are reacted to one by one
  const model::reaction* to = nullptr;
  std::shared_ptr<const model::any_message> event;
  uuid event_id{};
  uuid correlation{};
  std::string traceparent;

  model::errands asks; ///< once `reacted`
  std::size_t next = 0;
  bool reacted = false;
  bool following = false; ///< the last errand is what `follow` said

  enum class state { queued, flying, waiting } now = state::queued;
  unsigned attempts = 0; ///< of the errand that is next
  std::string why;       ///< the last one was no answer
  instant again{};       ///< when it is tried anew, while waiting
  bool parked = false;   ///< the journal knows that the position has passed it

  instant taken{};                   ///< by this node
  instant sent{};                    ///< the errand that is next, for the first time
  received_message* reply = nullptr; ///< that `follow` hears; null: none that is counted
};

/// The bookkeeping of one policy in one shard: what was read and has not ended, in lanes by entity,
/// and which position may be stored (protocols.md E2). Pure: no journal, no clock, no threads.
class reaction_queue {
public:
  static constexpr std::size_t queued_max = 1'000;  ///< not parked: more is not read meanwhile
  static constexpr std::size_t parked_max = 10'000; ///< over it the policy is stalled in the shard

  /// Where the journal says it has come to.
  explicit reaction_queue(persistence::sequence_t position = 0)
    : read_to_(position),
      stored_(position) {}

  /// How far the log was read.
  persistence::sequence_t read_to() const { return read_to_; }
  /// A record that is none of the policy's business.
  void pass(persistence::sequence_t at) { read_to_ = at; }
  /// One that is. One that was parked stands before the position.
  void take(pending_reaction p);

  bool has_room() const { return open_.size() < queued_max && !stalled(); }
  bool stalled() const { return parked() >= parked_max; }

  /// Those at the front of their lanes that have not been started: they may be.
  std::vector<pending_reaction*> startable();
  /// Null: it has ended.
  pending_reaction* find(persistence::sequence_t at);
  void ended(persistence::sequence_t at);
  /// Given up: its letter goes with the position.
  void died(persistence::sequence_t at, persistence::dead_letter letter);

  /// What the journal should be told; parks what stands behind a front that waits. The caller says
  /// when it was written.
  persistence::progress to_store();
  void stored(const persistence::progress& what) { stored_ = what.at; }
  /// How much has happened since: ended events, passed ones by the thousand, one that waits.
  std::size_t unstored() const;

  std::size_t size() const { return all_.size(); }

private:
  using lane = std::deque<persistence::sequence_t>;

  std::size_t parked() const { return all_.size() - open_.size(); }
  bool waits(persistence::sequence_t at) const;
  void leave(persistence::sequence_t at);
  persistence::sequence_t position() const;

  std::map<persistence::sequence_t, pending_reaction> all_;
  std::set<persistence::sequence_t> open_; ///< of these, those that are not parked
  std::unordered_map<std::string, lane> lanes_;
  std::vector<persistence::sequence_t> fresh_; ///< new at the front of their lanes
  persistence::sequence_t read_to_;
  persistence::sequence_t stored_;
  std::size_t ended_ = 0; ///< since the last to_store()
  std::vector<persistence::sequence_t> resumed_;
  std::vector<persistence::dead_letter> dead_;
};

} // namespace reenact::runtime
