#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Reads what the consumers of a RocksDB journal have stored, checking every checksum. Any thread;
/// what was stored and not synced is seen too. The shards that it is asked for are there.
class progress_reader {
public:
  progress_reader(rocksdb::DB& db, std::uint32_t shards) : db_(db), shards_(shards) {}

  /// Nothing: never stored.
  result<std::optional<sequence_t>> position(std::string_view consumer, shard_id shard) const;
  result<positions_by_shard> positions(std::string_view consumer) const;
  result<std::vector<sequence_t>> parked(std::string_view consumer, shard_id shard) const;
  status read_dead_letters(std::string_view consumer, shard_id shard,
                           const dead_letter_visitor& visit) const;
  result<std::vector<std::string>> consumers() const;

private:
  rocksdb::DB& db_;
  const std::uint32_t shards_;
};

} // namespace reenact::persistence
