#pragma once

#include <string>

#include <rocksdb/db.h>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Reads the events of a RocksDB journal, checking every checksum, the place of each and that none
/// is missing. Any thread; each call sees what was durable when it began, or more.
class event_reader {
public:
  event_reader(rocksdb::DB& db, std::uint32_t shards) : db_(db), shards_(shards) {}

  result<version_t> head(const stream& of) const;
  status read_stream(const stream& of, version_t from, const visitor& visit) const;
  status read_log(shard_id shard, sequence_t from, std::size_t most, const visitor& visit) const;

  struct log_end {
    sequence_t sequence = 0;
    stamp_t stamp = 0;
  };
  result<log_end> end_of(shard_id shard) const;

private:
  struct page;

  status show(shard_id shard, page& of, const visitor& visit, bool& more) const;

  rocksdb::DB& db_;
  const std::uint32_t shards_;
};

} // namespace reenact::persistence
