#include "persistence/rocksdb/timer_reader.hpp"

#include <memory>
#include <string>

#include "persistence/rocksdb/database.hpp"
#include "persistence/rocksdb/keys.hpp"

namespace reenact::persistence {

std::optional<timer_place> place_of_timer(std::string_view key) {
  if (key.empty() || key[0] != keys::timer) return std::nullopt;
  keys::reader in(key.substr(1));
  timer_place at;
  at.shard = in.get16();
  at.what.due = static_cast<stamp_t>(in.get64());
  at.what.entity = in.name();
  at.what.type = in.name();
  at.what.name = in.name();
  at.what.generation = in.get64();
  if (in.bad() || !in.rest().empty()) return std::nullopt;
  return at;
}

status read_timers(rocksdb::DB& db, shard_id shard, stamp_t until, std::size_t most,
                   const timer_visitor& visit) {
  if (until < 0) return done{};
  auto past = keys::of_shard(keys::timer, shard);
  keys::put64(past, static_cast<std::uint64_t>(until) + 1);
  const rocksdb::Slice bound(past);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(options));
  for (at->Seek(keys::of_due(shard, 0)); most > 0 && at->Valid(); at->Next(), --most) {
    const auto key = at->key().ToStringView();
    const auto found = place_of_timer(key);
    if (!found || !keys::unseal(key, at->value().ToStringView()))
      return failure{failure::kind::corrupt,
                     "a timer of shard " + std::to_string(shard) +
                         " is damaged; `mallbots journal verify` lists all that is damaged"};
    if (!visit(found->what)) return done{};
  }
  if (!at->status().ok())
    return failed(at->status(), "read the timers of shard " + std::to_string(shard));
  return done{};
}

} // namespace reenact::persistence
