#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "persistence/journal.hpp"

/// The layout of KEYS.md: names of keys, and values sealed with their place, are made here and
/// nowhere else.
namespace reenact::persistence::redis {

/// The names under which one cluster's journal lies. A value, any thread.
class layout {
public:
  explicit layout(std::string cluster) : cluster_(std::move(cluster)) {}

  std::string identity() const { return cluster_ + ":i"; }
  std::string members() const { return cluster_ + ":m"; }
  std::string owner(shard_id s) const { return of_shard(s) + "t"; }
  std::string log(shard_id s) const { return of_shard(s) + "l"; }
  std::string timers(shard_id s) const { return of_shard(s) + "d"; }
  std::string positions(shard_id s) const { return of_shard(s) + "p"; }
  std::string parked(shard_id s, std::string_view consumer) const;
  std::string dead_letters(shard_id s, std::string_view consumer) const;
  /// What the names of a shard's streams and snapshots have before what name_of() makes.
  std::string streams(shard_id s) const { return of_shard(s) + "e:"; }
  std::string snapshots(shard_id s) const { return of_shard(s) + "s:"; }
  /// Of every key of the cluster, and of no other's.
  std::string everything() const { return cluster_ + ":*"; }

private:
  std::string of_shard(shard_id s) const { return cluster_ + ":{s" + std::to_string(s) + "}:"; }
  std::string cluster_;
};

/// "12:stores.Store:a1b2": the length of the type tells where it ends.
std::string name_of(std::string_view type, std::string_view entity);
/// Type and entity; nothing if nobody made the name.
std::optional<std::pair<std::string_view, std::string_view>> parse_name(std::string_view name);

/// An element of a stream's list: checksum, sequence, stamp, record.
void seal_event(std::string& to, std::string_view type, std::string_view entity, version_t version,
                sequence_t sequence, stamp_t stamp, std::string_view record);
struct event {
  sequence_t sequence = 0;
  stamp_t stamp = 0;
  std::string_view record;
};
/// Nothing: it is not what was written at this version of this stream.
std::optional<event> unseal_event(std::string_view element, std::string_view type,
                                  std::string_view entity, version_t version);

/// A member of a shard's timers: sorts by its due time.
std::string seal_timer(shard_id shard, std::string_view type, std::string_view entity,
                       const timer& what);
std::optional<due_timer> unseal_timer(shard_id shard, std::string_view member);

std::string seal_snapshot(const stream& of, const snapshot& what);
std::optional<snapshot> unseal_snapshot(const stream& of, std::string_view value);

std::string seal_position(shard_id shard, std::string_view consumer, sequence_t at);
std::optional<sequence_t> unseal_position(shard_id shard, std::string_view consumer,
                                          std::string_view value);

/// Members of what is parked and of dead letters sort by their sequence, with which they begin.
std::string seal_parked(shard_id shard, std::string_view consumer, sequence_t at);
std::optional<sequence_t> unseal_parked(shard_id shard, std::string_view consumer,
                                        std::string_view member);
std::string seal_letter(shard_id shard, std::string_view consumer, const dead_letter& what);
std::optional<dead_letter> unseal_letter(shard_id shard, std::string_view consumer,
                                         std::string_view member);

/// Eight bytes, the large ones first.
std::string big_endian(std::uint64_t n);

} // namespace reenact::persistence::redis
