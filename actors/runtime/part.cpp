#include "actors/runtime/part.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

namespace reenact::runtime {

part::part(std::string name, std::function<instant()> now, restart_policy how)
  : name_(std::move(name)),
    now_(std::move(now)),
    how_(std::move(how)) {}

part::part(std::string name, const clock& time, restart_policy how)
  : part(
        std::move(name), [&time] { return time.now(); }, std::move(how)) {}

duration part::failed(const std::string& why) {
  const auto now = now_();
  bool too_often = false;
  duration wait{};
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(restarts_, [&](instant t) { return now - t > how_.within; });
    wait = wait_ = restarts_.empty() ? how_.first : std::min(wait_ * 2, how_.longest);
    restarts_.push_back(now);
    too_often = restarts_.size() > how_.most;
    if (too_often) restarts_.pop_front();
  }
  spdlog::warn("{} failed ({}); it begins again in {} ms", name_, why,
               std::chrono::duration_cast<std::chrono::milliseconds>(wait).count());
  if (too_often && how_.give_up)
    how_.give_up(name_ + " failed " + std::to_string(how_.most + 1) + " times: " + why);
  return wait;
}

void part::keep_at(const std::function<void()>& work) {
  for (;;) {
    duration wait{};
    try {
      return work();
    } catch (...) {
      wait = failed(what_was_thrown());
    }
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, wait, [this] { return hurried_; });
  }
}

void part::hurry() {
  {
    const std::lock_guard lock(mutex_);
    hurried_ = true;
  }
  wake_.notify_all();
}

std::string what_was_thrown() {
  try {
    throw;
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "it threw no exception";
  }
}

} // namespace reenact::runtime
