#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "actors/runtime/clock.hpp"

namespace reenact::runtime {

/// How a part of a node that fails is begun again.
struct restart_policy {
  duration first = std::chrono::milliseconds(50); ///< wait before the first restart; doubles
  duration longest = std::chrono::seconds(5);
  unsigned most = 8; ///< restarts within `within`; more, and the node is given up
  duration within = std::chrono::minutes(1);
  /// Takes the reason, on the part's thread, perhaps more than once. Empty: nobody else depends on
  /// the part, and it is tried for ever.
  std::function<void(const std::string& why)> give_up{};
};

/// A part of a node (a thread, an actor, a file) as who keeps it alive sees it: it fails, waits,
/// and begins again, also when the node was given up meanwhile, as that ends it from outside. Who
/// waits for an answer of the part is not its business: each catches what may throw for a reason
/// of the asker's. Thread safe; the threads of a pool are one part. Sees the node.
class part {
public:
  part(std::string name, std::function<instant()> now, restart_policy how);
  part(std::string name, const clock& time, restart_policy how);

  /// It has failed: how long it waits before it begins again.
  duration failed(const std::string& why);

  /// A thread's life: does `work` until that returns. What it throws ends the turn, not the
  /// process: `work` is begun again after its wait.
  void keep_at(const std::function<void()>& work);
  /// Ends that wait, and there is none any more: the part is to end.
  void hurry();

private:
  const std::string name_;
  const std::function<instant()> now_;
  const restart_policy how_;

  std::mutex mutex_; ///< guards what follows
  std::condition_variable wake_;
  std::deque<instant> restarts_;
  duration wait_{};
  bool hurried_ = false;
};

/// In a handler of whatever was thrown: what that says of itself.
std::string what_was_thrown();

} // namespace reenact::runtime
