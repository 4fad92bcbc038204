#pragma once

#include <optional>
#include <string>
#include <vector>

#include <rocksdb/env.h>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// The log ends that a journal has reached and must reach again (KEYS.md). Written beside the
/// database and synced, so a database that lost its tail is found out.
struct witness {
  uuid lineage{};
  std::vector<sequence_t> ends; ///< one a shard
};

status write_witness(rocksdb::Env& env, const std::string& directory, const witness& what);

/// Nothing: there is none. A damaged one is a failure.
result<std::optional<witness>> read_witness(rocksdb::Env& env, const std::string& directory);

/// Whether a journal has all that it had. Without a witness only an empty one has.
status compare(const std::optional<witness>& seen, const identity& who,
               const std::vector<sequence_t>& ends);

std::string to_hex(const uuid& id);

} // namespace reenact::persistence
