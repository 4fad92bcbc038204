#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/reader_pool.hpp"
#include "actors/runtime/tail_query.hpp"
#include "actors/runtime/timers.hpp"
#include "persistence/journal.hpp"

namespace reenact::runtime {

/// Tells those who follow the logs what becomes durable. A query that finds nothing waits here and
/// reads on when the journal's writer has made something durable, at most once in `pause` for all
/// of them; one that waits long is answered without events, so that its asker can tell whether the
/// client is still there. Keeps nothing but the queries. Thread safe; sees the node's journal.
class event_tail {
public:
  struct options {
    duration pause = std::chrono::milliseconds(5);
    duration patience = std::chrono::seconds(15); ///< kept to a third of it
    std::size_t records_max = 4'096;              ///< read for one query before it is others' turn
    /// Told of a log that cannot be read, and why.
    std::function<void(const std::string& place, const persistence::failure& why)> unread{};
  };

  /// All outlive it; `readers` is stopped before it ends.
  event_tail(const persistence::journal& from, reader_pool& readers, const clock& time,
             timers& clockwork, options how);

  /// Ends in one finished(), perhaps before this returns.
  void ask(const tail_query_ptr& q);
  /// The journal's writer has made a group durable. Any thread; cheap when nobody waits.
  void wake();
  /// Answers all that wait, and from now on who asks.
  void close();

private:
  struct waiting {
    tail_query_ptr query;
    instant until;
  };

  class turn;

  void enqueue(const tail_query_ptr& q);
  void read(tail_query& q, std::size_t& records) const;
  bool read_shard(tail_query& q, persistence::shard_id shard, persistence::sequence_t& seen,
                  std::size_t& bytes, std::size_t& records) const;
  void run(const tail_query_ptr& q);
  void wait(const tail_query_ptr& q);
  static bool anything_for(const tail_query& q, const std::vector<persistence::sequence_t>& ends);
  void round();
  void answer_the_patient();

  const persistence::journal& journal_;
  reader_pool& readers_;
  const clock& time_;
  timers& clockwork_;
  const options how_;

  std::atomic<bool> closed_{false};
  std::atomic<std::size_t> waits_{0};
  std::atomic<bool> round_armed_{false};
  std::mutex mutex_; ///< guards what follows
  std::vector<waiting> waiting_;
  bool sweeping_ = false; ///< a timer will look for those that have waited long
};

} // namespace reenact::runtime
