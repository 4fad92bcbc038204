#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/journal.hpp"

/// Looks at a journal that no node has open, in whatever state it is. Nothing is changed.
namespace reenact::persistence {

/// What is in a journal and how far it has come.
struct statistics {
  struct shard {
    sequence_t end = 0;
    sequence_t witnessed = 0; ///< the end that was surely on the disk once
    stamp_t last = 0;         ///< of the last record
    token owner;
  };
  identity who;
  std::string damage; ///< why it would not open; empty: it would
  std::uint64_t events = 0;
  std::uint64_t bytes = 0; ///< of its files
  std::vector<shard> shards;
};
result<statistics> stat(std::string_view url);

/// What is wrong with a journal, key by key.
struct verification {
  static constexpr std::size_t complaints_max = 1'000;
  std::uint64_t events = 0;
  std::uint64_t streams = 0;
  std::uint64_t wrong = 0;             ///< how many complaints there are
  std::vector<std::string> complaints; ///< the first of them
};
/// `of` is how many events there should be, twice: by stream and by log.
using verify_progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

/// Reads every key: its checksum, that no version and no sequence is missing, that record and
/// pointer lead to each other, that stamps do not go backwards, that each timer is of a stream
/// there is. Goes on after what is wrong.
result<verification> verify(std::string_view url, const verify_progress& tell);

} // namespace reenact::persistence
