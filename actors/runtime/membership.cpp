#include "actors/runtime/membership.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace reenact::runtime {

membership::membership(std::unique_ptr<persistence::members> store, persistence::member me,
                       timed_lease& held, const clock& time, options how, hooks then)
  : store_(std::move(store)),
    me_(std::move(me)),
    held_(held),
    time_(time),
    how_(std::move(how)),
    then_(std::move(then)),
    part_("the membership's thread", time, how_.restart) {}

void membership::start() {
  thread_ = std::thread([this] { part_.keep_at([this] { work(); }); });
}

void membership::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  part_.hurry();
  if (thread_.joinable()) thread_.join();
  held_.give_up();
  if (auto left = store_->leave(me_.incarnation); !left)
    spdlog::warn("the lease ends by itself: {}", left.error().text);
}

void membership::hurry() {
  {
    const std::lock_guard lock(mutex_);
    hurried_ = true;
  }
  wake_.notify_all();
}

void membership::leave() {
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
  }
  hurry();
}

duration membership::step() {
  {
    const std::lock_guard lock(mutex_);
    hurried_ = false;
    me_.leaving = leaving_;
  }
  const auto sent = time_.now(); // before it was asked for: the journal counts from later on
  auto now = store_->beat(me_);
  if (!now) {
    if (!lapsed_ && !held_.valid()) {
      lapsed_ = true;
      spdlog::error("the lease is over: {}", now.error().text);
      then_.lapsed();
    }
    const std::lock_guard lock(mutex_);
    trouble_ = now.error().text;
    return how_.retry;
  }
  // The lease may be one that somebody took for ended: his shards first.
  if (!lapsed_ && !held_.valid()) then_.lapsed();
  lapsed_ = false;
  then_.seen(*now);
  held_.extend(sent + how_.lease - how_.margin);
  auto next = how_.beat;
  for (const auto& m : now->members)
    if (m.who.incarnation != me_.incarnation)
      next = std::min<duration>(next, m.left + std::chrono::milliseconds(1));
  const std::lock_guard lock(mutex_);
  seen_ = std::move(*now);
  trouble_.clear();
  return next;
}

void membership::work() {
  for (;;) {
    const auto next = step();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, next, [this] { return stopping_ || hurried_; });
    if (stopping_) return;
  }
}

persistence::roster membership::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::string membership::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

} // namespace reenact::runtime
