#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include "persistence/journal.hpp"

/// RocksDB as a journal uses it: its options, its opening, its errors as values.
namespace reenact::persistence {

/// What tests and benches change; a node takes it as it is.
struct rocksdb_settings {
  rocksdb::Env* env = rocksdb::Env::Default();
  std::size_t write_buffer_bytes = 32U << 20U; ///< larger is slower: the skip list leaves the cache
  std::chrono::milliseconds witness_period{1'000}; ///< 0: only at close
};

enum class opening {
  create,       ///< to serve, made when it is not there
  look,         ///< read only, if it would serve
  look_at_rest, ///< read only, what there is up to the first damage of its log
  salvage       ///< for good what there is up to the first damage of its log
};

/// Whether there is a journal. Fails when there was one: making a new one would remove its remains.
result<bool> has_database(const std::string& directory);

/// Opens DIRECTORY/db.
result<std::unique_ptr<rocksdb::DB>> open_database(const std::string& directory, opening how,
                                                   const rocksdb_settings& with);

/// Commits and waits for the disk.
rocksdb::WriteOptions synced();

/// What RocksDB said as a failure; `doing` begins the text: "read the log of shard 3".
failure failed(const rocksdb::Status& why, const std::string& doing);

/// Nothing: there is no identity, the journal is new.
result<std::optional<identity>> load_identity(rocksdb::DB& db);
status store_identity(rocksdb::DB& db, const identity& who);

/// Epoch 0: nobody has claimed the shard.
result<token> load_owner(rocksdb::DB& db, shard_id shard);

} // namespace reenact::persistence
