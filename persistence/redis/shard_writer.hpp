#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/redis/site.hpp"

namespace reenact::persistence::redis {

/// Everything that is written under a shard's token (protocols.md B1, B4, B5). Knows of each shard
/// that it has claimed where the log ends, so that a record is sealed with its place before it
/// leaves; the server judges the rest. One thread; waits for the server's answer, at most
/// `patience`.
class shard_writer {
public:
  static constexpr std::size_t wires = 2;              ///< connections; a shard is bound to one
  static constexpr std::size_t call_appends = 64;      ///< after which a call takes no other shard
  static constexpr std::size_t call_bytes = 4U << 20U; ///< likewise
  static constexpr std::size_t depth = 8;              ///< calls on their way on one connection

  explicit shard_writer(site& at);

  result<token> claim(shard_id shard, std::uint64_t incarnation);
  status release(shard_id shard, const token& writer);
  std::vector<outcome> commit(std::span<const append* const> group);
  /// Runs a script that answers 0 and an epoch when the token is another's. An answer that was lost
  /// is `fenced` after the token was made worthless, as the write might still arrive.
  result<answer> write(shard_id shard, const token& writer, const request& what);

private:
  /// What this process knows of a shard that it has claimed.
  struct holding {
    token owner;
    bool sure = false; ///< false: something may still be on its way; the next claim fences it
    std::uint64_t losses = 0;
    sequence_t end = 0;
    stamp_t stamp = 0;
  };
  /// An append in a call, sealed for this place.
  struct placed {
    std::size_t index; ///< in the group
    sequence_t first;
    stamp_t stamp;
  };
  struct call {
    std::size_t wire = 0;
    request what;
    std::vector<shard_id> shards;
    std::vector<placed> appends;
    std::size_t bytes = 0;
    enum { unsent, sent, answered } state = unsent;
  };
  /// One commit.
  struct work {
    std::span<const append* const> group;
    std::vector<outcome> outcomes;
    std::vector<std::size_t> waiting; ///< not decided, in the order of the group
    deadline answers_by;
    deadline until;
    bool look = false; ///< something is odd: compare with what was seen
  };

  static std::size_t wire_of(shard_id shard) { return shard % wires; }
  bool holds(const holding& of, const token& writer) const;
  result<session*> ensure(std::size_t wire, deadline until);
  void drop(std::size_t wire, const failure& why);
  void doubt(shard_id shard);

  bool judge(work& on, std::size_t index) const;
  std::vector<call> plan(work& on);
  void lay(call& into, shard_id shard, const std::vector<std::size_t>& appends, const work& on);
  void lay(request& into, const append& a, sequence_t first, stamp_t stamp);
  void exchange(work& on, std::vector<call>& calls);
  bool send(std::vector<call>& calls, std::vector<std::size_t>& queue, std::size_t wire,
            std::size_t& next, std::size_t got, deadline until);
  void apply(work& on, call& of, const answer& said);
  void refuse(work& on, const placed& at, std::int64_t verdict, std::uint64_t of);
  void decide(work& on, std::size_t index, const outcome& how) const;
  void confirm(work& on, std::vector<call>& calls);
  void recover(work& on, std::vector<call>& calls, std::size_t wire);
  bool find(work& on, const std::vector<call*>& lost, session& at);
  bool is_there(const append& a, const placed& at, answer_view found);

  site& site_;
  std::vector<holding> holdings_;
  std::array<std::optional<session>, wires> sessions_;
  std::optional<deadline> outage_; ///< since when nothing answers
  std::string element_;            ///< kept for its capacity
};

} // namespace reenact::persistence::redis
