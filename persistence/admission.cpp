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

} // namespace

bool within_bounds(const append& a, std::uint32_t shards) {
  if (!is_name(a.entity) || !is_name(a.type)) return false;
  if (a.records.empty() || a.records.size() > records_max) return false;
  if (!within_bounds(a.set) || !within_bounds(a.cleared)) return false;
  std::size_t bytes = 0;
  for (const auto& record : a.records) bytes += record.size();
  return bytes <= append_bytes_max && a.shard == shard_of(a.entity, shards);
}

outcome admission::admit(const append& a) {
  const outcome how = judge(a);
  if (how.what != outcome::kind::appended && a.head != nullptr) a.head->closed = true;
  return how;
}

outcome admission::judge(const append& a) {
  if (!within_bounds(a, static_cast<std::uint32_t>(owners_.size()))) return {outcome::kind::failed};
  if (a.head != nullptr && a.head->closed) return {outcome::kind::failed};
  if (const auto& owner = owners_[a.shard]; !owns(a.writer, owner))
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

status admit(const progress& what, shard_id shard, sequence_t end) {
  if (what.parked.size() + what.dead.size() > parked_max)
    return too_many("parked sequences and dead letters", parked_max);
  if (what.resumed.size() > parked_max) return too_many("resumed sequences", parked_max);
  if (what.at > end) return beyond_log_end(shard, what.at, end);
  const auto is_there = [&](sequence_t s) { return s >= 1 && s <= end; };
  for (const auto* sequences : {&what.parked, &what.resumed})
    for (const auto s : *sequences)
      if (!is_there(s)) return not_in_log(shard, s, end);
  for (const auto& letter : what.dead)
    if (!is_there(letter.at)) return not_in_log(shard, letter.at, end);
  for (const auto s : what.parked)
    if (s > what.at) return not_up_to(s, what.at);
  return done{};
}

std::string_view cut_why(std::string_view why) {
  if (why.size() <= why_bytes_max) return why;
  const auto continues = [&](std::size_t at) { return (why[at] & 0xc0) == 0x80; };
  auto size = why_bytes_max;
  while (size > why_bytes_max - 3 && continues(size)) --size;
  return why.substr(0, size);
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
