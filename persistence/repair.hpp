#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// What a repair would do, or did.
struct repair_report {
  struct shard {
    sequence_t readable = 0;  ///< the log's end up to the first damage
    sequence_t witnessed = 0; ///< the end that was surely there once
  };
  /// Why the journal does not open; empty: it does, and there is nothing to do. Tables are not read
  /// through: verify() does that.
  std::string damage;
  std::vector<shard> shards;
  /// A log does not reach its witness, so that acknowledged events are lost, or there is none to
  /// tell: the journal gets a new lineage. What lies between the last witness (a second before the
  /// end) and the damage cannot be known.
  bool short_of_witness = false;
  uuid lineage_before{};
  uuid lineage_after{};
  bool done = false;
};

/// How far somebody else saw the journal come: its views.
struct sighting {
  uuid lineage{}; ///< of another lineage it says nothing
  std::vector<sequence_t> ends;
};

enum class repair_mode {
  look, ///< says what it would do
  apply ///< keeps what can be read up to the first damage, for good
};

/// Makes a journal open again whose log was damaged. Damaged tables and manifests cannot be
/// repaired: that is a failure, which says to restore a backup. A log that ends before what was
/// `seen` has lost events, even if nothing else tells.
result<repair_report> repair(std::string_view url, repair_mode how, const sighting& seen = {});

} // namespace reenact::persistence
