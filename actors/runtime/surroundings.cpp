#include "actors/runtime/surroundings.hpp"

#include <spdlog/spdlog.h>

namespace reenact::runtime {

void unreadable::add(const std::string& entity, const std::string& why) {
  spdlog::error("{} is not loaded: {}", entity, why);
  ++times_;
  const std::lock_guard lock(mutex_);
  if (first_.empty()) first_ = entity + ": " + why;
}

std::string unreadable::first() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

} // namespace reenact::runtime
