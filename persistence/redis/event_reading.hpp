#pragma once

#include "persistence/journal.hpp"
#include "persistence/redis/reading.hpp"

/// Reads events, timers and snapshots of a Redis journal: checks of each its checksum and its
/// place, and of a log that nothing is missing. Any thread. In pages, so that neither Redis nor
/// this process holds more than a few megabytes of a long stream at once.
namespace reenact::persistence::redis {

result<version_t> read_head(reading& by, const layout& keys, std::uint32_t shards,
                            const stream& of);
status read_stream(reading& by, const layout& keys, std::uint32_t shards, const stream& of,
                   version_t from, const visitor& visit);
status read_log(reading& by, const layout& keys, shard_id shard, sequence_t from, std::size_t most,
                const visitor& visit);
status read_timers(reading& by, const layout& keys, shard_id shard, stamp_t until, std::size_t most,
                   const timer_visitor& visit);
result<snapshot> load_snapshot(reading& by, const layout& keys, std::uint32_t shards,
                               const stream& of);

} // namespace reenact::persistence::redis
