#include "actors/runtime/reaction_queue.hpp"

#include <algorithm>
#include <utility>

namespace reenact::runtime {

using namespace persistence;

void reaction_queue::take(pending_reaction p) {
  const auto at = p.at;
  if (!p.parked) read_to_ = at;
  if (!p.parked) open_.insert(at);
  auto& lane = lanes_[p.key];
  lane.push_back(at);
  if (lane.size() == 1) fresh_.push_back(at);
  all_.emplace(at, std::move(p));
}

std::vector<pending_reaction*> reaction_queue::startable() {
  std::vector<pending_reaction*> all;
  for (const auto at : std::exchange(fresh_, {}))
    if (auto* p = find(at)) all.push_back(p);
  return all;
}

pending_reaction* reaction_queue::find(sequence_t at) {
  const auto it = all_.find(at);
  return it == all_.end() ? nullptr : &it->second;
}

void reaction_queue::leave(sequence_t at) {
  const auto it = all_.find(at);
  const auto by_key = lanes_.find(it->second.key);
  by_key->second.pop_front();
  if (by_key->second.empty())
    lanes_.erase(by_key);
  else
    fresh_.push_back(by_key->second.front());
  if (open_.erase(at) == 0) resumed_.push_back(at);
  all_.erase(it);
  ++ended_;
}

void reaction_queue::ended(sequence_t at) { leave(at); }

void reaction_queue::died(sequence_t at, dead_letter letter) {
  dead_.push_back(std::move(letter));
  leave(at);
}

bool reaction_queue::waits(sequence_t at) const {
  const auto& lane = lanes_.at(all_.at(at).key);
  return all_.at(lane.front()).now == pending_reaction::state::waiting;
}

sequence_t reaction_queue::position() const {
  return open_.empty() ? read_to_ : *open_.begin() - 1;
}

// Only from the front: a pointer beyond the position would be read twice, by itself and with the
// log.
progress reaction_queue::to_store() {
  progress what;
  while (!open_.empty() && waits(*open_.begin()) && !stalled()) {
    const auto at = *open_.begin();
    open_.erase(open_.begin());
    all_.at(at).parked = true;
    what.parked.push_back(at);
  }
  what.at = position();
  what.resumed = std::exchange(resumed_, {});
  what.dead = std::exchange(dead_, {});
  ended_ = 0;
  return what;
}

std::size_t reaction_queue::unstored() const {
  constexpr sequence_t passed_weigh = 1'000;
  const auto passed = position() - std::min(position(), stored_);
  const bool parks = !open_.empty() && waits(*open_.begin()) && !stalled();
  return ended_ + passed / passed_weigh + (parks ? 1 : 0);
}

} // namespace reenact::runtime
