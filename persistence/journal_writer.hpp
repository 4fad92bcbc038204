#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Something on its way through the writer: an append, or a barrier that only wants to leave after
/// everything queued before it. The sender keeps it alive until done() was called; done() is called
/// exactly once, in the order of push(), on the writer's thread, and must not block. It may push.
class pending {
public:
  virtual void done(const outcome& how) noexcept = 0;

  /// No records and no timers: a barrier, answered `appended` with its head's version, or `failed`
  /// once an append before it through the same head did not succeed.
  append what;

protected:
  ~pending() = default;
};

/// Group commit over all writers of a node: one thread that swaps the whole queue, commits it as
/// one group, and answers. While one group is on its way to the disk the next one gathers, so no
/// linger timer is needed. Bounded: push() says no at `queue_max` or `queue_bytes_max`. Tests call
/// step() on their own thread instead of start(). Sees the node.
class journal_writer {
public:
  struct options {
    std::size_t queue_max = 65'536;            ///< pendings, and as many tasks
    std::size_t queue_bytes_max = 256U << 20U; ///< of queued records and names of timers
    std::size_t group_max = 1'024;             ///< appends in one commit
    std::size_t group_bytes_max = 16U << 20U;  ///< of records in one commit of several appends
    /// Sees each group and what became of it when it is durable, before it is answered, on the
    /// writer's thread: consumers of the logs need not read back what was just written.
    std::function<void(std::span<const append* const>, std::span<const outcome>)> durable;
    /// Called in the handler of what the journal threw, on the writer's thread, before anybody is
    /// answered. Nobody knows what it has written by then, so it is not written to again.
    std::function<void()> thrown;
  };

  /// `committed` is called after each group with at least one success, on the writer's thread, when
  /// all of the group are answered: it wakes the consumers of the logs (tail without polling).
  journal_writer(journal& to, options bounds, std::function<void()> committed);
  ~journal_writer();
  journal_writer(const journal_writer&) = delete;
  journal_writer& operator=(const journal_writer&) = delete;

  /// Any thread. False: the queue is full or the writer was stopped, nothing happened.
  bool push(pending* p);

  /// Runs `task` on the writer's thread between two groups (claims, snapshots, progress), before
  /// every append that is pushed after it, maybe before some pushed earlier; false as with push().
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
  void commit_group(std::span<pending* const> group);
  std::vector<outcome> commit();
  template <class F>
  bool attempt(F what);
  void answer(std::span<pending* const> group, std::span<const outcome> outcomes);
  void wake(std::unique_lock<std::mutex>& held);

  journal& journal_;
  const options bounds_;
  const std::function<void()> committed_;
  std::thread thread_;

  mutable std::mutex mutex_; // guards what follows up to the blank line
  std::condition_variable wake_;
  std::vector<pending*> queue_;
  std::vector<std::function<void(journal&)>> tasks_;
  std::size_t queued_bytes_ = 0;
  bool waiting_ = false;
  bool stopping_ = false;

  // The writing thread's own, kept for their capacity.
  std::vector<pending*> taken_;
  std::vector<std::function<void(journal&)>> taken_tasks_;
  std::vector<const append*> appends_;
  std::vector<const head_slot*> lost_;
  bool broken_ = false;
};

} // namespace reenact::persistence
