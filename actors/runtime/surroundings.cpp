#include "actors/runtime/surroundings.hpp"

#include <spdlog/spdlog.h>

namespace reenact::runtime {

void unreadable::add(const std::string& place, const persistence::failure& why) {
  {
    const std::lock_guard lock(mutex_);
    if (places_.size() == places_max || !places_.insert(place).second) return;
    if (damaged_.empty() && why.what == persistence::failure::kind::corrupt) damaged_ = place;
  }
  spdlog::error("{} cannot be read: {}", place, why.text);
}

std::uint64_t unreadable::places() const {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

std::string unreadable::damaged() const {
  const std::lock_guard lock(mutex_);
  return damaged_;
}

} // namespace reenact::runtime
