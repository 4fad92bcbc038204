#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <caf/fwd.hpp>

#include "actors/model/registry.hpp"
#include "actors/runtime/clock.hpp"
#include "actors/runtime/command_counts.hpp"
#include "actors/runtime/elsewhere.hpp"
#include "actors/runtime/ids.hpp"
#include "actors/runtime/lease.hpp"
#include "actors/runtime/message_counts.hpp"
#include "actors/runtime/port.hpp"
#include "actors/runtime/reader_pool.hpp"
#include "actors/runtime/shard_table.hpp"
#include "persistence/journal_writer.hpp"

namespace reenact::runtime {

/// The bounds of a node's entities. Over each of them the caller gets 503 with Retry-After.
struct bounds {
  std::uint32_t unanswered_max = 65'536;       ///< calls on one node
  std::uint32_t unanswered_entity_max = 1'024; ///< calls at one entity
  std::uint32_t speculative_max = 256;         ///< appends of one entity on their way at once
  std::uint64_t resident_max = 1'000'000;      ///< entities in memory: beyond it the idlest go
  std::uint32_t idle_sweeps = 4;               ///< sweeps without a call after which an entity goes
  std::uint64_t snapshot_events_min = 100;     ///< events before a first snapshot is considered
};

/// Places of the journal that could not be read, because it is damaged there or holds what this
/// program does not know. Each is logged once, as whoever asks may ask again. Thread safe.
class unreadable {
public:
  static constexpr std::size_t places_max = 10'000; ///< remembered; more are not counted

  /// An entity, or how far a shard's log was read.
  void add(const std::string& place, const persistence::failure& why);
  std::uint64_t places() const;
  /// The first place whose bytes are not what was written; empty: there is none.
  std::string damaged() const;

private:
  mutable std::mutex mutex_; ///< guards what follows
  std::set<std::string> places_;
  std::string damaged_;
};

/// What entities, directory and region can reach: one a node, alive until the last actor has ended.
struct surroundings {
  caf::actor_system& system;
  const model::registry& types;
  persistence::journal& journal;
  persistence::journal_writer& writer;
  reader_pool& readers;
  const clock& time;
  entropy& random;
  const lease& held;
  bounds limits;
  port_table ports{};
  /// Called, on any thread, when an append's fate shows that the journal may be broken.
  std::function<void()> journal_suspect;
  elsewhere* others = nullptr; ///< null: this node has all shards
  shard_table tokens{journal.about().shards, random.draw() | 1U};
  unreadable unread;
  command_counts accepted{types};
  message_counts said{types};
};

} // namespace reenact::runtime
