#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Something on its way through the writer: an append, or a barrier that only wants to leave after
/// everything queued before it. The sender keeps it alive until done() was called; done() is called
/// exactly once, on the writer's thread, and must not block.
class pending {
public:
  virtual void done(const outcome& how) noexcept = 0;

  append what; ///< `records` empty: a barrier, answered appended/its head's version
protected:
  ~pending() = default;
};

/// Group commit over all writers of a node: one thread that swaps the whole queue, commits it as
/// one group, and answers. While one group is on its way to the disk the next one gathers, so no
/// linger timer is needed. Bounded: push() says no at `queue_max`. Tests call step() on their own
/// thread instead of start(). Sees the node.
class journal_writer {
public:
  struct options {
    std::size_t queue_max = 65'536; ///< pendings
    std::size_t group_max = 1'024;  ///< appends in one commit
  };

  /// `committed` is called after each group with at least one success, on the writer's thread: it
  /// wakes the consumers of the logs (tail without polling).
  journal_writer(journal& to, options bounds, std::function<void()> committed);
  ~journal_writer();
  journal_writer(const journal_writer&) = delete;
  journal_writer& operator=(const journal_writer&) = delete;

  /// Any thread. False: the queue is full, nothing happened.
  bool push(pending* p);

  /// Runs `task` on the writer's thread between two groups (claims, snapshots, positions); false
  /// when full.
  bool run(std::function<void(journal&)> task);

  void start();
  /// Answers everything that is queued, then ends the thread. Idempotent.
  void stop();
  /// Commits what is queued, on the caller's thread; false if there was nothing. Not beside
  /// start().
  bool step();

  std::size_t queued() const;

private:
  void work();
  void commit_group(std::vector<pending*>& group);

  journal& journal_;
  const options bounds_;
  const std::function<void()> committed_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<pending*> queue_;
  std::vector<std::function<void(journal&)>> tasks_;
  bool waiting_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace reenact::persistence
