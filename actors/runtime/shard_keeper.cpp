#include "actors/runtime/shard_keeper.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/runtime/placement.hpp"

namespace reenact::runtime {

using namespace persistence;

/// A barrier behind what the entities of a shard have appended. Deletes itself.
class shard_keeper::last_appends final : public pending {
public:
  last_appends(shard_keeper& of, claimed what) : of_(of), shard_(what) {}

  void done(const outcome&) noexcept override {
    const bool queued = of_.here_.writer.run(
        [&of = of_, shard = shard_](journal& with) { of.release(with, shard); });
    if (!queued) of_.rest(shard_.shard); // the next roster shows that it is ours still
    delete this;
  }

private:
  shard_keeper& of_;
  const claimed shard_;
};

shard_keeper::shard_keeper(surroundings& here, directory& entities, reactor& policies,
                           shard_router& others, options how)
  : here_(here),
    entities_(entities),
    policies_(policies),
    others_(others),
    how_(how) {}

void shard_keeper::see(const roster& now) {
  const auto me = here_.tokens.incarnation();
  std::set<std::uint64_t> alive;
  std::vector<std::uint64_t> hosts;
  for (const auto& m : now.members) {
    alive.insert(m.who.incarnation);
    if (!m.who.leaving && m.who.roles.find("entities") != std::string::npos)
      hosts.push_back(m.who.incarnation);
  }
  const auto wanted = place(here_.tokens.shards(), hosts);
  std::set<shard_id> busy;
  std::size_t moving = 0;
  bool leaving = false;
  {
    const std::lock_guard lock(mutex_);
    busy = claiming_;
    busy.insert(moving_.begin(), moving_.end());
    moving = moving_.size();
    leaving = leaving_;
  }
  std::vector<shard_id> orphans;
  for (shard_id s = 0; s < wanted.size(); ++s) {
    const auto& owner = now.owners[s];
    others_.learn(s, owner);
    const auto mine = here_.tokens.of(s);
    if (mine.epoch != 0 && owner.epoch > mine.epoch) {
      lose(s, mine);
    } else if (mine.epoch != 0) {
      const bool goes = wanted[s] != me && wanted[s] != 0;
      if (goes && !busy.contains(s) && (leaving || moving < how_.moving_max)) {
        ++moving;
        hand_over(s, mine);
      }
    } else if (!busy.contains(s)) {
      // Nobody else can take what is this node's by the journal, also when it only wants to give it
      // up: its own zombies are fenced first.
      const bool orphan = owner.incarnation == 0 || !alive.contains(owner.incarnation);
      if (owner.incarnation == me || (orphan && wanted[s] == me && how_.takes && !leaving))
        orphans.push_back(s);
    }
  }
  if (!orphans.empty()) claim(orphans);
}

void shard_keeper::lose(shard_id shard, const token& under) {
  if (!here_.tokens.drop(shard, under)) return;
  entities_.leave(shard);
  policies_.leave(shard);
}

void shard_keeper::lose_all() {
  for (const auto& c : here_.tokens.all()) lose(c.shard, c.under);
}

void shard_keeper::doubt(shard_id shard, const token& under) {
  if (!here_.tokens.has(shard, under)) return;
  lose(shard, under);
  claim({shard});
}

void shard_keeper::begin_anew() {
  std::vector<shard_id> all;
  for (const auto& c : here_.tokens.all()) {
    lose(c.shard, c.under);
    all.push_back(c.shard);
  }
  if (!all.empty()) claim(all);
}

void shard_keeper::leave() {
  const std::lock_guard lock(mutex_);
  leaving_ = true;
}

void shard_keeper::rest(shard_id shard) {
  const std::lock_guard lock(mutex_);
  claiming_.erase(shard);
  moving_.erase(shard);
}

void shard_keeper::claim(const std::vector<shard_id>& shards) {
  {
    const std::lock_guard lock(mutex_);
    claiming_.insert(shards.begin(), shards.end());
  }
  if (here_.writer.run([this, shards](journal& with) { claim_now(with, shards); })) return;
  for (const auto s : shards) rest(s);
}

void shard_keeper::claim_now(journal& with, const std::vector<shard_id>& shards) {
  std::vector<claimed> got;
  for (const auto s : shards) {
    const auto mine = with.claim(s, here_.tokens.incarnation());
    if (mine)
      got.push_back({s, *mine});
    else if (mine.error().what != failure::kind::fenced) // else somebody was faster
      spdlog::warn("shard {} cannot be claimed: {}", s, mine.error().text);
  }
  const auto prepared = policies_.prepare(with, got);
  if (!prepared) spdlog::warn("shards cannot be taken: {}", prepared.error().text);
  std::vector<shard_id> taken;
  for (const auto& c : got) {
    if (!prepared) break; // they are ours, and are claimed again
    here_.tokens.take(c.shard, c.under);
    others_.learn(c.shard, c.under);
    taken.push_back(c.shard);
  }
  for (const auto s : shards) rest(s);
  if (taken.empty()) return;
  policies_.follow(taken);
  others_.announce(taken);
  spdlog::info("took {} shards", taken.size());
}

/// From here on nothing is answered from memory; what was appended is waited for, and then nobody
/// has it. What comes meanwhile waits for its next owner.
void shard_keeper::hand_over(shard_id shard, const token& under) {
  {
    const std::lock_guard lock(mutex_);
    moving_.insert(shard);
  }
  lose(shard, under);
  auto* behind = new last_appends(*this, {shard, under});
  if (here_.writer.push(behind)) return;
  delete behind;
  rest(shard);
}

void shard_keeper::release(journal& with, const claimed& what) {
  if (const auto gone = with.release(what.shard, what.under)) {
    others_.learn(what.shard, {what.under.epoch, 0});
    others_.announce({what.shard});
  } else {
    spdlog::warn("shard {} cannot be given up: {}", what.shard, gone.error().text);
  }
  rest(what.shard);
}

} // namespace reenact::runtime
