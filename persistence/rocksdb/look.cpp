#include "persistence/rocksdb/look.hpp"

#include <utility>

#include "persistence/rocksdb/database.hpp"

namespace reenact::persistence {
namespace {

constexpr std::string_view scheme = "rocksdb:";

std::vector<sequence_t> sequences(const std::vector<event_reader::log_end>& ends) {
  std::vector<sequence_t> all;
  for (const auto& end : ends) all.push_back(end.sequence);
  return all;
}

} // namespace

result<std::string> directory_of(std::string_view url) {
  if (url.starts_with(scheme) && url.size() > scheme.size())
    return std::string(url.substr(scheme.size()));
  if (url.starts_with("redis")) // its URL may hold a password
    return failure{failure::kind::refused,
                   "a Redis journal keeps no files of its own to mend: redis-check-aof mends those "
                   "of the server, and what was lost is told when a node opens the journal"};
  return failure{failure::kind::refused,
                 "\"" + std::string(url) + "\" keeps no files to look at: use rocksdb:PATH"};
}

result<look> look_into(std::string_view url) {
  auto directory = directory_of(url);
  if (!directory) return directory.error();
  const auto there = has_database(*directory);
  if (!there) return there.error();
  if (!*there) return failure{failure::kind::refused, "there is no journal in " + *directory};
  auto lock = directory_lock::take(*directory);
  if (!lock) return lock.error();
  look found{*directory, std::move(*lock), nullptr, {}, {}, {}, {}};

  const rocksdb_settings with;
  auto db = open_database(*directory, opening::look, with);
  if (!db) {
    found.damage = db.error().text;
    db = open_database(*directory, opening::look_at_rest, with);
  }
  if (!db) return db.error();
  found.db = std::move(*db);
  auto who = load_identity(*found.db);
  if (!who) return who.error();
  if (!*who) return failure{failure::kind::corrupt, *directory + " has no identity left"};
  found.who = **who;

  const event_reader events(*found.db, found.who.shards);
  for (shard_id s = 0; s < found.who.shards; ++s) {
    auto end = events.end_of(s);
    if (!end) return end.error();
    found.ends.push_back(*end);
  }
  auto seen = read_witness(*with.env, *directory);
  if (seen) found.seen = *seen;
  const auto whole =
      seen ? compare(found.seen, found.who, sequences(found.ends)) : status(seen.error());
  if (!whole && found.damage.empty()) found.damage = whole.error().text;
  return found;
}

} // namespace reenact::persistence
