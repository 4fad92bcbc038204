#include "persistence/repair.hpp"

#include <algorithm>
#include <utility>

#include "persistence/rocksdb/database.hpp"
#include "persistence/rocksdb/look.hpp"

namespace reenact::persistence {
namespace {

failure beyond_repair(const failure& why) {
  if (why.what != failure::kind::corrupt) return why;
  return {why.what, why.text + ". This cannot be repaired: restore a backup"};
}

status salvage(const look& at, const identity& as) {
  const rocksdb_settings with;
  auto db = open_database(at.directory, opening::salvage, with);
  if (!db) return beyond_repair(db.error());
  witness now{as.lineage, {}};
  const event_reader events(**db, as.shards);
  for (shard_id s = 0; s < as.shards; ++s) {
    auto end = events.end_of(s);
    if (!end) return beyond_repair(end.error());
    now.ends.push_back(end->sequence);
  }
  if (auto named = store_identity(**db, as); !named) return named;
  if (auto flushed = (*db)->Flush(rocksdb::FlushOptions()); !flushed.ok())
    return failed(flushed, "write what was saved");
  if (auto closed = (*db)->Close(); !closed.ok()) return failed(closed, "close what was saved");
  return write_witness(*with.env, at.directory, now);
}

/// Lays into the report what was seen; true when a log ends before it.
bool falls_short_of(const sighting& seen, const identity& who, repair_report& report) {
  if (seen.lineage != who.lineage) return false;
  bool is_short = false;
  for (shard_id s = 0; s < std::min(report.shards.size(), seen.ends.size()); ++s) {
    auto& shard = report.shards[s];
    shard.witnessed = std::max(shard.witnessed, seen.ends[s]);
    if (shard.readable >= seen.ends[s]) continue;
    is_short = true;
    if (report.damage.empty())
      report.damage = "shard " + std::to_string(s) + " is short: its log ends at " +
                      std::to_string(shard.readable) + ", and the views have seen " +
                      std::to_string(seen.ends[s]);
  }
  return is_short;
}

} // namespace

result<repair_report> repair(std::string_view url, repair_mode how, const sighting& seen) {
  auto at = look_into(url);
  if (!at) return beyond_repair(at.error());
  for (shard_id s = 0; s < at->who.shards; ++s)
    if (const auto owner = load_owner(*at->db, s); !owner) return beyond_repair(owner.error());
  repair_report report;
  report.damage = at->damage;
  report.lineage_before = report.lineage_after = at->who.lineage;
  std::vector<sequence_t> ends;
  for (const auto& end : at->ends) ends.push_back(end.sequence);
  const bool ours = at->seen && at->seen->lineage == at->who.lineage;
  for (shard_id s = 0; s < at->who.shards; ++s)
    report.shards.push_back({ends[s], ours && s < at->seen->ends.size() ? at->seen->ends[s] : 0});
  report.short_of_witness =
      falls_short_of(seen, at->who, report) || !compare(at->seen, at->who, ends);
  if (report.damage.empty()) return report;
  if (report.short_of_witness) report.lineage_after = new_lineage();
  if (how == repair_mode::look) return report;

  at->db.reset(); // the lock stays
  identity as = at->who;
  as.lineage = report.lineage_after;
  if (auto saved = salvage(*at, as); !saved) return saved.error();
  report.done = true;
  return report;
}

} // namespace reenact::persistence
