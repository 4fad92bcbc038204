#include "persistence/redis/layout.hpp"

#include <charconv>

#include "persistence/admission.hpp"
#include "persistence/rocksdb/checksum.hpp"
#include "persistence/rocksdb/keys.hpp"

// The place of a value, which its checksum covers, is the key that it would have in a RocksDB
// journal: two engines, one way to say where something belongs.
namespace reenact::persistence::redis {
namespace {

/// A member of a sorted set is all there is: what it says, and its checksum behind.
std::string sealed_member(std::string_view place, std::string what) {
  keys::put32(what, crc32c(what, crc32c(place)));
  return what;
}

std::optional<std::string_view> unsealed_member(std::string_view place, std::string_view member) {
  if (member.size() < keys::checksum_bytes) return std::nullopt;
  const auto what = member.substr(0, member.size() - keys::checksum_bytes);
  keys::reader sum(member.substr(what.size()));
  if (sum.get32() != crc32c(what, crc32c(place))) return std::nullopt;
  return what;
}

std::string sealed(std::string_view place, std::string_view what) {
  std::string value;
  keys::begin_value(value);
  value += what;
  keys::seal(place, value);
  return value;
}

} // namespace

std::string layout::parked(shard_id s, std::string_view consumer) const {
  return of_shard(s) + "q:" + std::string(consumer);
}

std::string layout::dead_letters(shard_id s, std::string_view consumer) const {
  return of_shard(s) + "x:" + std::string(consumer);
}

std::string name_of(std::string_view type, std::string_view entity) {
  auto name = std::to_string(type.size());
  name.reserve(name.size() + type.size() + entity.size() + 2);
  name += ':';
  name += type;
  name += ':';
  name += entity;
  return name;
}

std::optional<std::pair<std::string_view, std::string_view>> parse_name(std::string_view name) {
  std::size_t length = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), length);
  if (read.ec != std::errc() || length == 0 || length > name_bytes_max) return std::nullopt;
  name.remove_prefix(static_cast<std::size_t>(read.ptr - name.data()));
  if (name.size() < length + 3 || name[0] != ':' || name[length + 1] != ':') return std::nullopt;
  return std::pair(name.substr(1, length), name.substr(length + 2));
}

void seal_event(std::string& to, std::string_view type, std::string_view entity, version_t version,
                sequence_t sequence, stamp_t stamp, std::string_view record) {
  keys::begin_value(to);
  keys::put64(to, sequence);
  keys::put64(to, static_cast<std::uint64_t>(stamp));
  to += record;
  keys::seal(keys::of_body(type, entity, version), to);
}

std::optional<event> unseal_event(std::string_view element, std::string_view type,
                                  std::string_view entity, version_t version) {
  const auto rest = keys::unseal(keys::of_body(type, entity, version), element);
  if (!rest) return std::nullopt;
  keys::reader in(*rest);
  event found;
  found.sequence = in.get64();
  found.stamp = static_cast<stamp_t>(in.get64());
  found.record = in.rest();
  return in.bad() ? std::nullopt : std::optional(found);
}

std::string seal_timer(shard_id shard, std::string_view type, std::string_view entity,
                       const timer& what) {
  const auto key = keys::of_timer(shard, type, entity, what);
  const auto place = keys::of_shard(keys::timer, shard);
  return sealed_member(place, key.substr(place.size()));
}

std::optional<due_timer> unseal_timer(shard_id shard, std::string_view member) {
  const auto what = unsealed_member(keys::of_shard(keys::timer, shard), member);
  if (!what) return std::nullopt;
  keys::reader in(*what);
  due_timer t;
  t.due = static_cast<stamp_t>(in.get64());
  t.entity = in.name();
  t.type = in.name();
  t.name = in.name();
  t.generation = in.get64();
  return in.bad() || !in.rest().empty() ? std::nullopt : std::optional(t);
}

std::string seal_snapshot(const stream& of, const snapshot& what) {
  return sealed(keys::of_stream(keys::snapshot, of.type, of.entity),
                big_endian(what.version) + what.bytes);
}

std::optional<snapshot> unseal_snapshot(const stream& of, std::string_view value) {
  const auto rest = keys::unseal(keys::of_stream(keys::snapshot, of.type, of.entity), value);
  if (!rest) return std::nullopt;
  keys::reader in(*rest);
  snapshot found{in.get64(), {}};
  found.bytes = in.rest();
  return in.bad() ? std::nullopt : std::optional(std::move(found));
}

std::string seal_position(shard_id shard, std::string_view consumer, sequence_t at) {
  return sealed(keys::of_consumer(keys::position, consumer, shard), big_endian(at));
}

std::optional<sequence_t> unseal_position(shard_id shard, std::string_view consumer,
                                          std::string_view value) {
  const auto rest = keys::unseal(keys::of_consumer(keys::position, consumer, shard), value);
  if (!rest) return std::nullopt;
  keys::reader in(*rest);
  const auto at = in.get64();
  return in.bad() ? std::nullopt : std::optional(at);
}

std::string seal_parked(shard_id shard, std::string_view consumer, sequence_t at) {
  return sealed_member(keys::of_consumer(keys::parked, consumer, shard), big_endian(at));
}

std::optional<sequence_t> unseal_parked(shard_id shard, std::string_view consumer,
                                        std::string_view member) {
  const auto what = unsealed_member(keys::of_consumer(keys::parked, consumer, shard), member);
  if (!what) return std::nullopt;
  keys::reader in(*what);
  const auto at = in.get64();
  return in.bad() ? std::nullopt : std::optional(at);
}

std::string seal_letter(shard_id shard, std::string_view consumer, const dead_letter& what) {
  auto member = big_endian(what.at);
  keys::put32(member, what.attempts);
  keys::put64(member, static_cast<std::uint64_t>(what.when));
  member += cut_why(what.why);
  return sealed_member(keys::of_consumer(keys::dead_letter, consumer, shard), std::move(member));
}

std::optional<dead_letter> unseal_letter(shard_id shard, std::string_view consumer,
                                         std::string_view member) {
  const auto what = unsealed_member(keys::of_consumer(keys::dead_letter, consumer, shard), member);
  if (!what) return std::nullopt;
  keys::reader in(*what);
  dead_letter letter;
  letter.at = in.get64();
  letter.attempts = in.get32();
  letter.when = static_cast<stamp_t>(in.get64());
  letter.why = in.rest();
  return in.bad() ? std::nullopt : std::optional(std::move(letter));
}

std::string big_endian(std::uint64_t n) {
  std::string bytes;
  keys::put64(bytes, n);
  return bytes;
}

} // namespace reenact::persistence::redis
