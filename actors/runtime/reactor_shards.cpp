#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/runtime/reactor.hpp"

// Which shards the policies follow, and where in them they stand.
namespace reenact::runtime {

using namespace persistence;

status reactor::prepare(journal& with, const std::vector<claimed>& shards) const {
  const auto ends = with.log_ends();
  std::vector<std::pair<const model::policy_type*, claimed>> fresh;
  for (const auto& p : here_.types.policies()) {
    const auto known = with.positions(p->name);
    if (!known) return known.error();
    for (const auto& c : shards)
      if (!(*known)[c.shard]) fresh.push_back({p.get(), c});
  }
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const auto& [policy, at] = fresh[i];
    const bool from_start = policy->begins == model::since::start;
    const persistence::progress begin{.at = from_start ? 0 : ends[at.shard],
                                      .synced = i + 1 == fresh.size()}; // and with it all before
    auto ok = with.store_progress(at.under, policy->name, at.shard, begin);
    if (!ok) return ok;
  }
  return done{};
}

void reactor::follow(const std::vector<shard_id>& shards) {
  {
    const std::lock_guard lock(mutex_);
    for (const auto s : shards) orders_.push_back({s, true});
  }
  wake();
}

void reactor::leave(shard_id shard) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back({shard, false});
  }
  wake();
}

status reactor::open() {
  ++generation_;
  waiting_.clear();
  touched_.clear();
  followers_.clear();
  flying_ = 0;
  in_shard_.assign(here_.tokens.shards(), {});
  {
    const std::lock_guard lock(mutex_);
    orders_.clear(); // they have been carried out: the table is asked
  }
  std::vector<shard_id> all;
  for (const auto& c : here_.tokens.all()) all.push_back(c.shard);
  if (auto ok = open(all); !ok) return ok;
  opened_ = true;
  return done{};
}

status reactor::open(const std::vector<shard_id>& shards) {
  alarms_.look_again();
  const auto& policies = here_.types.policies();
  for (std::size_t i = 0; i < policies.size() && !shards.empty(); ++i) {
    const auto positions = here_.journal.positions(policies[i]->name);
    if (!positions) return positions.error();
    for (const auto s : shards) {
      const auto under = here_.tokens.of(s);
      if (under == token{}) continue; // left again: the order to do so follows
      auto& f = *followers_.emplace_back(new follower{policies[i].get(), i, s, under,
                                                      reaction_queue((*positions)[s].value_or(0))});
      in_shard_[s].push_back(&f);
      if (auto ok = open(f); !ok) return ok;
    }
  }
  return done{};
}

status reactor::obey() {
  std::vector<order> orders;
  {
    const std::lock_guard lock(mutex_);
    orders.swap(orders_);
  }
  std::vector<shard_id> opened;
  for (const auto& o : orders) {
    leave_now(o.shard); // also of one that was left and comes back
    std::erase(opened, o.shard);
    if (o.follows) opened.push_back(o.shard);
  }
  return opened.empty() ? status(done{}) : open(opened);
}

/// How far it has come is stored under the token that it had, which may still count.
void reactor::leave_now(shard_id shard) {
  for (auto* f : in_shard_[shard]) {
    store(*f);
    f->left = true;
    std::erase(touched_, f);
    std::erase_if(waiting_, [&](const auto& w) { return w.second.first == f; });
  }
  in_shard_[shard].clear();
  std::erase_if(followers_, [](const auto& f) { return f->left && f->flying == 0; });
  changed_ = true;
}

/// What it had parked stands before the position, and is read by itself.
status reactor::open(follower& f) {
  const auto parked = here_.journal.parked(f.policy->name, f.shard);
  if (!parked) return parked.error();
  for (const auto at : *parked) {
    auto read = here_.journal.read_log(f.shard, at, 1, [&](const stored& s) {
      take({&f}, s, true);
      return false;
    });
    if (!read) return read;
  }
  return done{};
}

void reactor::store() {
  for (const auto& f : followers_)
    if (!f->left) store(*f);
}

void reactor::store(follower& f) {
  if (f.queue.unstored() == 0) return;
  auto what = f.queue.to_store();
  f.queue.stored(what);
  const auto now = here_.tokens.of(f.shard);
  const auto under = now == token{} ? f.under : now;
  here_.writer.run(
      [name = f.policy->name, shard = f.shard, under, what = std::move(what)](journal& to) {
        // A position is only ever too low then: what it misses is repeated, and recognised.
        if (auto ok = to.store_progress(under, name, shard, what); !ok)
          spdlog::warn("policy {}: {}", name, ok.error().text);
      });
}

} // namespace reenact::runtime
