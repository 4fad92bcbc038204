#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "persistence/journal.hpp"
#include "tools/journal/report.hpp"

namespace reenact::tools {

/// Where records come from: a journal that serves, or one that is only looked at.
struct record_source {
  std::vector<persistence::sequence_t> ends; ///< of each shard's log
  std::function<persistence::status(persistence::shard_id, persistence::sequence_t from,
                                    const persistence::visitor&)>
      read_log;
  std::function<persistence::status(const persistence::stream&, const persistence::visitor&)>
      read_stream;
};

/// Which records a dump shows: all that fit everything that is set.
struct selection {
  std::string type;   ///< of the stream: "customers.Customer"
  std::string entity; ///< its id
  std::optional<std::uint32_t> shard;
  std::uint64_t from = 1; ///< sequence in each shard
  std::uint64_t most = 0; ///< 0: all
};

/// Writes them one a line, shard by shard in log order; with type and entity, one stream in version
/// order.
persistence::status dump(const record_source& from, const selection& which, output as,
                         std::ostream& to);

} // namespace reenact::tools
