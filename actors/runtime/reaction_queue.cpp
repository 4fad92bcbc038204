#include "actors/runtime/reaction_queue.hpp"

#include <algorithm>
#include <utility>

namespace reenact::runtime {

using namespace persistence;

void reaction_queue::take(pending_reaction p) {
  const auto at = p.at;
  if (!p.parked) read_to_ = at;
  parked_ += p.parked ? 1 : 0;
  auto& lane = lanes_[p.key];
  lane.push_back(at);
  if (lane.size() == 1) fresh_.push_back(at);
  all_.emplace(at, std::move(p));
}

bool reaction_queue::has_room() const { return all_.size() - parked_ < queued_max && !stalled(); }

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
  if (it->second.parked) {
    --parked_;
    resumed_.push_back(at);
  }
  all_.erase(it);
  ++ended_;
}

void reaction_queue::ended(sequence_t at) { leave(at); }

void reaction_queue::died(sequence_t at, dead_letter letter) {
  dead_.push_back(std::move(letter));
  leave(at);
}

sequence_t reaction_queue::position() const {
  for (const auto& [at, p] : all_)
    if (!p.parked) return at - 1;
  return read_to_;
}

progress reaction_queue::to_store() {
  progress what;
  for (auto& [at, p] : all_) {
    const auto& front = all_.at(lanes_.at(p.key).front());
    if (p.parked || front.now != pending_reaction::state::waiting) continue;
    if (parked_ == parked_max) break;
    p.parked = true;
    ++parked_;
    what.parked.push_back(at);
  }
  what.at = position();
  // A pointer beyond the position would be read twice: by itself, and with the log.
  std::erase_if(what.parked, [&](sequence_t at) {
    if (at <= what.at) return false;
    all_.at(at).parked = false;
    --parked_;
    return true;
  });
  what.resumed = std::exchange(resumed_, {});
  what.dead = std::exchange(dead_, {});
  ended_ = 0;
  return what;
}

std::size_t reaction_queue::unstored() const {
  constexpr sequence_t passed_weigh = 1'000;
  return ended_ +
         static_cast<std::size_t>((position() - std::min(position(), stored_)) / passed_weigh);
}

std::vector<const pending_reaction*> reaction_queue::waiting() const {
  std::vector<const pending_reaction*> all;
  for (const auto& [at, p] : all_)
    if (p.now == pending_reaction::state::waiting) all.push_back(&p);
  return all;
}

} // namespace reenact::runtime
