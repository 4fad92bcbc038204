#pragma once

#include <optional>
#include <string_view>

#include <rocksdb/db.h>

#include "persistence/journal.hpp"

/// Reads the timers that are set, which lie in the order of their due times.
namespace reenact::persistence {

/// What a timer's key says, and in which shard it lies.
struct timer_place {
  shard_id shard = 0;
  due_timer what;
};

/// Nothing if it is not the key of a timer.
std::optional<timer_place> place_of_timer(std::string_view key);

status read_timers(rocksdb::DB& db, shard_id shard, stamp_t until, std::size_t most,
                   const timer_visitor& visit);

} // namespace reenact::persistence
