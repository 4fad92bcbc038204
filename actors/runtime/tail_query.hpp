#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <caf/intrusive_ptr.hpp>
#include <caf/ref_counted.hpp>

namespace reenact::runtime {

/// Where a reader of the logs is: the last sequence that it has seen of some shards.
using log_places = std::vector<std::pair<std::uint32_t, std::uint64_t>>; ///< shard, sequence

/// A durable event as it left the log.
struct tail_event {
  std::uint32_t shard = 0;
  std::uint64_t sequence = 0; ///< in its shard
  std::uint64_t version = 0;  ///< in its stream
  std::int64_t stamp_us = 0;  ///< since 1970
  std::string entity;
  std::string record; ///< serialized model::Record
};

/// Who follows the logs as they grow: asks for what comes after its places, is told when there is
/// something, and asks again when it has taken that, so that a slow reader costs no memory.
/// finished() is called once for each cluster::follow(), on any thread, and must not block.
class tail_query : public caf::ref_counted {
public:
  static constexpr std::size_t bytes_max = 64U << 10U; ///< of a batch; one event may be larger

  // -- what is asked; set before follow() -----------------------------------------
  std::set<std::string, std::less<>> types; ///< of events, by full name; others are passed
  std::string entity;                       ///< of this one alone; empty: of all
  log_places after;                         ///< all shards, or those that are meant

  // -- what comes of it -----------------------------------------------------------
  enum class ending {
    pending,
    told,   ///< `events`, in the order of each shard; none: only `after` has moved, if at all
    closed, ///< the node ends
    failed  ///< the log could not be read, or too many ask: `why`; nothing has moved
  };
  ending what = ending::pending;
  std::vector<tail_event> events;
  std::string why;

  /// The way home, for whoever made the query. `after` stands behind `events` then.
  virtual void finished() noexcept = 0;
};

using tail_query_ptr = caf::intrusive_ptr<tail_query>;

} // namespace reenact::runtime
