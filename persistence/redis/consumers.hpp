#pragma once

#include "persistence/journal.hpp"
#include "persistence/redis/reading.hpp"
#include "persistence/redis/shard_writer.hpp"

/// Where consumers are in a Redis journal: read on any thread, stored on the writer's.
namespace reenact::persistence::redis {

result<positions_by_shard> read_positions(reading& by, const layout& keys, std::uint32_t shards,
                                          std::string_view consumer);
result<std::vector<sequence_t>> read_parked(reading& by, const layout& keys,
                                            std::string_view consumer, shard_id shard);
status read_letters(reading& by, const layout& keys, std::string_view consumer, shard_id shard,
                    const dead_letter_visitor& visit);
result<std::vector<std::string>> read_consumers(reading& by, const layout& keys,
                                                std::uint32_t shards);

/// The token before the bounds: who does not own the shard learns nothing else.
status store_progress(shard_writer& by, const layout& keys, const token& writer,
                      std::string_view consumer, shard_id shard, const progress& what);
status drop_letter(shard_writer& by, const layout& keys, const token& writer,
                   std::string_view consumer, shard_id shard, sequence_t at);

} // namespace reenact::persistence::redis
