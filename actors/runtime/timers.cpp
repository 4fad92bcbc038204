#include "actors/runtime/timers.hpp"

#include <algorithm>
#include <utility>

namespace reenact::runtime {

bool timers::after(duration later, std::function<void()> what) {
  const auto due = time_.now() + later;
  bool earliest = false;
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || pending_.size() >= pending_max) return false;
    const auto place = pending_.emplace(due, std::move(what));
    earliest = place == pending_.begin(); // asked afterwards: who is first has changed
  }
  if (earliest) wake_.notify_one();
  return true;
}

void timers::start() {
  thread_ = std::thread([this] { part_.keep_at([this] { work(); }); });
}

void timers::stop() {
  std::multimap<instant, std::function<void()>> dropped; // destroyed outside the lock
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(pending_);
  }
  wake_.notify_all();
  part_.hurry();
  if (thread_.joinable()) thread_.join();
}

std::size_t timers::step() {
  std::size_t fired = 0;
  for (;; ++fired) {
    decltype(pending_)::node_type next;
    {
      std::lock_guard lock(mutex_);
      if (pending_.empty() || pending_.begin()->first > time_.now()) return fired;
      next = pending_.extract(pending_.begin());
    }
    try {
      next.mapped()();
    } catch (...) {
      std::lock_guard lock(mutex_);
      if (!stopping_) pending_.insert(std::move(next));
      throw;
    }
  }
}

void timers::work() {
  // A suspended machine wakes with deadlines passed: the wait is bounded, so they are seen soon.
  constexpr duration look_again = std::chrono::seconds(1);
  for (;;) {
    step();
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    const auto wait = pending_.empty() ? look_again
                                       : std::clamp<duration>(pending_.begin()->first - time_.now(),
                                                              duration::zero(), look_again);
    if (wait > duration::zero()) wake_.wait_for(lock, wait);
  }
}

} // namespace reenact::runtime
