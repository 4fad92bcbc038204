#include "actors/runtime/shard_router.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/runtime/peer_messages.hpp"

namespace reenact::runtime {

using persistence::shard_id;
using persistence::token;

namespace {

bool is_command(const call& c) {
  return c.request_type != nullptr && c.request_type->decide != nullptr;
}

::model::ShardOwner owner_message(shard_id shard, const token& owner) {
  ::model::ShardOwner to;
  to.set_shard(shard);
  to.set_epoch(owner.epoch);
  to.set_incarnation(owner.incarnation);
  return to;
}

/// It may have been executed by a node that has not answered; what is only read does no harm.
void may_have_happened(call& c) { c.in_doubt |= is_command(c); }

} // namespace

class shard_router::visitor final : public call {
public:
  visitor(shard_router& by, std::uint64_t from, number n) : by_(by), from_(from), number_(n) {}

private:
  void finished() noexcept override {
    ::model::Envelope e;
    auto& back = *e.mutable_answer();
    back = pack_answer(*this);
    back.set_number(number_);
    if (result.what == answer::kind::elsewhere)
      *back.mutable_owner() = owner_message(shard(), by_.owner_of(shard()));
    by_.links_->send(from_, e.SerializeAsString()); // without a link nobody waits there any more
  }

  shard_router& by_;
  const std::uint64_t from_;
  const number number_;
};

shard_router::shard_router(surroundings& here, directory& to, timers& clockwork, options how,
                           hooks then)
  : here_(here),
    directory_(to),
    clockwork_(clockwork),
    how_(how),
    then_(std::move(then)),
    owners_(here.tokens.shards()) {}

void shard_router::stop() {
  std::vector<call_ptr> all;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (auto& [n, t] : travelling_) all.push_back(std::move(t.what));
    for (auto& w : waiting_) all.push_back(std::move(w.what));
    travelling_.clear();
    waiting_.clear();
  }
  for (auto& c : all) answer_late(std::move(c));
}

std::size_t shard_router::unanswered() const {
  const std::lock_guard lock(mutex_);
  return travelling_.size() + waiting_.size();
}

// -- calls of this node -----------------------------------------------------------

void shard_router::route(call_ptr c) {
  if (c->forwarded) return directory::answer_now(std::move(c), answer::kind::elsewhere);
  if (unanswered() >= how_.waiting_max)
    return directory::turn_away(std::move(c), "too many calls on this node");
  travel(std::move(c), 0);
}

void shard_router::travel(call_ptr c, unsigned attempts) {
  const auto owner = owner_of(c->shard()).incarnation;
  if (owner == 0 || owner == here_.tokens.incarnation() || !send(c, owner, attempts))
    wait(std::move(c), attempts);
}

bool shard_router::send(const call_ptr& c, std::uint64_t peer, unsigned attempts) {
  ::model::Envelope e;
  *e.mutable_call() = pack_call(*c, here_.time.now());
  number n = 0;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || !up_.contains(peer)) return false;
    n = ++last_;
    travelling_.emplace(n, travelling{c, peer, attempts});
  }
  e.mutable_call()->set_number(n);
  c->fresh = false; // it goes out a second time to whoever may have taken the first
  if (links_->send(peer, e.SerializeAsString())) return true;
  const std::lock_guard lock(mutex_);
  return travelling_.erase(n) == 0; // gone already: the link broke, and it waits
}

void shard_router::wait(call_ptr c, unsigned attempts) {
  const auto doubled = how_.first_pause * (1U << std::min(attempts, 8U));
  const auto again = here_.time.now() + std::min<duration>(doubled, how_.longest_pause);
  if (again <= c->deadline) {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && look_later()) {
      waiting_.push_back({std::move(c), attempts + 1, again});
      return;
    }
  }
  answer_late(std::move(c));
}

void shard_router::answer_late(call_ptr c) {
  using kind = answer::kind;
  if (c->in_doubt)
    return directory::answer_now(std::move(c), kind::unknown,
                                 "the node that was asked is gone, and its successor not found");
  directory::answer_now(std::move(c), kind::unavailable, "the shard has no owner to be reached");
}

bool shard_router::look_later() {
  if (!looking_) looking_ = clockwork_.after(how_.look_each, [this] { look(); });
  return looking_;
}

/// Sends again what has waited long enough, and gives up what has travelled too long.
void shard_router::look() {
  const auto now = here_.time.now();
  std::vector<waiting> due;
  std::vector<call_ptr> late;
  {
    const std::lock_guard lock(mutex_);
    looking_ = false;
    std::erase_if(waiting_, [&](waiting& w) {
      const bool ready = w.again <= now;
      if (ready) due.push_back(std::move(w));
      return ready;
    });
    std::erase_if(travelling_, [&](auto& t) {
      const bool over = t.second.what->deadline + how_.grace < now;
      if (over) late.push_back(std::move(t.second.what));
      return over;
    });
    if (!stopped_ && (!waiting_.empty() || !travelling_.empty())) look_later();
  }
  for (auto& w : due) again(std::move(w));
  for (auto& c : late) {
    may_have_happened(*c);
    answer_late(std::move(c));
  }
}

void shard_router::again(waiting w) {
  if (here_.tokens.has(w.what->shard())) return directory_.submit(std::move(w.what));
  travel(std::move(w.what), w.attempts);
}

/// The shard has another owner: nobody waits for a pause to pass.
void shard_router::resend(shard_id shard) {
  std::vector<waiting> all;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](waiting& w) {
      const bool of_it = w.what->shard() == shard;
      if (of_it) all.push_back(std::move(w));
      return of_it;
    });
  }
  for (auto& w : all) again(std::move(w));
}

// -- who has what -----------------------------------------------------------------

void shard_router::doubt(shard_id shard, const token& under) { then_.doubt(shard, under); }

bool shard_router::learn(shard_id shard, const token& owner) {
  {
    const std::lock_guard lock(mutex_);
    auto& known = owners_[shard];
    const bool given_up = owner.epoch == known.epoch && owner.incarnation == 0;
    if (owner == known || (owner.epoch <= known.epoch && !given_up)) return false;
    known = owner;
  }
  if (owner.incarnation != 0) resend(shard);
  return true;
}

token shard_router::owner_of(shard_id shard) const {
  const std::lock_guard lock(mutex_);
  return owners_[shard];
}

void shard_router::announce(const std::vector<shard_id>& shards) {
  ::model::Envelope e;
  std::set<std::uint64_t> peers;
  {
    const std::lock_guard lock(mutex_);
    for (const auto s : shards) *e.mutable_owners()->add_owner() = owner_message(s, owners_[s]);
    peers = up_;
  }
  const auto bytes = e.SerializeAsString();
  for (const auto peer : peers) links_->send(peer, bytes); // who misses it reads the roster
}

bool shard_router::linked(std::uint64_t peer) const {
  const std::lock_guard lock(mutex_);
  return up_.contains(peer);
}

// -- what comes over the links ----------------------------------------------------

void shard_router::up(std::uint64_t peer) {
  const std::lock_guard lock(mutex_);
  up_.insert(peer);
}

void shard_router::down(std::uint64_t peer, const std::string& why) {
  std::vector<travelling> lost;
  {
    const std::lock_guard lock(mutex_);
    up_.erase(peer);
    std::erase_if(travelling_, [&](auto& t) {
      const bool there = t.second.peer == peer;
      if (there) lost.push_back(std::move(t.second));
      return there;
    });
  }
  spdlog::debug("the link to {:x} is down: {}", peer, why);
  for (auto& t : lost) {
    may_have_happened(*t.what);
    wait(std::move(t.what), t.attempts);
  }
}

void shard_router::received(std::uint64_t from, std::string_view envelope) {
  ::model::Envelope e;
  if (!e.ParseFromArray(envelope.data(), static_cast<int>(envelope.size())))
    return spdlog::error("an envelope from {:x} is none", from);
  switch (e.kind_case()) {
    case ::model::Envelope::kCall: return take(from, e.call());
    case ::model::Envelope::kAnswer: return take(from, e.answer());
    case ::model::Envelope::kOwners: return take(e.owners());
    case ::model::Envelope::KIND_NOT_SET: break; // of a later version
  }
}

void shard_router::take(std::uint64_t from, const ::model::ForwardedCall& c) {
  auto visit = caf::make_counted<visitor>(*this, from, c.number());
  if (unpack_call(c, here_.types, here_.time.now(), *visit))
    return directory_.submit(std::move(visit));
  directory::answer_now(std::move(visit), answer::kind::unavailable,
                        "the node of this entity knows no such request: it is another version");
}

void shard_router::take(std::uint64_t from, const ::model::ForwardedAnswer& a) {
  travelling t;
  {
    const std::lock_guard lock(mutex_);
    const auto found = travelling_.find(a.number());
    if (found == travelling_.end() || found->second.peer != from) return; // it came too late
    t = std::move(found->second);
    travelling_.erase(found);
  }
  auto& c = *t.what;
  if (a.outcome() == ::model::ELSEWHERE) {
    learn(c.shard(), {a.owner().epoch(), a.owner().incarnation()});
    return wait(std::move(t.what), t.attempts);
  }
  if (!unpack_answer(a, c)) c.result = answer::failed(answer::kind::broken, "an answer is none");
  if (c.result.what == answer::kind::unavailable && c.in_doubt)
    c.result.what = answer::kind::unknown;
  directory::answer_now(std::move(t.what));
}

void shard_router::take(const ::model::ShardOwners& news) {
  bool any = false;
  for (const auto& o : news.owner())
    any |= o.shard() < owners_.size() && learn(o.shard(), {o.epoch(), o.incarnation()});
  if (any) then_.owners_changed();
}

} // namespace reenact::runtime
