#include <algorithm>
#include <utility>

#include "actors/runtime/reactor.hpp"

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

/// Whether some policy may know the event: told by its type, which is a record's first field and
/// not there in a note, without parsing the rest. A very long one is looked at more closely.
bool reactor::concerns(std::string_view record) const {
  constexpr char tag = 0x0a;
  if (record.size() < 2 || record[0] != tag) return false;
  const auto size = static_cast<unsigned char>(record[1]);
  return size > 127 || wanted_.contains(record.substr(2, size));
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
