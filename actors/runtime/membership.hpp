#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "actors/runtime/lease.hpp"
#include "actors/runtime/part.hpp"
#include "persistence/members.hpp"

namespace reenact::runtime {

/// Keeps this node's lease and hears who else is there (protocols.md C1): a heartbeat each half
/// second, and one at the moment when another node's lease ends, on a thread and a connection of
/// its own. Tests call step() instead of start(). Thread safe; sees the cluster.
class membership {
public:
  struct options {
    duration lease = std::chrono::seconds(2); ///< as the journal keeps it
    /// The lease is over for this node before it is for the others: clocks may drift or step by so
    /// much.
    duration margin = std::chrono::milliseconds(500);
    duration beat = std::chrono::milliseconds(500);
    duration retry = std::chrono::milliseconds(100); ///< after a beat that failed
    restart_policy restart{};
  };
  /// On the membership's thread.
  struct hooks {
    /// Before the lease is valid again: what it shows to be somebody else's must be forgotten.
    std::function<void(const persistence::roster&)> seen;
    std::function<void()> lapsed; ///< the lease is over
  };

  membership(std::unique_ptr<persistence::members> store, persistence::member me, timed_lease& held,
             const clock& time, options how, hooks then);
  ~membership() { stop(); }
  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;

  void start();
  /// Ends the lease, so that others need not wait for its end. Idempotent.
  void stop();
  /// Beats at once: something has changed.
  void hurry();
  /// From the next beat on the others know that this node takes no shards, and gives up its own.
  void leave();

  /// One beat; how long the next one may wait. Not beside start().
  duration step();

  const persistence::member& me() const { return me_; }
  persistence::roster seen() const; ///< the last one
  /// Why the last beat failed; empty: it did not.
  std::string trouble() const;

private:
  void work();

  const std::unique_ptr<persistence::members> store_;
  persistence::member me_; ///< the thread's
  timed_lease& held_;
  const clock& time_;
  const options how_;
  const hooks then_;
  part part_;
  bool lapsed_ = true; ///< the thread's

  mutable std::mutex mutex_; ///< guards what follows
  std::condition_variable wake_;
  persistence::roster seen_;
  std::string trouble_;
  bool hurried_ = false, leaving_ = false, stopping_ = false;
  std::thread thread_;
};

} // namespace reenact::runtime
