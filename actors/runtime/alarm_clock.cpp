#include "actors/runtime/alarm_clock.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/runtime/errand_call.hpp"
#include "messages/schema.hpp"

namespace reenact::runtime {

using namespace persistence;

void alarm_clock::add(std::span<const append* const> group, std::span<const outcome> outcomes) {
  const auto soon = here_.time.wall_us() + horizon_us;
  bool any = false;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i]->set.empty() || outcomes[i].what != outcome::kind::appended) continue;
    const std::lock_guard lock(mutex_);
    for (const auto& t : group[i]->set)
      if (t.due <= soon) {
        set_.emplace_back(t.due, place(group[i]->type, group[i]->entity, t.name, t.generation));
        any = true;
      }
  }
  if (any) wake_(); // it may be due before anything else happens
}

void alarm_clock::take(std::int64_t due, place what) {
  if (known_.insert(what).second) due_.emplace(due, std::move(what));
}

void alarm_clock::read(std::int64_t now) {
  read_again_ = now + read_each_us;
  for (shard_id s = 0; s < here_.tokens.shards(); ++s) {
    if (!here_.tokens.has(s)) continue;
    std::size_t found = 0;
    const auto ok =
        here_.journal.read_timers(s, now + horizon_us, read_max, [&](const due_timer& t) {
          ++found;
          take(t.due, place(t.type, t.entity, t.name, t.generation));
          return true;
        });
    if (!ok) spdlog::error("the timers of shard {} cannot be read: {}", s, ok.error().text);
    if (!ok || found == read_max) read_again_ = now + pause_us;
  }
}

std::int64_t alarm_clock::step() {
  const auto now = here_.time.wall_us();
  std::vector<std::pair<std::int64_t, place>> set;
  std::vector<std::pair<place, bool>> home;
  {
    const std::lock_guard lock(mutex_);
    set.swap(set_);
    home.swap(home_);
  }
  for (auto& [what, answered] : home) {
    known_.erase(what);
    if (!answered) take(now + pause_us, std::move(what));
  }
  for (auto& [due, what] : set) take(due, std::move(what));
  if (now >= read_again_) read(now);
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto what = due_.extract(due_.begin());
    if (ours(what.mapped()))
      send(what.mapped());
    else
      known_.erase(what.mapped());
  }
  return due_.empty() ? read_again_ : std::min(read_again_, due_.begin()->first);
}

/// It may have been set when the node had the shard.
bool alarm_clock::ours(const place& what) const {
  return here_.tokens.has(shard_of(std::get<1>(what), here_.tokens.shards()));
}

void alarm_clock::send(const place& what) {
  const auto& [type, entity, name, generation] = what;
  const auto* to = here_.types.named(type);
  const auto* asked =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  if (to == nullptr || !to->requests.contains(asked)) {
    spdlog::error("a timer of {}/{} is for a {}, which nobody takes", type, entity, name);
    return; // it stays known, and is not looked at again before the node starts anew
  }
  std::shared_ptr<any_message> command = messages::new_message(asked);
  if (const auto* key = messages::key_of(asked))
    command->GetReflection()->SetString(command.get(), key, entity);
  auto home = [this, what](const answer& how) { hear(what, how); };
  auto c = caf::make_counted<errand_call>(
      here_.types, model::errand{entity, std::move(command), to}, uuid{},
      "timer/" + type + "/" + entity + "/" + name + "/" + std::to_string(generation),
      std::move(home));
  c->timer = generation;
  c->deadline = here_.time.now() + attempt_time;
  to_.submit(std::move(c));
}

void alarm_clock::hear(const place& what, const answer& how) {
  using kind = answer::kind;
  const bool answered = !how.not_yet && how.what != kind::unavailable &&
                        how.what != kind::unknown && how.what != kind::broken;
  {
    const std::lock_guard lock(mutex_);
    home_.emplace_back(what, answered);
  }
  wake_();
}

} // namespace reenact::runtime
