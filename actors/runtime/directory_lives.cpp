#include <algorithm>
#include <functional>
#include <utility>

#include "actors/runtime/directory.hpp"
#include "actors/runtime/entity_actor.hpp"

// The lives of entities: how they begin, what keeps them, and what becomes of their calls when they
// end.
namespace reenact::runtime {
namespace {

void answer_unknown(call& c) {
  if (c.request_type == nullptr) { // a fact: no such entity
    c.result.what = answer::kind::accepted;
    return;
  }
  const auto& unknown = c.type->unknown_to(*c.request_type);
  c.result.what = answer::kind::rejected;
  c.result.code = unknown.code;
  c.result.slug = unknown.slug;
  c.result.text = unknown.text;
}

} // namespace

void directory::ask_to_leave(entry& at) {
  if (at.now != life::live) return;
  at.now = life::ending;
  caf::anon_send(at.handle, leave_atom::value);
}

void directory::leave(persistence::shard_id shard) {
  for (auto& p : parts_) {
    std::lock_guard lock(p.mutex);
    for (auto& [key, at] : p.entities)
      if (at.shard == shard) ask_to_leave(at);
  }
}

void directory::spawn(entry& at, const entity_key& key, const persistence::token& under,
                      recovered life) {
  at.token = under;
  at.head = std::make_shared<persistence::head_slot>();
  at.head->version = life.records;
  at.now = life::live;
  at.handle = here_.system.spawn<entity_actor, caf::lazy_init>(
      std::ref(here_), std::ref(*this), std::cref(key), claimed{at.shard, under}, at.head,
      std::move(life));
  if (++resident_ == here_.limits.resident_max + 1) caf::anon_send(region(), sweep_atom::value);
}

// What is read under one token is no life under another: somebody else may have written between.
void directory::load(const entity_key& key) {
  const auto under = here_.tokens.of(persistence::shard_of(key.entity, here_.tokens.shards()));
  const bool queued = here_.readers.push([this, key, under] {
    start(key, under, recover(here_.journal, *key.type, key.entity, here_.time.wall_us()));
  });
  if (!queued) dismiss(key, "too many entities are being loaded");
}

void directory::dismiss(const entity_key& key, const std::string& why) {
  auto& p = parts_[index_of({key.type, key.entity})];
  waiting all;
  {
    std::lock_guard lock(p.mutex);
    const auto at = p.entities.find(key);
    all = take_all(at->second);
    p.entities.erase(at);
  }
  for (auto& c : all) turn_away(std::move(c), why);
}

// What is wrong with the disk is for the log, not for strangers, who can do nothing about it.
void directory::not_loaded(const entity_key& key, const persistence::failure& why) {
  using kind = persistence::failure::kind;
  const bool damaged = why.what == kind::corrupt;
  const bool of_events = why.text.starts_with(cannot_load); // of types and versions: not of files
  if (damaged || of_events) here_.unread.add(key.type->name + "/" + key.entity, why);
  if (of_events) return dismiss(key, why.text);
  dismiss(key, std::string(cannot_load) +
                   (damaged ? "the journal is damaged here" : "the journal cannot be read"));
}

// Runs on a reader thread.
void directory::start(const entity_key& key, const persistence::token& under,
                      persistence::result<recovered> loaded) {
  auto& p = parts_[index_of({key.type, key.entity})];
  waiting strangers, gone;
  bool outdated = false;
  {
    std::lock_guard lock(p.mutex);
    const auto it = p.entities.find(key);
    auto& at = it->second;
    if (away(at.shard)) {
      gone = send_away(at);
      p.entities.erase(it);
    } else if (under != here_.tokens.of(at.shard)) {
      outdated = true;
    } else if (loaded) {
      if (begin(at, it->first, under, *loaded)) return;
      strangers = take_all(at);
      p.entities.erase(it);
    }
  }
  if (outdated) return load(key);
  if (!gone.empty()) return route(std::move(gone));
  if (!loaded) return not_loaded(key, loaded.error());
  for (auto& c : strangers) {
    answer_unknown(*c);
    answer_now(std::move(c));
  }
}

/// False: it has no records, and nobody who waits would begin it.
bool directory::begin(entry& at, const entity_key& key, const persistence::token& under,
                      recovered& loaded) {
  bool wanted = loaded.records > 0;
  for (auto* c = at.first; c != nullptr && !wanted; c = c->next_)
    wanted = c->request_type != nullptr && c->request_type->starts();
  if (!wanted) return false;
  spawn(at, key, under, std::move(loaded));
  for (auto* c = at.first; c != nullptr; c = c->next_)
    if (c->stage_ == call::stage::queued) caf::anon_send(at.handle, call_ptr(c));
  return true;
}

bool directory::let_go(const entity_key& key) {
  auto& p = parts_[index_of({key.type, key.entity})];
  std::lock_guard lock(p.mutex);
  auto& at = p.entities.find(key)->second;
  if (at.now != life::live || at.first != nullptr) return false;
  at.now = life::ending;
  return true;
}

void directory::ended(const entity_key& key) {
  auto& p = parts_[index_of({key.type, key.entity})];
  {
    std::lock_guard lock(p.mutex);
    auto& at = p.entities.find(key)->second;
    at.now = life::ended;
    at.handle = nullptr;
  }
  --resident_;
  caf::anon_send(region(), ended_atom::value, key);
}

// Not only appends: an answer that waits behind them points into the head slot.
bool directory::at_writer(const entry& at) {
  for (const auto* c = at.first; c != nullptr; c = c->next_)
    if (c->stage_ == call::stage::decided) return true;
  return false;
}

bool directory::unsettled(const entity_key& key) {
  auto& p = parts_[index_of({key.type, key.entity})];
  std::lock_guard lock(p.mutex);
  const auto at = p.entities.find(key);
  return at != p.entities.end() && at->second.now == life::ended && at_writer(at->second);
}

void directory::settle(const entity_key& key) {
  auto& p = parts_[index_of({key.type, key.entity})];
  bool cold = false;
  waiting gone;
  {
    std::lock_guard lock(p.mutex);
    const auto at = p.entities.find(key);
    if (at == p.entities.end() || at->second.now != life::ended) return;
    if (at_writer(at->second)) return; // the barrier was a predecessor's: this one's is on its way
    if (at->second.first != nullptr && !away(at->second.shard)) {
      at->second.now = life::loading;
      cold = true;
    } else {
      gone = send_away(at->second);
      p.entities.erase(at);
    }
  }
  if (cold) return load(key);
  route(std::move(gone));
}

void directory::end_all() {
  for (auto& p : parts_) {
    std::lock_guard lock(p.mutex);
    for (auto& [key, at] : p.entities) ask_to_leave(at);
  }
}

void directory::sweep() {
  ++sweep_;
  ask_to_go(whom::anyone, here_.limits.idle_sweeps, resident_);
  make_room();
}

void directory::make_room() {
  auto now = resident_.load();
  const auto most = here_.limits.resident_max;
  if (now <= most) return;
  const auto enough = most - most / 16;
  now -= ask_to_go(whom::strangers, 0, now - enough);
  for (auto idle = here_.limits.idle_sweeps + 1; idle-- > 0 && now > enough;)
    now -= ask_to_go(whom::anyone, idle, now - enough);
}

std::size_t directory::ask_to_go(whom whose, std::uint32_t idle_sweeps, std::size_t most) {
  std::size_t asked = 0;
  for (auto& p : parts_) {
    std::lock_guard lock(p.mutex);
    for (auto& [key, at] : p.entities) {
      if (asked == most) return asked;
      if (at.now != life::live || at.first != nullptr || sweep_ - at.used < idle_sweeps) continue;
      if (whose == whom::strangers && at.head->version > 0) continue;
      ask_to_leave(at);
      ++asked;
    }
  }
  return asked;
}

} // namespace reenact::runtime
