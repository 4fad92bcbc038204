#include <algorithm>
#include <iterator>
#include <utility>

#include "persistence/admission.hpp"
#include "persistence/redis/shard_writer.hpp"
#include "persistence/refusals.hpp"

// How a group of appends is written: in rounds. A round has one run of appends for each shard,
// sealed for the sequences behind the log's end; the first that is refused ends the run of its
// shard, and those behind it are sealed anew for the next round.
namespace reenact::persistence::redis {

std::vector<outcome> shard_writer::commit(std::span<const append* const> group) {
  work on;
  on.group = group;
  on.outcomes.resize(group.size());
  for (std::size_t i = 0; i < group.size(); ++i) on.waiting.push_back(i);
  on.until = clock::now() + site_.patience();
  on.answers_by = clock::now() + site_.patience() / 2;
  while (!on.waiting.empty()) {
    auto calls = plan(on);
    exchange(on, calls);
    for (std::size_t wire = 0; wire < wires; ++wire) recover(on, calls, wire);
    std::ranges::sort(on.waiting);
  }
  if (on.look)
    for (std::size_t wire = 0; wire < wires; ++wire)
      if (sessions_[wire] && sessions_[wire]->alive()) {
        if (auto seen = site_.look(*sessions_[wire], on.until); !seen) drop(wire, seen.error());
        break;
      }
  return std::move(on.outcomes);
}

void shard_writer::decide(work& on, std::size_t index, const outcome& how) const {
  on.outcomes[index] = how;
  auto* head = on.group[index]->head;
  if (head == nullptr) return;
  if (how.what == outcome::kind::appended)
    head->version = how.version;
  else
    head->closed = true;
}

/// False: it is decided.
bool shard_writer::judge(work& on, std::size_t index) const {
  const auto& a = *on.group[index];
  outcome how{outcome::kind::failed};
  if (within_bounds(a, site_.shards()) && !(a.head != nullptr && a.head->closed) &&
      site_.health()) {
    const auto& held = holdings_[a.shard];
    if (holds(held, a.writer)) return true;
    how = {outcome::kind::fenced, held.owner.epoch};
  }
  decide(on, index, how);
  return false;
}

std::vector<shard_writer::call> shard_writer::plan(work& on) {
  std::vector<std::vector<std::size_t>> by_shard(site_.shards());
  std::vector<shard_id> touched;
  for (const auto index : std::exchange(on.waiting, {})) {
    if (!judge(on, index)) continue;
    auto& of = by_shard[on.group[index]->shard];
    if (of.empty()) touched.push_back(on.group[index]->shard);
    of.push_back(index);
  }
  std::vector<call> calls;
  std::array<std::ptrdiff_t, wires> open{};
  open.fill(-1);
  for (const auto shard : touched) {
    auto& last = open[wire_of(shard)];
    if (last >= 0 &&
        (calls[last].appends.size() >= call_appends || calls[last].bytes >= call_bytes))
      last = -1;
    if (last < 0) {
      last = std::ssize(calls);
      calls.emplace_back().wire = wire_of(shard);
      calls.back().what.which = script::append;
    }
    lay(calls[last], shard, by_shard[shard], on);
  }
  for (auto& one : calls) {
    command whole;
    whole.add(one.shards.size()).add(one.what.arguments);
    one.what.arguments = std::move(whole);
  }
  return calls;
}

void shard_writer::lay(call& into, shard_id shard, const std::vector<std::size_t>& appends,
                       const work& on) {
  auto& held = holdings_[shard];
  const auto& keys = site_.keys();
  held.stamp = std::max(held.stamp, site_.options().clock());
  auto next = held.end + 1;
  into.shards.push_back(shard);
  into.what.keys.add(keys.owner(shard)).add(keys.log(shard)).add(keys.timers(shard));
  into.what.arguments.add(held.owner.epoch)
      .add(held.owner.incarnation)
      .add(next)
      .add(appends.size());
  for (const auto index : appends) {
    const auto& a = *on.group[index];
    into.appends.push_back({index, next, held.stamp});
    lay(into.what, a, next, held.stamp);
    next += a.records.size();
  }
  into.bytes = into.what.arguments.text().size();
}

void shard_writer::lay(request& into, const append& a, sequence_t first, stamp_t stamp) {
  const auto name = name_of(a.type, a.entity);
  into.keys.add(site_.keys().streams(a.shard) + name);
  into.arguments.add(name)
      .add(a.expected)
      .add(static_cast<std::uint64_t>(stamp))
      .add(a.records.size())
      .add(a.cleared.size())
      .add(a.set.size());
  for (std::size_t i = 0; i < a.records.size(); ++i) {
    seal_event(element_, a.type, a.entity, a.expected + 1 + i, first + i, stamp, a.records[i]);
    into.arguments.add(element_);
  }
  for (const auto* timers : {&a.cleared, &a.set})
    for (const auto& t : *timers) into.arguments.add(seal_timer(a.shard, a.type, a.entity, t));
}

bool shard_writer::send(std::vector<call>& calls, std::vector<std::size_t>& queue, std::size_t wire,
                        std::size_t& next, std::size_t got, deadline until) {
  auto& held = sessions_[wire];
  if (!held) return false;
  for (; next < queue.size() && next - got < depth; ++next) {
    held->put(calls[queue[next]].what);
    calls[queue[next]].state = call::sent;
  }
  if (auto flushed = held->flush(until); !flushed) drop(wire, flushed.error());
  return sessions_[wire].has_value();
}

/// Both connections are given work before the answers of either are waited for.
void shard_writer::exchange(work& on, std::vector<call>& calls) {
  std::array<std::vector<std::size_t>, wires> queue;
  std::array<std::size_t, wires> next{}, got{};
  for (std::size_t i = 0; i < calls.size(); ++i) queue[calls[i].wire].push_back(i);
  for (std::size_t wire = 0; wire < wires; ++wire)
    if (!queue[wire].empty()) (void)ensure(wire, on.until);
  for (bool busy = true; busy;) {
    busy = false;
    for (std::size_t wire = 0; wire < wires; ++wire)
      send(calls, queue[wire], wire, next[wire], got[wire], on.answers_by);
    for (std::size_t wire = 0; wire < wires; ++wire) {
      if (!sessions_[wire] || got[wire] == next[wire]) continue;
      auto said = sessions_[wire]->receive(on.answers_by);
      if (!said) {
        drop(wire, said.error());
        continue;
      }
      apply(on, calls[queue[wire][got[wire]++]], *said);
      busy = busy || got[wire] < queue[wire].size();
    }
  }
  confirm(on, calls);
}

void shard_writer::apply(work& on, call& of, const answer& said) {
  of.state = call::answered;
  const auto view = said.view();
  if (session::is_forgotten(view)) { // nothing happened: once more, when the scripts are there
    of.state = call::unsent;
    return;
  }
  if (!view.is_array()) {
    site_.ask_audit(); // which tells why
    for (const auto& at : of.appends) decide(on, at.index, {outcome::kind::failed});
    return;
  }
  const auto losses = site_.losses();
  std::size_t exception = 0;
  for (std::size_t i = 0; i < of.appends.size(); ++i) {
    const auto& at = of.appends[i];
    const auto& a = *on.group[at.index];
    if (exception < view.size() && view[exception].number() == i + 1) {
      refuse(on, at, view[exception + 1].integer(), view[exception + 2].number());
      exception += 3;
      continue;
    }
    auto& held = holdings_[a.shard];
    held.end = at.first + a.records.size() - 1;
    if (site_.options().redis.wait_replicas == 0) site_.saw(a.shard, held.end, losses);
    decide(on, at.index,
           {outcome::kind::appended, a.expected + a.records.size(), at.first, at.stamp});
  }
}

void shard_writer::refuse(work& on, const placed& at, std::int64_t verdict, std::uint64_t of) {
  const auto shard = on.group[at.index]->shard;
  auto& held = holdings_[shard];
  switch (static_cast<redis::verdict>(verdict)) {
    case verdict::not_reached: on.waiting.push_back(at.index); return;
    case verdict::conflict: return decide(on, at.index, {outcome::kind::conflict, of});
    case verdict::fenced:
      // Epochs never fall: where they do, the journal is not what it was.
      on.look = on.look || of < held.owner.epoch;
      held.owner = {std::max(of, held.owner.epoch), 0};
      doubt(shard);
      return decide(on, at.index, {outcome::kind::fenced, of});
    case verdict::elsewhere:
      on.look = true;
      doubt(shard);
      return decide(on, at.index, {outcome::kind::fenced, held.owner.epoch});
    case verdict::refused: break;
  }
  site_.ask_audit();
  decide(on, at.index, {outcome::kind::failed});
}

/// The calls that were answered must also have reached as many replicas as were asked for.
void shard_writer::confirm(work& on, std::vector<call>& calls) {
  const auto replicas = site_.options().redis.wait_replicas;
  if (replicas == 0) return;
  for (std::size_t wire = 0; wire < wires; ++wire) {
    const auto is_ours = [&](const call& c) { return c.wire == wire && c.state == call::answered; };
    if (std::ranges::none_of(calls, is_ours)) continue;
    bool reached = false;
    if (sessions_[wire]) {
      const auto most = std::chrono::ceil<std::chrono::milliseconds>(site_.patience() / 4);
      request wait(command("WAIT").add(replicas).add(static_cast<std::uint64_t>(most.count())));
      auto said = sessions_[wire]->ask(wait, on.until);
      if (!said) drop(wire, said.error());
      reached = said && said->view().number() >= replicas;
    }
    site_.replicas_short(!reached);
    const auto losses = site_.losses();
    for (const auto& c : calls) {
      if (!is_ours(c)) continue;
      for (const auto& at : c.appends) {
        auto& how = on.outcomes[at.index];
        if (how.what != outcome::kind::appended) continue;
        if (reached)
          site_.saw(on.group[at.index]->shard, holdings_[on.group[at.index]->shard].end, losses);
        else
          decide(on, at.index, {outcome::kind::unknown});
      }
    }
  }
}

/// What was sent and not answered (protocols.md B4): no token that it carries may be worth anything
/// before anybody reads what became of it.
void shard_writer::recover(work& on, std::vector<call>& calls, std::size_t wire) {
  std::vector<call*> lost;
  for (auto& c : calls) {
    if (c.wire != wire) continue;
    if (c.state == call::sent) lost.push_back(&c);
    if (c.state != call::unsent) continue;
    auto at = ensure(wire, on.until);
    if (at && !(*at)->bring_scripts(on.until)) drop(wire, {failure::kind::unknown, ""});
    const bool again = at && clock::now() < on.until;
    for (const auto& p : c.appends) {
      if (again)
        on.waiting.push_back(p.index);
      else
        decide(on, p.index, {outcome::kind::failed});
    }
  }
  if (lost.empty()) return;
  for (const auto* c : lost)
    for (const auto shard : c->shards) doubt(shard);
  for (;;) {
    auto at = ensure(wire, on.until);
    if (!at) break;
    if (find(on, lost, **at)) return;
    if ((*at)->alive()) break; // it answers, and refuses
    drop(wire, {failure::kind::unreachable, "the connection to Redis was lost"});
    if (clock::now() >= on.until) break;
  }
  for (const auto* c : lost)
    for (const auto& p : c->appends) decide(on, p.index, {outcome::kind::unknown});
}

bool shard_writer::find(work& on, const std::vector<call*>& lost, session& at) {
  std::vector<request> asked{request(script::raise)};
  for (const auto* c : lost)
    for (const auto shard : c->shards) {
      const auto& owner = holdings_[shard].owner;
      asked[0].keys.add(site_.keys().owner(shard));
      asked[0].arguments.add(owner.epoch).add(owner.incarnation);
    }
  for (const auto* c : lost)
    for (const auto& p : c->appends) {
      const auto& a = *on.group[p.index];
      asked.emplace_back(command("LRANGE")
                             .add(site_.keys().streams(a.shard) + name_of(a.type, a.entity))
                             .add(a.expected)
                             .add(a.expected + a.records.size() - 1));
    }
  const auto said = at.ask(asked, on.until);
  if (!said) return false;
  for (const auto& one : *said)
    if (one.view().is_error()) return false;
  std::size_t next = 0;
  for (const auto* c : lost)
    for (const auto shard : c->shards) holdings_[shard].owner.epoch = (*said)[0][next++].number();
  next = 1;
  for (const auto* c : lost)
    for (const auto& p : c->appends) {
      const auto& a = *on.group[p.index];
      const auto version = a.expected + a.records.size();
      if (is_there(a, p, (*said)[next++].view())) {
        site_.saw(a.shard, p.first + a.records.size() - 1, site_.losses());
        decide(on, p.index, {outcome::kind::appended, version, p.first, p.stamp});
      } else {
        decide(on, p.index, {outcome::kind::fenced, holdings_[a.shard].owner.epoch});
      }
    }
  return true;
}

bool shard_writer::is_there(const append& a, const placed& at, answer_view found) {
  if (found.size() != a.records.size()) return false;
  for (std::size_t i = 0; i < a.records.size(); ++i) {
    seal_event(element_, a.type, a.entity, a.expected + 1 + i, at.first + i, at.stamp,
               a.records[i]);
    if (found[i].text() != element_) return false;
  }
  return true;
}

} // namespace reenact::persistence::redis
