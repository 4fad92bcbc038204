#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/part.hpp"

namespace reenact::runtime {

/// The runtime's own timers, instead of CAF's clock, whose thread can deadlock the whole system
/// (docs/adr). One thread; what fires must not block: it posts a message. What throws fires again,
/// when the part does. Bounded. Tests call step() with a virtual clock instead of start(). Sees the
/// node.
class timers {
public:
  static constexpr std::size_t pending_max = 1'000'000;

  explicit timers(const clock& time, restart_policy restart = {})
    : time_(time),
      part_("the timers' thread", time, std::move(restart)) {}
  ~timers() { stop(); }
  timers(const timers&) = delete;
  timers& operator=(const timers&) = delete;

  /// Runs `what` once, not before `later` has passed. False: too many are pending, or stopped.
  bool after(duration later, std::function<void()> what);

  void start();
  /// What has not fired never will. Idempotent.
  void stop();
  /// Fires what is due, here, in the order it is due; returns how many. Not beside start().
  std::size_t step();

private:
  void work();

  const clock& time_;
  part part_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<instant, std::function<void()>> pending_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace reenact::runtime
