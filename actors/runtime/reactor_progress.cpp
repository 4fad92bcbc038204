#include <algorithm>
#include <utility>

#include "actors/runtime/reactor.hpp"

namespace reenact::runtime {

void reactor::publish() {
  const auto ends = here_.journal.log_ends();
  auto now = counts_;
  for (const auto& f : followers_) {
    auto& p = now[f->index];
    p.events_behind += ends[f->shard] - std::min(ends[f->shard], f->queue.read_to());
    p.pending += f->queue.size();
    p.stalled_shards += f->queue.stalled() ? 1 : 0;
  }
  for (const auto& [again, what] : waiting_) {
    const auto& [f, at] = what;
    const auto* w = f->queue.find(at);
    if (w == nullptr) continue;
    auto& p = now[f->index];
    ++p.waiting;
    if (p.longest.empty()) p.longest = w->key + ": " + w->why;
  }
  const std::lock_guard lock(mutex_);
  published_ = std::move(now);
}

std::vector<policy_progress> reactor::progress() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

} // namespace reenact::runtime
