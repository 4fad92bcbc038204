#include "actors/runtime/cluster_side.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace reenact::runtime {

using namespace persistence;

namespace {

/// "0 to 5, 9": of ascending numbers.
std::string in_words(const std::vector<shard_id>& shards) {
  std::string all;
  for (std::size_t i = 0; i < shards.size();) {
    auto last = i;
    while (last + 1 < shards.size() && shards[last + 1] == shards[last] + 1) ++last;
    all += (all.empty() ? "" : ", ") + std::to_string(shards[i]);
    if (last > i) all += " to " + std::to_string(shards[last]);
    i = last + 1;
  }
  return all;
}

} // namespace

cluster_side::cluster_side(surroundings& here, directory& entities, reactor& policies,
                           timers& clockwork, timed_lease& held, cluster_options how)
  : here_(here),
    time_(here.time),
    held_(held),
    how_(std::move(how)),
    router_(here, entities, clockwork, how_.routing,
            {.doubt = [this](shard_id s, const token& under) { keeper_.doubt(s, under); },
             .owners_changed =
                 [this] {
                   if (members_) members_->hurry();
                 }}),
    keeper_(here, entities, policies, router_, how_.keeping) {}

status cluster_side::start() {
  auto me = how_.me;
  me.incarnation = here_.tokens.incarnation();
  auto made = how_.link(me, here_.journal.about().lineage, router_);
  if (!made) return made.error();
  links_ = std::move(*made);
  router_.connect(*links_);
  auto store = here_.journal.join();
  if (!store) return store.error();
  members_ = std::make_unique<membership>(
      std::move(*store), std::move(me), held_, time_, how_.lease,
      membership::hooks{.seen = [this](const roster& now) { see(now); },
                        .lapsed = [this] { keeper_.lose_all(); }});
  members_->start();
  return done{};
}

void cluster_side::see(const roster& now) {
  keeper_.see(now);
  std::vector<peer> peers;
  for (const auto& m : now.members)
    if (m.who.incarnation != here_.tokens.incarnation())
      peers.push_back({m.who.incarnation, m.who.address});
  links_->follow(peers);
}

void cluster_side::leave() {
  keeper_.leave();
  members_->leave();
}

void cluster_side::end_lease() {
  if (members_) members_->stop();
}

void cluster_side::stop() {
  router_.stop();
  if (links_) links_->stop();
}

roster cluster_side::seen() const { return members_ ? members_->seen() : roster{}; }

std::vector<std::string> cluster_side::missing() const {
  std::vector<std::string> all;
  if (!held_.valid())
    all.push_back("this node has no lease: " +
                  (members_ ? members_->trouble() : std::string("it has not begun")));
  std::map<std::uint64_t, std::vector<shard_id>> unreached;
  for (shard_id s = 0; s < here_.tokens.shards(); ++s) {
    const auto owner = router_.owner_of(s).incarnation;
    const bool mine = here_.tokens.has(s);
    if (!mine && !router_.linked(owner)) unreached[owner].push_back(s);
  }
  const auto now = seen();
  for (const auto& [owner, shards] : unreached) {
    const auto of = (shards.size() == 1 ? "shard " : "shards ") + in_words(shards);
    const auto known = std::ranges::find_if(
        now.members, [&, o = owner](const auto& m) { return m.who.incarnation == o; });
    if (owner == here_.tokens.incarnation())
      all.push_back(of + " of this node being taken again");
    else if (known == now.members.end())
      all.push_back(of + " without an owner");
    else
      all.push_back("a link to " + known->who.name + " (" + known->who.address + "), which has " +
                    of);
  }
  return all;
}

} // namespace reenact::runtime
