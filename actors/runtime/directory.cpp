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

} // namespace

void call::done(const outcome& how) noexcept {
  if (how.what != outcome::kind::appended) {
    if (!home_->lost(*this, how)) return;
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
  answer_now(std::move(c), answer::kind::unavailable, std::move(why));
}

void directory::answer_now(call_ptr c, answer::kind how, std::string why) {
  c->result = answer::failed(how, std::move(why));
  answer_now(std::move(c));
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
  if (here_.others != nullptr) c->shard_ = persistence::shard_of(c->entity, here_.tokens.shards());
  caf::actor to;
  bool cold = false, gone = false;
  const char* refused = nullptr;
  {
    std::lock_guard lock(p.mutex);
    auto at = p.entities.find(key);
    const bool known = at != p.entities.end();
    gone = away(c->shard_); // under the lock: leave() looks through all parts later
    refused = refuse(known ? &at->second : nullptr);
    if (!gone && refused == nullptr) {
      if (!known) {
        at = p.entities.try_emplace({c->type, c->entity}).first;
        at->second.shard = persistence::shard_of(c->entity, here_.tokens.shards());
        cold = !c->fresh;
        if (c->fresh) {
          spawn(at->second, at->first, here_.tokens.of(at->second.shard),
                {.state = c->type->initial(c->entity)});
          at->second.head->compared = true;
        }
      }
      record(index, at->second, c);
      if (at->second.now == life::live) to = at->second.handle;
    }
  }
  if (gone) return here_.others->route(std::move(c));
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
  answer_now({&c, false}); // the directory's reference
}

void directory::answer_now(call_ptr c) {
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
  call_ptr gone;
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    c.stage_ = call::stage::queued;
    if (c.entry_ == nullptr) { // its entity could not be loaded, or is elsewhere
      if (std::exchange(c.away_, false)) gone = call_ptr(&c);
    } else {
      const auto& at = *static_cast<entry*>(c.entry_);
      if (at.now == life::live) to = at.handle;
    }
  }
  if (to) hand_over(to, &c);
  if (gone) here_.others->route(std::move(gone));
}

void directory::give_up(call& c, answer why) {
  bool recorded = true;
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    if (c.entry_ != nullptr) {
      unlink(*static_cast<entry*>(c.entry_), c);
    } else if (std::exchange(c.away_, false)) {
      recorded = false; // who waits for the facts holds it
    } else {
      return; // as in resume()
    }
  }
  c.result = std::move(why);
  answer_now({&c, !recorded});
}

bool directory::lost(call& c, const outcome& how) {
  const bool wrote = !c.what.records.empty();
  // A repeat has no write of its own, but the one it joined may be the one that was lost.
  const bool in_doubt = wrote ? how.what == outcome::kind::unknown : c.repeat_;
  if (goes_on(c, how, in_doubt)) return false;
  c.result = in_doubt
                 ? answer::failed(answer::kind::unknown, "the journal did not confirm the write")
                 : answer::failed(answer::kind::unavailable, "the write was not accepted");
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    ask_to_leave(*static_cast<entry*>(c.entry_));
  }
  const bool refused = how.what == outcome::kind::conflict || how.what == outcome::kind::fenced;
  if (!refused && here_.journal_suspect) here_.journal_suspect();
  return true;
}

/// What a journal that others share did not accept, or did not answer for, is found out, or decided
/// anew, by whoever has the shard next: the command's id is the same (protocols.md B4).
bool directory::goes_on(call& c, const outcome& how, bool in_doubt) {
  using kind = outcome::kind;
  if (here_.others == nullptr || how.what == kind::conflict) return false;
  persistence::token under;
  {
    std::lock_guard lock(parts_[c.part_].mutex);
    under = static_cast<entry*>(c.entry_)->token;
  }
  if (how.what == kind::failed && here_.tokens.has(c.shard_, under)) return false;
  here_.others->doubt(c.shard_, under);
  std::lock_guard lock(parts_[c.part_].mutex);
  c.fresh = false;
  c.what.records.clear();
  c.in_doubt |= in_doubt;
  c.repeat_ = false;
  c.result = answer{.response = std::move(c.result.response)};
  c.state = nullptr;
  c.stage_ = call::stage::queued;
  ask_to_leave(*static_cast<entry*>(c.entry_));
  return true;
}

bool directory::away(persistence::shard_id shard) const {
  return here_.others != nullptr && !here_.tokens.has(shard);
}

/// Takes out who waits; those whose facts are on their way follow when these are there.
directory::waiting directory::send_away(entry& at) {
  waiting all;
  for (auto& c : take_all(at)) {
    if (c->stage_ == call::stage::fetching)
      c->away_ = true;
    else
      all.push_back(std::move(c));
  }
  return all;
}

void directory::route(waiting all) {
  for (auto& c : all) here_.others->route(std::move(c));
}

} // namespace reenact::runtime
