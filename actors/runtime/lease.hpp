#pragma once

#include <atomic>

#include "actors/runtime/clock.hpp"

namespace reenact::runtime {

/// The right to answer from memory (protocols.md C2): asked after the state was read, before
/// anything leaves that rests on it alone. Thread safe; sees the node.
class lease {
public:
  virtual ~lease() = default;
  virtual bool valid() const = 0;
  /// For good.
  virtual void give_up() = 0;
};

/// Of the embedded journal: nobody else can have opened it, so the lease holds until it is given
/// up.
class embedded_lease final : public lease {
public:
  bool valid() const override { return held_.load(std::memory_order_acquire); }
  void give_up() override { held_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> held_{true};
};

/// Of a node among others: valid until a moment that each heartbeat puts off (C2). A node that was
/// stopped, or cut off from the journal, finds it past when it goes on.
class timed_lease final : public lease {
public:
  explicit timed_lease(const clock& time) : time_(time) {}

  bool valid() const override { return time_.now().time_since_epoch().count() < until_.load(); }
  void extend(instant until) {
    if (!given_up_) until_ = until.time_since_epoch().count();
  }
  void give_up() override {
    given_up_ = true;
    until_ = 0;
  }

private:
  const clock& time_;
  std::atomic<duration::rep> until_{0}; ///< since boot
  std::atomic<bool> given_up_{false};
};

} // namespace reenact::runtime
