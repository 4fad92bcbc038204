#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/model/aggregate.hpp"
#include "actors/runtime/window.hpp"
#include "persistence/journal.hpp"

namespace reenact::runtime {

using model::any_message;

/// An entity as its journal has it.
struct recovered {
  std::unique_ptr<any_message> state;
  persistence::version_t records = 0;        ///< events and notes
  persistence::version_t entity_version = 0; ///< that of the last event
  uuid last_event{};
  persistence::version_t snapshot = 0; ///< entity_version of the snapshot it began with; 0: none
  window remembered;
  std::vector<persistence::timer> timers; ///< that are set

  /// Null: no such timer is set.
  const persistence::timer* timer(std::string_view name) const;
  /// Notes what a record says of a timer.
  void note(const ::model::Timer& t);
  /// What a command's append of `more` records does to the timers: what was decided, and the one
  /// that sent it (empty: none did) is over. Laid into the append and its last record, and noted.
  void set_timers(const model::alarm_list& decided, const std::string& sender, std::size_t more,
                  std::int64_t now_us, persistence::append& into, ::model::Record& last);
};

/// How failures begin that the stream's content is to blame for, not the engine or its disk.
inline constexpr std::string_view cannot_load = "cannot load: ";

/// Re-enacts a stream: from its snapshot when that fits in every respect, else from the first
/// event. Blocks, so it runs on a reader thread. An event of a type that the aggregate does not
/// know, or that cannot be parsed, is a failure `cannot load: ...`: it is never skipped. `now_us`
/// tells which commands nobody can repeat any more.
persistence::result<recovered> recover(const persistence::journal& from,
                                       const model::aggregate_type& type, const std::string& entity,
                                       std::int64_t now_us);

/// What a snapshot of an entity as it is now would hold.
persistence::snapshot take_snapshot(const recovered& life);

/// Whether replaying `events` costs more than loading a snapshot of `state_bytes` and `remembered`
/// commands (measured figures, docs/performance.md), and not before `least` events.
bool snapshot_pays(std::uint64_t events, std::size_t state_bytes, std::size_t remembered,
                   std::uint64_t least);

/// A fingerprint of all that a message type can hold: another one and snapshots are ignored.
std::uint64_t fingerprint(const model::descriptor* of);

} // namespace reenact::runtime
