#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reenact::tests {

/// A record of the journal as `mallbots journal dump --output json` shows it. A value.
struct dumped_record {
  std::uint32_t shard = 0;
  std::uint64_t sequence = 0;
  std::int64_t stamp_us = 0; ///< since 1970
  std::string stream;        ///< the type in the stream's name: "stores.Store"
  std::string entity;
  std::uint64_t version = 0;
  std::string type;    ///< of the event; empty: a note
  std::string command; ///< the id of the one that it is of
  bool readable = true;
  bool next = false; ///< of a saga's event: something is under way after it
};

/// All records of a journal, shard by shard, each shard in the order of its log.
using journal_dump = std::vector<dumped_record>;

/// None: the line is no record.
std::optional<dumped_record> read_record(std::string_view line);

} // namespace reenact::tests
