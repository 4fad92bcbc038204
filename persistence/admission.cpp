#include "persistence/admission.hpp"

#include <algorithm>

#include "persistence/refusals.hpp"

namespace reenact::persistence {
namespace {

bool within_bounds(const std::vector<timer>& timers) {
  return timers.size() <= timers_max && std::ranges::all_of(timers, [](const timer& t) {
           return is_name(t.name) && t.due >= 0; // keys sort as unsigned numbers do
         });
}

bool within_bounds(const append& a, std::size_t shards) {
  if (!is_name(a.entity) || !is_name(a.type)) return false;
  if (a.records.empty() || a.records.size() > records_max) return false;
  if (!within_bounds(a.set) || !within_bounds(a.cleared)) return false;
  std::size_t bytes = 0;
  for (const auto& record : a.records) bytes += record.size();
  return bytes <= append_bytes_max &&
         a.shard == shard_of(a.entity, static_cast<std::uint32_t>(shards));
}

} // namespace

outcome admission::admit(const append& a) {
  const outcome how = judge(a);
  if (how.what != outcome::kind::appended && a.head != nullptr) a.head->closed = true;
  return how;
}

outcome admission::judge(const append& a) {
  if (!within_bounds(a, owners_.size())) return {outcome::kind::failed};
  if (a.head != nullptr && a.head->closed) return {outcome::kind::failed};
  if (const auto& owner = owners_[a.shard]; owner != a.writer)
    return {outcome::kind::fenced, owner.epoch};

  const place where{a.type, a.entity};
  version_t version = 0;
  if (const auto ahead = ahead_.find(where); ahead != ahead_.end()) {
    version = ahead->second;
  } else if (a.head != nullptr && a.head->compared) {
    version = a.head->version;
  } else {
    const auto found = head_(a);
    if (!found) return {outcome::kind::failed};
    version = *found;
    if (a.head != nullptr) a.head->compared = true; // or closed: it expects another version
  }
  if (version != a.expected) return {outcome::kind::conflict, version};
  version += a.records.size();
  ahead_.insert_or_assign(where, version);
  return {outcome::kind::appended, version};
}

void settle(std::span<const append* const> group, std::span<outcome> outcomes, bool written) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (outcomes[i].what != outcome::kind::appended) continue;
    if (!written) outcomes[i] = {outcome::kind::unknown};
    if (auto* head = group[i]->head; head == nullptr) {
      continue;
    } else if (written) {
      head->version = outcomes[i].version;
    } else {
      head->closed = true;
    }
  }
}

} // namespace reenact::persistence
