#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace reenact::runtime {

/// Threads for what blocks, so that no actor does: the recovery budget of a node is their number.
/// Bounded; tests call step() on their own thread instead of start(). Sees the node.
class reader_pool {
public:
  explicit reader_pool(std::size_t queue_max = 65'536) : queue_max_(queue_max) {}
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

  const std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace reenact::runtime
