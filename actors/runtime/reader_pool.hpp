#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/part.hpp"

namespace reenact::runtime {

/// Threads for what blocks, so that no actor does: the recovery budget of a node is their number.
/// A task answers whoever waits for it, also when what it calls throws; one that throws itself is
/// dropped, and its thread begins again. Bounded; tests call step() on their own thread instead of
/// start(). Sees the node.
class reader_pool {
public:
  explicit reader_pool(const clock& time, restart_policy restart = {},
                       std::size_t queue_max = 65'536)
    : part_("a reader", time, std::move(restart)),
      queue_max_(queue_max) {}
  ~reader_pool() { stop(); }
  reader_pool(const reader_pool&) = delete;
  reader_pool& operator=(const reader_pool&) = delete;

  /// Any thread. False: the queue is full or stopped, the task will not run.
  bool push(std::function<void()> task);

  void start(std::size_t threads);
  /// Ends the threads after the task each is at; what is queued is dropped. Idempotent.
  void stop();
  /// Runs the oldest task here; false if there was none. Not beside start().
  bool step();

private:
  void work();

  part part_;
  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace reenact::runtime
