#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/cluster/dumped_record.hpp"
#include "tests/cluster/history.hpp"

/// The checker's parts: each goes once over the evidence and adds its complaints.
namespace reenact::tests {

/// An operation, and whose it was.
struct attempt {
  std::size_t client = 0;
  const operation* did = nullptr;
};

/// One entity's records; version v stands at [v - 1].
using stream_records = std::vector<const dumped_record*>;

/// What was seen and what was kept, each to be found by its name. Points into both.
struct evidence {
  evidence(const histories& seen, const journal_dump& kept);

  const stream_records* stream(const std::string& type, const std::string& entity) const;
  /// Who and what an operation was, and when, counted from the first one's begin.
  std::string words(const attempt& of) const;

  const histories& all;
  const journal_dump& dump;
  std::int64_t begin_ns = 0;
  std::unordered_map<std::string, std::vector<attempt>> attempts; ///< by command, in begin's order
  std::unordered_map<std::string, stream_records> of_command;     ///< in the order of the logs
  std::unordered_map<std::string, stream_records> of_stream;      ///< by stream_name()
};

std::string stream_name(std::string_view type, std::string_view entity);
std::string words(const dumped_record& of);

/// The version an entity shows when it has so many records: that of its last event.
std::uint64_t version_shown(const stream_records& of, std::uint64_t records);

using complaints = std::vector<std::string>;

/// Logs and streams without gaps, commands that took effect once, sagas that began and ended.
void check_logs(const evidence& of, complaints& to);
/// What was acknowledged is there, what was refused or not executed is not, repeats are the same.
void check_commands(const evidence& of, complaints& to);
/// Of each entity: who begins after another has ended sees what that one saw, or later.
void check_order(const evidence& of, complaints& to);
/// Lists show what was created before, and not what was removed before.
void check_lists(const evidence& of, complaints& to);

} // namespace reenact::tests
