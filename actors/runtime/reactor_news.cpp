#include <algorithm>
#include <utility>

#include "actors/runtime/reactor.hpp"
#include "actors/runtime/record_type.hpp"

// What comes to the policies from the writer, and what others see and count of them.
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

/// What the writer left: for those who have everything before it, and room.
void reactor::take_feed() {
  feed_.take(recent_);
  std::vector<follower*> by;
  recent_.each([&](const persistence::stored& at) {
    by.clear();
    for (auto* f : in_shard_[at.shard])
      if (f->queue.read_to() + 1 == at.sequence && f->queue.has_room()) by.push_back(f);
    take(by, at);
    return true;
  });
}

/// Whether some policy may know the event. A type too long to tell is looked at more closely.
bool reactor::concerns(std::string_view record) const {
  const auto type = type_of_record(record);
  return !type || wanted_.contains(*type);
}

/// Of the first errand, where a reply is heard of it.
const message_counts::exchange* reactor::exchanged(const follower& f,
                                                   const pending_reaction& p) const {
  if (!p.to->follow || p.following || p.next >= p.asks.size()) return nullptr;
  return here_.said.exchanged(*f.policy, p.asks[p.next].command->GetDescriptor());
}

void reactor::count_sent(const follower& f, pending_reaction& p) {
  if (p.sent != instant{}) return; // it is sent again
  p.sent = here_.time.now();
  if (const auto* x = exchanged(f, p)) x->sent->fetch_add(1, std::memory_order_relaxed);
}

void reactor::count_answered(const follower& f, pending_reaction& p, bool refused) {
  const auto took = here_.time.now() - std::exchange(p.sent, instant{});
  if (p.reply != nullptr) std::exchange(p.reply, nullptr)->handled.add(took);
  if (const auto* x = exchanged(f, p)) {
    x->taken->handled.add(took);
    const auto& reply = refused ? x->refused : x->accepted;
    reply.sent->fetch_add(1, std::memory_order_relaxed);
    p.reply = reply.heard;
  }
}

void reactor::count_ended(const follower& f, const pending_reaction& p, bool handled) {
  const auto now = here_.time.now();
  if (auto* r = here_.said.received(*p.to)) (handled ? r->handled : r->failed).add(now - p.taken);
  if (handled) return;
  const auto since = p.sent == instant{} ? p.taken : p.sent; // it may never have left
  if (const auto* x = exchanged(f, p)) x->taken->failed.add(now - since);
  if (p.reply != nullptr) p.reply->failed.add(now - since);
}

void reactor::publish() {
  const auto ends = here_.journal.log_ends();
  auto now = counts_;
  for (const auto& f : followers_) {
    if (f->left) continue;
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
    if (p.waits.size() < policy_progress::waits_max)
      p.waits.push_back({w->key, w->to->prototype->GetTypeName(), w->why, w->attempts, again});
  }
  const std::lock_guard lock(mutex_);
  published_ = std::move(now);
}

std::vector<policy_progress> reactor::progress() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

} // namespace reenact::runtime
