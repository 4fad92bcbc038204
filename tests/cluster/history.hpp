#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reenact::tests {

/// What a client wanted.
enum class work { create, change, remove, read, list };

/// What the client knows of the end.
enum class ending {
  accepted,
  refused,      ///< for good: 4xx
  not_executed, ///< 503 and 429: it may be sent again
  maybe         ///< 504, a broken connection, no answer in time: it may have happened, or may yet
};

/// One request of a client and what came of it. A command that is sent again is another operation
/// under the same command id. A value.
struct operation {
  work what = work::read;
  std::string type;    ///< of the entity, as its stream's: "stores.Store"; of what a list shows
  std::string entity;  ///< empty: a list
  std::string within;  ///< of a create and a list: the id of what the entity is a part of
  std::string command; ///< its id as the journal shows it; empty: a read or list
  std::int64_t begun_ns = 0;
  std::int64_t ended_ns = 0;
  ending how = ending::maybe;
  std::uint64_t version = 0;       ///< the ETag; 0: none, which is a read of what does not exist
  std::uint64_t answer = 0;        ///< a hash of status and body: a repeat is answered the same
  std::vector<std::string> seen{}; ///< of a list: the ids, as often as they came
};

/// What all clients saw, by client, each in the order of time.
using histories = std::vector<std::vector<operation>>;

/// Writes down what clients see. Each client has a thread and a list of its own; who reads waits
/// until they have ended. The bound: a client whose list is full begins nothing more, as a history
/// that forgets would accuse the innocent.
class history {
public:
  static constexpr std::size_t cells_max = 1'000'000; ///< operations and listed ids of a client

  explicit history(std::size_t clients, std::size_t cells = cells_max);

  bool has_room(std::size_t client) const { return cells_[client] > 0; }
  void add(std::size_t client, operation what);
  const histories& all() const { return all_; }

private:
  histories all_;
  std::vector<std::size_t> cells_; ///< that are left
};

/// Nanoseconds of a clock that all threads share and that never goes back.
std::int64_t now_ns();

} // namespace reenact::tests
