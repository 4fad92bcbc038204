#include "tests/cluster/mall.hpp"

#include <algorithm>

namespace reenact::tests {

bool mall::may_create(const std::string& type) {
  const std::lock_guard lock(mutex_);
  const auto bound = most_.find(type);
  return bound == most_.end() || ++made_[type] <= bound->second;
}

void mall::learn(const std::string& type, const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (places_.emplace(id, all_.size()).second) all_.push_back({.type = type, .id = id});
}

void mall::see(const std::string& type, const std::string& id, std::uint64_t version) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(id);
  if (place == places_.end() || all_[place->second].type != type) return;
  auto& known = all_[place->second];
  known.exists |= known.version == 0; // what was forgotten stays so
  known.version = std::max(known.version, version);
}

void mall::forget(const std::string& type, const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(id);
  if (place != places_.end() && all_[place->second].type == type)
    all_[place->second].exists = false;
}

std::optional<known_entity> mall::one_to_change(const std::string& type,
                                                std::uint64_t chance) const {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const auto& known = all_[(chance + i) % all_.size()];
    if (known.type == type && known.exists) return known;
  }
  return {};
}

std::optional<known_entity> mall::find(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(id);
  if (place == places_.end()) return {};
  return all_[place->second];
}

std::optional<known_entity> mall::one_to_read(std::uint64_t chance) const {
  const std::lock_guard lock(mutex_);
  if (all_.empty()) return {};
  return all_[chance % all_.size()];
}

} // namespace reenact::tests
