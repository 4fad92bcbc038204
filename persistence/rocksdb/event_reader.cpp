#include "persistence/rocksdb/event_reader.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "persistence/refusals.hpp"
#include "persistence/rocksdb/database.hpp"
#include "persistence/rocksdb/keys.hpp"

namespace reenact::persistence {
namespace {

constexpr std::size_t page_events = 256; // bodies fetched at once when a log is read

std::string_view view(const rocksdb::Slice& s) { return {s.data(), s.size()}; }

failure damaged(const std::string& what) {
  return {failure::kind::corrupt, what + "; `mallbots journal verify` lists all that is damaged"};
}

std::string name_of(const stream& of, version_t version) {
  return of.type + " " + of.entity + " version " + std::to_string(version);
}

std::string name_of(shard_id shard, sequence_t sequence) {
  return "shard " + std::to_string(shard) + " sequence " + std::to_string(sequence);
}

/// Fills in what a body holds; false if it is damaged.
bool open_body(std::string_view key, std::string_view value, stored& into) {
  const auto rest = keys::unseal(key, value);
  if (!rest) return false;
  keys::reader body(*rest);
  into.sequence = body.get64();
  into.stamp = static_cast<stamp_t>(body.get64());
  into.record = body.rest();
  keys::reader place(key.substr(1));
  into.entity = place.name();
  into.type = place.name();
  into.version = place.get64();
  return !body.bad() && !place.bad() && place.rest().empty();
}

} // namespace

result<version_t> event_reader::head(const stream& of) const {
  if (!is_name(of.type) || !is_name(of.entity)) return version_t{0};
  const auto prefix = keys::of_stream(keys::body, of.type, of.entity);
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(options));
  at->SeekForPrev(prefix + std::string(keys::version_bytes, '\xff'));
  if (!at->status().ok()) return failed(at->status(), "look up " + name_of(of, 0));
  if (!at->Valid() || !at->key().starts_with(prefix)) return version_t{0};
  stored last;
  if (!open_body(view(at->key()), view(at->value()), last))
    return damaged("the last record of " + of.type + " " + of.entity + " is damaged");
  return last.version;
}

status event_reader::read_stream(const stream& of, version_t from, const visitor& visit) const {
  if (!is_name(of.type) || !is_name(of.entity)) return done{};
  version_t expected = std::max<version_t>(from, 1);
  auto past = keys::of_stream(keys::body, of.type, of.entity);
  auto first = past;
  keys::put64(first, expected);
  past.append(keys::version_bytes, '\xff');
  const rocksdb::Slice bound(past);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  options.prefix_same_as_start = true;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(options));
  stored event;
  event.shard = shard_of(of.entity, shards_);
  for (at->Seek(first); at->Valid(); at->Next()) {
    if (!open_body(view(at->key()), view(at->value()), event))
      return damaged(name_of(of, expected) + " is damaged");
    if (event.version != expected++) return damaged(name_of(of, expected - 1) + " is missing");
    if (!visit(event)) return done{};
  }
  if (!at->status().ok()) return failed(at->status(), "read " + name_of(of, expected));
  return done{};
}

/// Some pointers of a log, and the bodies they lead to.
struct event_reader::page {
  sequence_t first = 0;
  std::vector<std::string> body_keys;
};

status event_reader::read_log(shard_id shard, sequence_t from, std::size_t most,
                              const visitor& visit) const {
  if (shard >= shards_) return no_such_shard(shard, shards_);
  const auto past = keys::of_shard(keys::pointer, shard) + std::string(8, '\xff');
  const rocksdb::Slice bound(past);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(options));
  page now{std::max<sequence_t>(from, 1), {}};
  bool more = true;
  at->Seek(keys::of_pointer(shard, now.first));
  for (; more && most > 0 && at->Valid(); at->Next(), --most) {
    const auto sequence = now.first + now.body_keys.size();
    if (view(at->key()) != keys::of_pointer(shard, sequence))
      return damaged(name_of(shard, sequence) + " is missing");
    const auto leads_to = keys::unseal(view(at->key()), view(at->value()));
    if (!leads_to) return damaged("the pointer of " + name_of(shard, sequence) + " is damaged");
    now.body_keys.push_back(keys::body + std::string(*leads_to));
    if (now.body_keys.size() < page_events) continue;
    if (auto shown = show(shard, now, visit, more); !shown) return shown;
  }
  if (!at->status().ok()) return failed(at->status(), "read the log of " + name_of(shard, from));
  return show(shard, now, visit, more);
}

status event_reader::show(shard_id shard, page& of, const visitor& visit, bool& more) const {
  const auto count = of.body_keys.size();
  const std::vector<rocksdb::Slice> wanted(of.body_keys.begin(), of.body_keys.end());
  std::vector<rocksdb::PinnableSlice> bodies(count);
  std::vector<rocksdb::Status> found(count);
  db_.MultiGet(rocksdb::ReadOptions(), db_.DefaultColumnFamily(), count, wanted.data(),
               bodies.data(), found.data());
  stored event;
  event.shard = shard;
  for (std::size_t i = 0; more && i < count; ++i) {
    const auto sequence = of.first + i;
    if (found[i].IsNotFound())
      return damaged("the record of " + name_of(shard, sequence) + " is missing");
    if (!found[i].ok()) return failed(found[i], "read " + name_of(shard, sequence));
    if (!open_body(of.body_keys[i], view(bodies[i]), event) || event.sequence != sequence)
      return damaged("the record of " + name_of(shard, sequence) + " is damaged");
    more = visit(event);
  }
  of.first += count;
  of.body_keys.clear();
  return done{};
}

result<event_reader::log_end> event_reader::end_of(shard_id shard) const {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> at(db_.NewIterator(options));
  at->SeekForPrev(keys::of_shard(keys::pointer, shard) + std::string(8, '\xff'));
  if (!at->status().ok()) return failed(at->status(), "find the log's end of " + name_of(shard, 0));
  log_end end;
  if (!at->Valid() || !at->key().starts_with(keys::of_shard(keys::pointer, shard))) return end;
  keys::reader place(view(at->key()).substr(3));
  const auto last = place.get64();
  auto seen = read_log(shard, last, 1, [&](const stored& s) {
    end = {s.sequence, s.stamp};
    return true;
  });
  if (!seen) return seen.error();
  return end;
}

} // namespace reenact::persistence
