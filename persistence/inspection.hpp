#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/open.hpp"

/// Looks at a journal in whatever state it is: an embedded one that no node has open, or a Redis,
/// which may be in use. Nothing is changed.
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
  std::uint64_t bytes = 0; ///< of its files; of the memory of a Redis, all that is in it
  std::vector<shard> shards;
};
result<statistics> stat(std::string_view url, const redis_options& how = {});

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
result<verification> verify(std::string_view url, const verify_progress& tell,
                            const redis_options& how = {});

/// A journal's events up to the ends that it had when it was looked at. Each as journal.hpp has it.
struct event_source {
  identity who;
  std::vector<sequence_t> ends;
  std::function<status(shard_id shard, sequence_t from, const visitor& visit)> read_log;
  std::function<status(const stream& of, const visitor& visit)> read_stream;
};
result<event_source> look_at_events(std::string_view url, const redis_options& how = {});

} // namespace reenact::persistence
