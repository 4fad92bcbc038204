#include "actors/runtime/directory.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "actors/runtime/entity_actor.hpp"
#include "actors/runtime/io_unit.hpp"

namespace reenact::runtime {
namespace {

using persistence::outcome;

void hand_over(const caf::actor& to, const call_ptr& c) {
  auto* unit = io_unit::current();
  if (unit == nullptr) return caf::anon_send(to, c);
  unit->run([&] { to->enqueue(nullptr, caf::make_message_id(), caf::make_message(c), unit); });
}

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

void call::done(const outcome& how) noexcept {
  if (how.what != outcome::kind::appended) {
    home_->lost(*this, how);
  } else if (!what.records.empty() && result.what == answer::kind::accepted) {
    home_->here_.accepted.add(*request_type);
    sent_.count();
  }
  home_->finish(*this);
}

std::size_t directory::key_hash::operator()(const view& k) const {
  return std::hash<std::string_view>()(k.entity) ^ std::hash<const void*>()(k.type);
}

void directory::close() {
  closed_ = true;
  end_all();
}

void directory::answer_all() {
  for (auto& p : parts_) {
    waiting all;
    {
      std::lock_guard lock(p.mutex);
      for (auto& [key, at] : p.entities) std::ranges::move(take_all(at), std::back_inserter(all));
    }
    for (auto& c : all) turn_away(std::move(c), "the node has stopped");
  }
}

void directory::turn_away(call_ptr c, std::string why) {
  c->result = answer::failed(answer::kind::unavailable, std::move(why));
  go_home(std::move(c));
}

void directory::report_to(const caf::actor& region) {
  {
    std::lock_guard lock(region_mutex_);
    region_ = region;
  }
  for (auto& p : parts_) {
    std::lock_guard lock(p.mutex);
    for (const auto& [key, at] : p.entities)
      if (at.now == life::ended) caf::anon_send(region, ended_atom::value, key);
  }
}

caf::actor directory::region() const {
  std::lock_guard lock(region_mutex_);
  return region_;
}

const char* directory::refuse(const entry* at) const {
  if (closed_) return "the node has stopped";
  if (unanswered_ >= here_.limits.unanswered_max) return "too many calls on this node";
  if (at != nullptr && at->unanswered >= here_.limits.unanswered_entity_max)
    return "too many calls for this entity";
  const auto most = here_.limits.resident_max + here_.limits.resident_max / 8;
  if (at == nullptr && resident_ >= most) return "too many entities in memory";
  return nullptr;
}

void directory::submit(call_ptr c) {
  const view key{c->type, c->entity};
  const auto index = index_of(key);
  auto& p = parts_[index];
  caf::actor to;
  bool cold = false;
  const char* refused = nullptr;
  {
    std::lock_guard lock(p.mutex);
    auto at = p.entities.find(key);
    const bool known = at != p.entities.end();
    refused = refuse(known ? &at->second : nullptr);
    if (refused == nullptr) {
      if (!known) {
        at = p.entities.try_emplace({c->type, c->entity}).first;
        cold = !c->fresh;
        if (c->fresh) {
          spawn(at->second, at->first, {.state = c->type->initial(c->entity)});
          at->second.head->compared = true;
        }
      }
      record(index, at->second, c);
      if (at->second.now == life::live) to = at->second.handle;
    }
  }
  if (refused != nullptr) return turn_away(std::move(c), refused);
  if (cold) return load({c->type, c->entity});
  if (to) hand_over(to, c); // else it is delivered when the entity starts
}

void directory::record(std::size_t part, entry& at, const call_ptr& c) {
  c->home_ = this;
  c->part_ = part;
  c->entry_ = &at;
  c->previous_ = at.last;
  (at.last == nullptr ? at.first : at.last->next_) = c.get();
  at.last = c.get();
  c->ref();
  ++at.unanswered;
  at.used = sweep_;
  ++unanswered_;
}

void directory::unlink(entry& at, call& c) {
  (c.previous_ == nullptr ? at.first : c.previous_->next_) = c.next_;
  (c.next_ == nullptr ? at.last : c.next_->previous_) = c.previous_;
  c.previous_ = c.next_ = nullptr;
  c.entry_ = nullptr;
  --at.unanswered;
  --unanswered_;
}

void directory::finish(call& c) {
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    unlink(*static_cast<entry*>(c.entry_), c);
  }
  go_home({&c, false}); // the directory's reference
}

void directory::go_home(call_ptr c) {
  c->home_ = nullptr;
  c->finished();
}

directory::waiting directory::take_all(entry& at) {
  waiting all;
  while (at.first != nullptr) {
    auto& c = *at.first;
    unlink(at, c);
    all.emplace_back(&c, false);
  }
  return all;
}

void directory::resume(call& c) {
  caf::actor to;
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    if (c.entry_ == nullptr) return; // its entity could not be loaded
    c.stage_ = call::stage::queued;
    const auto& at = *static_cast<entry*>(c.entry_);
    if (at.now == life::live) to = at.handle;
  }
  if (to) hand_over(to, &c);
}

void directory::give_up(call& c, answer why) {
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    if (c.entry_ == nullptr) return; // as in resume()
    unlink(*static_cast<entry*>(c.entry_), c);
  }
  c.result = std::move(why);
  go_home({&c, false});
}

void directory::lost(call& c, const outcome& how) {
  const bool wrote = !c.what.records.empty();
  // A repeat has no write of its own, but the one it joined may be the one that was lost.
  const bool in_doubt = wrote ? how.what == outcome::kind::unknown : c.repeat_;
  c.result = in_doubt
                 ? answer::failed(answer::kind::unknown, "the journal did not confirm the write")
                 : answer::failed(answer::kind::unavailable, "the write was not accepted");
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    auto& at = *static_cast<entry*>(c.entry_);
    if (at.now == life::live) {
      at.now = life::ending;
      caf::anon_send(at.handle, leave_atom::value);
    }
  }
  const bool refused = how.what == outcome::kind::conflict || how.what == outcome::kind::fenced;
  if (!refused && here_.journal_suspect) here_.journal_suspect();
}

void directory::spawn(entry& at, const entity_key& key, recovered life) {
  at.head = std::make_shared<persistence::head_slot>();
  at.head->version = life.records;
  at.now = life::live;
  at.handle = here_.system.spawn<entity_actor, caf::lazy_init>(
      std::ref(here_), std::ref(*this), std::cref(key), at.head, std::move(life));
  if (++resident_ == here_.limits.resident_max + 1) caf::anon_send(region(), sweep_atom::value);
}

void directory::load(const entity_key& key) {
  const bool queued = here_.readers.push([this, key] {
    start(key, recover(here_.journal, *key.type, key.entity, here_.time.wall_us()));
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
void directory::start(const entity_key& key, persistence::result<recovered> loaded) {
  if (!loaded) return not_loaded(key, loaded.error());
  auto& p = parts_[index_of({key.type, key.entity})];
  waiting strangers;
  {
    std::lock_guard lock(p.mutex);
    const auto it = p.entities.find(key);
    auto& at = it->second;
    bool wanted = loaded->records > 0;
    for (auto* c = at.first; c != nullptr && !wanted; c = c->next_)
      wanted = c->request_type != nullptr && c->request_type->starts();
    if (wanted) {
      spawn(at, it->first, std::move(*loaded));
      for (auto* c = at.first; c != nullptr; c = c->next_)
        if (c->stage_ == call::stage::queued) caf::anon_send(at.handle, call_ptr(c));
      return;
    }
    strangers = take_all(at);
    p.entities.erase(it);
  }
  for (auto& c : strangers) {
    answer_unknown(*c);
    go_home(std::move(c));
  }
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
  {
    std::lock_guard lock(p.mutex);
    const auto at = p.entities.find(key);
    if (at == p.entities.end() || at->second.now != life::ended) return;
    if (at_writer(at->second)) return; // the barrier was a predecessor's: this one's is on its way
    if (at->second.first == nullptr) {
      p.entities.erase(at);
      return;
    }
    at->second.now = life::loading;
  }
  load(key);
}

void directory::end_all() {
  for (auto& p : parts_) {
    std::lock_guard lock(p.mutex);
    for (auto& [key, at] : p.entities) {
      if (at.now != life::live) continue;
      at.now = life::ending;
      caf::anon_send(at.handle, leave_atom::value);
    }
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
      at.now = life::ending;
      caf::anon_send(at.handle, leave_atom::value);
      ++asked;
    }
  }
  return asked;
}

} // namespace reenact::runtime
