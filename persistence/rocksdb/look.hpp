#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/db.h>

#include "persistence/journal.hpp"
#include "persistence/rocksdb/directory_lock.hpp"
#include "persistence/rocksdb/event_reader.hpp"
#include "persistence/rocksdb/witness.hpp"

namespace reenact::persistence {

/// A RocksDB journal opened read only, in whatever state it is; nobody else has it open meanwhile.
struct look {
  std::string directory;
  directory_lock lock;
  std::unique_ptr<rocksdb::DB> db;
  identity who;
  std::optional<witness> seen;
  std::vector<event_reader::log_end> ends;
  std::string damage; ///< why it would not open to serve, as far as opening tells; empty: it would
};

/// Fails when there is no journal, when it is open elsewhere, or when nothing of it can be read.
result<look> look_into(std::string_view url);

/// PATH of "rocksdb:PATH".
result<std::string> directory_of(std::string_view url);

} // namespace reenact::persistence
