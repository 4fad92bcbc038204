#pragma once

#include <string>
#include <string_view>

#include "persistence/journal.hpp"

/// What every engine refuses, in the same words.
namespace reenact::persistence {

/// Nobody's token owns nothing.
inline bool owns(const token& writer, const token& owner) {
  return writer == owner && writer.incarnation != 0;
}

inline failure fenced_by(const token& owner) {
  return {failure::kind::fenced, "another writer owns the shard, epoch " +
                                     std::to_string(owner.epoch) + ": claim it again"};
}

inline failure no_such_shard(shard_id shard, std::uint32_t shards) {
  return {failure::kind::refused, "there is no shard " + std::to_string(shard) +
                                      ": the journal has " + std::to_string(shards)};
}

inline failure beyond_log_end(shard_id shard, sequence_t at, sequence_t end) {
  return {failure::kind::refused, "position " + std::to_string(at) + " of shard " +
                                      std::to_string(shard) + " is beyond the log's end " +
                                      std::to_string(end)};
}

inline failure not_in_log(shard_id shard, sequence_t sequence, sequence_t end) {
  return {failure::kind::refused, "sequence " + std::to_string(sequence) +
                                      " is not in the log of shard " + std::to_string(shard) +
                                      ", which goes from 1 to " + std::to_string(end)};
}

inline failure not_up_to(sequence_t sequence, sequence_t at) {
  return {failure::kind::refused, "sequence " + std::to_string(sequence) +
                                      " cannot be parked: the position is " + std::to_string(at)};
}

inline failure too_many(const std::string& what, std::size_t max) {
  return {failure::kind::refused, "at most " + std::to_string(max) + " " + what + " at once"};
}

inline bool is_name(std::string_view n) { return !n.empty() && n.size() <= name_bytes_max; }

inline failure not_a_name(const std::string& whose) {
  return {failure::kind::refused,
          "the name of " + whose + " has 1 to " + std::to_string(name_bytes_max) + " bytes"};
}

inline failure too_large(const std::string& what, std::size_t bytes_max) {
  return {failure::kind::refused,
          what + " may have at most " + std::to_string(bytes_max) + " bytes"};
}

} // namespace reenact::persistence
