#include <algorithm>
#include <utility>

#include "actors/runtime/reactor.hpp"
#include "actors/runtime/record_type.hpp"

// What comes to the policies from the writer, and what others see of them.
namespace reenact::runtime {

void reactor::add(std::span<const persistence::append* const> group,
                  std::span<const persistence::outcome> outcomes) {
  alarms_.add(group, outcomes);
  if (feed_.add(group, outcomes)) return wake();
  if (nudged_.exchange(true)) return;
  const bool armed = clockwork_.after(how_.pass_each, [this] {
    nudged_ = false;
    wake();
  });
  if (!armed) nudged_ = false;
}

/// Whether some policy may know the event. A type too long to tell is looked at more closely.
bool reactor::concerns(std::string_view record) const {
  const auto type = type_of_record(record);
  return !type || wanted_.contains(*type);
}

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
