#include "persistence/memory/memory_journal.hpp"

#include <algorithm>
#include <cassert>

#include "persistence/admission.hpp"
#include "persistence/refusals.hpp"

namespace reenact::persistence {

memory_journal::memory_journal(const open_options& how)
  : how_(how),
    about_{new_lineage(), how.shards, "memory", "none: lost when the process ends", how.shared},
    owners_(how.shards),
    logs_(how.shards),
    timers_(how.shards) {}

result<token> memory_journal::claim(shard_id shard, std::uint64_t incarnation) {
  const std::scoped_lock lock(mutex_);
  if (shard >= owners_.size()) return no_such_shard(shard, about_.shards);
  auto& owner = owners_[shard];
  if (owner.incarnation != incarnation && lives(owner.incarnation)) return fenced_by(owner);
  return owner = {owner.epoch + 1, incarnation};
}

status memory_journal::release(shard_id shard, const token& writer) {
  const std::scoped_lock lock(mutex_);
  if (shard >= owners_.size()) return no_such_shard(shard, about_.shards);
  if (!owns(writer, owners_[shard])) return fenced_by(owners_[shard]);
  owners_[shard].incarnation = 0;
  return done{};
}

bool memory_journal::lives(std::uint64_t incarnation) const {
  const auto found = leases_.find(incarnation);
  return found != leases_.end() && found->second.until > how_.clock();
}

class memory_journal::leases final : public members {
public:
  explicit leases(const memory_journal& of) : of_(of) {}

  result<roster> beat(const member& me) override {
    const std::scoped_lock lock(of_.mutex_);
    const auto now = of_.how_.clock();
    const auto lasts = std::chrono::duration_cast<std::chrono::microseconds>(of_.how_.lease);
    of_.leases_.insert_or_assign(me.incarnation, lease{me, now + lasts.count()});
    roster seen{{}, of_.owners_};
    std::erase_if(of_.leases_, [&](const auto& l) { return l.second.until <= now; });
    for (const auto& [incarnation, l] : of_.leases_)
      seen.members.push_back({l.of, std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::microseconds(l.until - now))});
    return seen;
  }

  status leave(std::uint64_t incarnation) override {
    const std::scoped_lock lock(of_.mutex_);
    of_.leases_.erase(incarnation);
    return done{};
  }

private:
  const memory_journal& of_;
};

result<std::unique_ptr<members>> memory_journal::join() const {
  return std::unique_ptr<members>(about_.shared ? std::make_unique<leases>(*this) : nullptr);
}

std::vector<outcome> memory_journal::commit(std::span<const append* const> group) {
  const std::scoped_lock lock(mutex_);
  const admission::find_head find = [this](const append& a) -> result<version_t> {
    return head_of({a.type, a.entity});
  };
  admission gate(owners_, find);
  std::vector<outcome> outcomes;
  outcomes.reserve(group.size());
  for (const append* a : group) outcomes.push_back(gate.admit(*a));
  for (std::size_t i = 0; i < group.size(); ++i)
    if (outcomes[i].what == outcome::kind::appended) keep(*group[i], outcomes[i]);
  settle(group, outcomes, true);
  return outcomes;
}

void memory_journal::keep(const append& a, outcome& how) {
  auto& log = logs_[a.shard];
  auto& [of, entries] = *streams_.try_emplace({a.type, a.entity}).first;
  // An id that was said to be drawn, and is not new, would tear a real journal: whoever said so is
  // wrong, and finds out here.
  assert(entries.size() == a.expected);
  how.first = log.size() + 1;
  how.stamp = std::max(how_.clock(), log.empty() ? stamp_t{0} : log.back().stamp);
  for (const auto& record : a.records) {
    log.push_back({&of, entries.size() + 1, log.size() + 1, how.stamp, record});
    entries.push_back(&log.back());
  }
  auto& timers = timers_[a.shard];
  for (const auto& t : a.cleared) timers.erase({t.due, of, t.name, t.generation});
  for (const auto& t : a.set) timers.insert({t.due, of, t.name, t.generation});
}

version_t memory_journal::head_of(const stream& of) const {
  const auto found = streams_.find(of);
  return found == streams_.end() ? 0 : found->second.size();
}

result<version_t> memory_journal::head(const stream& of) const {
  const std::scoped_lock lock(mutex_);
  return head_of(of);
}

status memory_journal::show(shard_id shard, const std::vector<const entry*>& found,
                            const visitor& visit) const {
  for (const entry* e : found)
    if (!visit({e->version, shard, e->sequence, e->stamp, e->of->type, e->of->entity, e->record}))
      break;
  return done{};
}

status memory_journal::read_stream(const stream& of, version_t from, const visitor& visit) const {
  std::vector<const entry*> found;
  {
    const std::scoped_lock lock(mutex_);
    if (const auto at = streams_.find(of); at != streams_.end()) {
      const auto skip = std::min<std::size_t>(std::max<version_t>(from, 1) - 1, at->second.size());
      found.assign(at->second.begin() + static_cast<std::ptrdiff_t>(skip), at->second.end());
    }
  }
  return show(shard_of(of.entity, about_.shards), found, visit);
}

status memory_journal::read_log(shard_id shard, sequence_t from, std::size_t most,
                                const visitor& visit) const {
  std::vector<const entry*> found;
  {
    const std::scoped_lock lock(mutex_);
    if (shard >= logs_.size()) return no_such_shard(shard, about_.shards);
    const auto& log = logs_[shard];
    for (auto at = std::max<sequence_t>(from, 1); at <= log.size() && found.size() < most; ++at)
      found.push_back(&log[at - 1]);
  }
  return show(shard, found, visit);
}

status memory_journal::read_timers(shard_id shard, stamp_t until, std::size_t most,
                                   const timer_visitor& visit) const {
  std::vector<set_timer> found;
  {
    const std::scoped_lock lock(mutex_);
    if (shard >= timers_.size()) return no_such_shard(shard, about_.shards);
    for (const auto& t : timers_[shard]) {
      if (t.due > until || found.size() == most) break;
      found.push_back(t);
    }
  }
  for (const auto& t : found)
    if (!visit({t.of.type, t.of.entity, t.name, t.generation, t.due})) break;
  return done{};
}

std::vector<sequence_t> memory_journal::log_ends() const {
  const std::scoped_lock lock(mutex_);
  std::vector<sequence_t> ends;
  for (const auto& log : logs_) ends.push_back(log.size());
  return ends;
}

status memory_journal::store_snapshot(const token& writer, const stream& of, const snapshot& what) {
  const std::scoped_lock lock(mutex_);
  const auto& owner = owners_[shard_of(of.entity, about_.shards)];
  if (!owns(writer, owner)) return fenced_by(owner);
  if (what.bytes.size() > snapshot_bytes_max) return too_large("a snapshot", snapshot_bytes_max);
  snapshots_.insert_or_assign(of, what);
  return done{};
}

result<snapshot> memory_journal::load_snapshot(const stream& of) const {
  const std::scoped_lock lock(mutex_);
  const auto found = snapshots_.find(of);
  if (found == snapshots_.end() || found->second.version > head_of(of)) return snapshot{};
  return found->second;
}

status memory_journal::may_store(const token& writer, std::string_view consumer,
                                 shard_id shard) const {
  if (shard >= owners_.size()) return no_such_shard(shard, about_.shards);
  if (!owns(writer, owners_[shard])) return fenced_by(owners_[shard]);
  if (!is_name(consumer)) return not_a_name("a consumer");
  return done{};
}

status memory_journal::store_progress(const token& writer, std::string_view consumer,
                                      shard_id shard, const progress& what) {
  const std::scoped_lock lock(mutex_);
  if (auto may = may_store(writer, consumer, shard); !may) return may;
  if (auto fits = admit(what, shard, logs_[shard].size()); !fits) return fits;
  auto& left = consumers_.try_emplace(std::string(consumer), about_.shards).first->second[shard];
  left.at = std::max(left.at.value_or(0), what.at);
  left.parked.insert(what.parked.begin(), what.parked.end());
  for (const auto sequence : what.resumed) left.parked.erase(sequence);
  for (auto letter : what.dead) {
    letter.why = cut_why(letter.why);
    left.dead.insert_or_assign(letter.at, std::move(letter));
  }
  return done{};
}

status memory_journal::drop_dead_letter(const token& writer, std::string_view consumer,
                                        shard_id shard, sequence_t at) {
  const std::scoped_lock lock(mutex_);
  if (auto may = may_store(writer, consumer, shard); !may) return may;
  if (const auto found = consumers_.find(consumer); found != consumers_.end())
    found->second[shard].dead.erase(at);
  return done{};
}

result<positions_by_shard> memory_journal::positions(std::string_view consumer) const {
  const std::scoped_lock lock(mutex_);
  positions_by_shard all(about_.shards);
  for (shard_id s = 0; s < about_.shards; ++s)
    if (const auto* left = trail_of(consumer, s)) all[s] = left->at;
  return all;
}

const memory_journal::trail* memory_journal::trail_of(std::string_view consumer,
                                                      shard_id shard) const {
  const auto found = consumers_.find(consumer);
  return found == consumers_.end() ? nullptr : &found->second[shard];
}

result<std::vector<sequence_t>> memory_journal::parked(std::string_view consumer,
                                                       shard_id shard) const {
  const std::scoped_lock lock(mutex_);
  if (shard >= owners_.size()) return no_such_shard(shard, about_.shards);
  const auto* left = trail_of(consumer, shard);
  if (left == nullptr) return std::vector<sequence_t>();
  return std::vector<sequence_t>(left->parked.begin(), left->parked.end());
}

status memory_journal::read_dead_letters(std::string_view consumer, shard_id shard,
                                         const dead_letter_visitor& visit) const {
  std::map<sequence_t, dead_letter> found;
  {
    const std::scoped_lock lock(mutex_);
    if (shard >= owners_.size()) return no_such_shard(shard, about_.shards);
    if (const auto* left = trail_of(consumer, shard)) found = left->dead;
  }
  for (const auto& [at, letter] : found)
    if (!visit(letter)) break;
  return done{};
}

result<std::vector<std::string>> memory_journal::consumers() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, trails] : consumers_) names.push_back(name);
  return names;
}

} // namespace reenact::persistence
