#include "persistence/rocksdb/progress_reader.hpp"

#include <algorithm>
#include <functional>
#include <memory>

#include "persistence/refusals.hpp"
#include "persistence/rocksdb/database.hpp"
#include "persistence/rocksdb/keys.hpp"

namespace reenact::persistence {
namespace {

/// Gets the key and what follows the checksum of its value, nothing if that is wrong; false ends.
using entry_visitor =
    std::function<bool(std::string_view key, const std::optional<std::string_view>& rest)>;

rocksdb::Status scan(rocksdb::DB& db, const std::string& from, const std::string& past,
                     const entry_visitor& visit) {
  const rocksdb::Slice bound(past);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(options));
  for (at->Seek(from); at->Valid(); at->Next()) {
    const auto key = at->key().ToStringView();
    if (!visit(key, keys::unseal(key, at->value().ToStringView()))) return {};
  }
  return at->status();
}

using sequence_visitor =
    std::function<bool(sequence_t sequence, const std::optional<std::string_view>& rest)>;

/// All of a kind that a consumer has in a shard, by sequence.
rocksdb::Status scan(rocksdb::DB& db, char kind, std::string_view consumer, shard_id shard,
                     const sequence_visitor& visit) {
  const auto prefix = keys::of_consumer(kind, consumer, shard);
  return scan(db, prefix, prefix + std::string(9, '\xff'), [&](auto key, const auto& rest) {
    keys::reader in(key.substr(prefix.size()));
    const auto sequence = in.get64();
    const bool whole = !in.bad() && in.rest().empty();
    return visit(sequence, whole ? rest : std::nullopt);
  });
}

failure damaged(const std::string& what, std::string_view consumer) {
  return {failure::kind::corrupt,
          what + " of " + std::string(consumer) +
              " is damaged; `mallbots journal verify` lists all that is damaged"};
}

} // namespace

result<std::optional<sequence_t>> progress_reader::position(std::string_view consumer,
                                                            shard_id shard) const {
  const auto key = keys::of_consumer(keys::position, consumer, shard);
  std::string value;
  const auto got = db_.Get(rocksdb::ReadOptions(), key, &value);
  if (got.IsNotFound()) return std::optional<sequence_t>();
  if (!got.ok()) return failed(got, "read the position of " + std::string(consumer));
  const auto rest = keys::unseal(key, value);
  if (!rest) return damaged("a position", consumer);
  return std::optional(keys::reader(*rest).get64());
}

result<positions_by_shard> progress_reader::positions(std::string_view consumer) const {
  positions_by_shard all(shards_);
  if (!is_name(consumer)) return all;
  bool right = true;
  const auto read =
      scan(db_, keys::of_consumer(keys::position, consumer, 0),
           keys::of_consumer(keys::position, consumer, 0xffff), [&](auto key, const auto& rest) {
             const auto shard = keys::reader(key.substr(key.size() - 2)).get16();
             right = rest && shard < all.size();
             if (right) all[shard] = keys::reader(*rest).get64();
             return right;
           });
  if (!right) return damaged("a position", consumer);
  if (!read.ok()) return failed(read, "read the positions of " + std::string(consumer));
  return all;
}

result<std::vector<sequence_t>> progress_reader::parked(std::string_view consumer,
                                                        shard_id shard) const {
  std::vector<sequence_t> all;
  if (!is_name(consumer)) return all;
  bool right = true;
  const auto read = scan(db_, keys::parked, consumer, shard, [&](auto sequence, const auto& rest) {
    right = rest.has_value();
    all.push_back(sequence);
    return right;
  });
  if (!right) return damaged("a parked sequence", consumer);
  if (!read.ok()) return failed(read, "read what is parked of " + std::string(consumer));
  return all;
}

status progress_reader::read_dead_letters(std::string_view consumer, shard_id shard,
                                          const dead_letter_visitor& visit) const {
  if (!is_name(consumer)) return done{};
  bool right = true;
  const auto read =
      scan(db_, keys::dead_letter, consumer, shard, [&](auto sequence, const auto& rest) {
        keys::reader in(rest.value_or(""));
        dead_letter letter;
        letter.at = sequence;
        letter.attempts = in.get32();
        letter.when = static_cast<stamp_t>(in.get64());
        letter.why = in.rest();
        right = rest && !in.bad();
        return right && visit(letter);
      });
  if (!right) return damaged("a dead letter", consumer);
  if (!read.ok()) return failed(read, "read the dead letters of " + std::string(consumer));
  return done{};
}

result<std::vector<std::string>> progress_reader::consumers() const {
  std::vector<std::string> names;
  std::string from(1, keys::position);
  for (const std::string past(1, keys::position + 1);;) {
    std::string found;
    bool right = true;
    const auto read = scan(db_, from, past, [&](auto key, const auto& rest) {
      found = keys::reader(key.substr(1)).name();
      right = rest.has_value();
      return false; // the name's other shards are passed over
    });
    if (!right) return damaged("a position", found);
    if (!read.ok()) return failed(read, "read the names of consumers");
    if (found.empty()) break;
    from = keys::of_consumer(keys::position, found, 0xffff) + '\xff';
    names.push_back(std::move(found));
  }
  std::ranges::sort(names); // keys begin with the names' lengths
  return names;
}

} // namespace reenact::persistence
