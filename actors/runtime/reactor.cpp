#include "actors/runtime/reactor.hpp"

#include <algorithm>
#include <stdexcept>

#include <spdlog/spdlog.h>

#include "actors/runtime/errand_call.hpp"
#include "actors/runtime/io_unit.hpp"

namespace reenact::runtime {

using namespace persistence;

reactor::reactor(surroundings& here, directory& to, timers& clockwork, options how)
  : here_(here),
    to_(to),
    clockwork_(clockwork),
    how_(std::move(how)),
    feed_([this](std::string_view record) { return concerns(record); }),
    alarms_(here, to, [this] { wake(); }),
    part_("the policies' thread", here.time, how_.retry) {
  for (const auto& p : here_.types.policies()) {
    counts_.push_back({.name = p->name});
    for (const auto& [type, to_do] : p->events) wanted_.insert(type);
  }
  published_ = counts_;
}

void reactor::start() {
  thread_ = std::thread([this] {
    const io_unit unit(here_.system); // what is asked of an idle entity is done at once, here
    part_.keep_at([this] { work(); });
  });
}

void reactor::pause() {
  const std::lock_guard lock(mutex_);
  paused_ = true;
}

void reactor::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  wake_.notify_all();
  part_.hurry();
  if (thread_.joinable()) thread_.join();
  if (opened_) store();
}

void reactor::wake() {
  const std::lock_guard lock(mutex_);
  news_ = true;
  if (idle_) wake_.notify_one();
}

bool reactor::step() {
  {
    const std::lock_guard lock(mutex_);
    news_ = false;
    if (resting_) return false;
  }
  try {
    if (!opened_)
      if (auto ok = open(); !ok) {
        rest(ok.error().text);
        return false;
      }
    hear();
    if (auto ok = obey(); !ok) {
      rest(ok.error().text);
      return false;
    }
    take_feed();
    read();
    if (!resting()) {
      launch();
      ring();
    }
    store_in_time();
    if (std::exchange(changed_, false)) publish();
  } catch (...) { // what is in memory may be half done: begun again from what is stored
    rest(what_was_thrown());
    return false;
  }
  const std::lock_guard lock(mutex_);
  return news_;
}

void reactor::rest(const std::string& why) {
  opened_ = false;
  const auto pause = part_.failed(why);
  const std::lock_guard lock(mutex_);
  resting_ = clockwork_.after(pause, [this] {
    {
      const std::lock_guard again(mutex_);
      resting_ = false;
    }
    wake();
  });
}

void reactor::hear() {
  std::vector<arrival> arrived;
  {
    const std::lock_guard lock(mutex_);
    arrived.swap(arrived_);
  }
  for (auto& a : arrived) {
    if (a.generation != generation_) continue;
    --flying_;
    --a.at->flying;
    if (a.at->left) continue;
    if (auto* p = a.at->queue.find(a.event)) settle(*a.at, *p, a);
  }
  std::erase_if(followers_, [](const auto& f) { return f->left && f->flying == 0; });
}

void reactor::settle(follower& f, pending_reaction& p, arrival& a) {
  using kind = answer::kind;
  auto& got = a.got;
  const bool refused = got.what == kind::rejected;
  if (got.not_yet || got.what == kind::unavailable || got.what == kind::unknown)
    return wait(f, p, got.text);
  if (!refused && got.what != kind::accepted) return poisoned(f, p, got.text);
  auto& counts = counts_[f.index];
  ++(refused ? counts.refused : counts.answered);
  count_answered(f, p, refused);
  if (p.to->follow && !p.following) {
    model::errand_answer how;
    if (refused) {
      how.refusal.set_code(got.code);
      how.refusal.set_slug(got.slug);
      how.refusal.set_text(got.text);
    } else {
      how.response = std::move(got.response);
    }
    p.following = true;
    p.asks.push_back(p.to->follow(*p.event, how));
  }
  ++p.next;
  p.attempts = 0;
  carry_on(f, p);
}

/// Followers that are equally far share one reading of a shard.
void reactor::read() {
  const auto ends = here_.journal.log_ends();
  for (shard_id s = 0; s < ends.size(); ++s) {
    std::map<sequence_t, std::vector<follower*>> behind;
    for (auto* f : in_shard_[s])
      if (f->queue.read_to() < ends[s] && f->queue.has_room())
        behind[f->queue.read_to()].push_back(f);
    for (const auto& [after, by] : behind) {
      const auto ok = here_.journal.read_log(s, after + 1, how_.batch_events_max,
                                             [&, &who = by](const stored& at) {
                                               take(who, at);
                                               return true;
                                             });
      if (!ok) throw std::runtime_error(ok.error().text);
      if (by.front()->queue.read_to() < ends[s]) wake();
    }
  }
}

/// The next record of a shard, which is decoded only if somebody wants it.
void reactor::take(const std::vector<follower*>& by, const stored& at, bool parked) {
  if (by.empty()) return;
  moved_ = true;
  if (!parked && !concerns(at.record)) {
    for (auto* f : by) f->queue.pass(at.sequence);
    return;
  }
  if (!record_.ParseFromArray(at.record.data(), static_cast<int>(at.record.size())))
    throw std::runtime_error("a record is none: " + std::string(at.entity));
  for (auto* f : by) {
    const auto& policy = *f->policy;
    const auto to = policy.events.find(record_.type());
    const bool meant = policy.stream_type.empty() || policy.stream_type == at.type;
    if (to == policy.events.end() || !meant) {
      if (!parked) f->queue.pass(at.sequence);
      continue;
    }
    std::shared_ptr<any_message> event(to->second.prototype->New());
    const bool whole = event->ParseFromString(record_.payload());
    const auto& about = record_.metadata();
    const auto& head = about.correlation_id().empty() ? about.command_id() : about.correlation_id();
    touched_.push_back(f);
    changed_ = true;
    f->queue.take({.at = at.sequence,
                   .key = std::string(at.entity),
                   .to = &to->second,
                   .event = whole ? std::move(event) : nullptr,
                   .event_id = uuid_of(about.event_id()),
                   .correlation = uuid_of(head),
                   .traceparent = about.traceparent(),
                   .parked = parked,
                   .taken = here_.time.now()});
  }
}

/// Nothing more is to be sent.
bool reactor::resting() {
  const std::lock_guard lock(mutex_);
  return paused_ || stopping_;
}

/// The timers of entities that are due.
void reactor::ring() {
  const auto next = alarms_.step();
  const auto now = here_.time.wall_us();
  if (ring_at_ > now && ring_at_ <= next) return;
  ring_at_ = next;
  clockwork_.after(std::chrono::microseconds(std::max<std::int64_t>(next - now, 0)),
                   [this] { wake(); });
}

void reactor::launch() {
  const auto now = here_.time.now();
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    const auto [f, at] = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    if (auto* p = f->queue.find(at)) carry_on(*f, *p);
  }
  for (auto* f : std::exchange(touched_, {}))
    for (auto* p : f->queue.startable()) carry_on(*f, *p);
}

/// The event's next errand, or its end.
void reactor::carry_on(follower& f, pending_reaction& p) {
  try {
    if (!p.reacted) {
      if (p.event == nullptr) throw std::runtime_error("its payload is no such event");
      p.asks = p.to->react(*p.event);
      p.reacted = true;
    }
    if (p.next < p.asks.size()) return send(f, p, p.asks[p.next]);
  } catch (...) { // the module broke its promise not to throw
    return poisoned(f, p, what_was_thrown());
  }
  count_ended(f, p, true);
  f.queue.ended(p.at);
  has_news();
  for (auto* next : f.queue.startable()) carry_on(f, *next);
}

void reactor::send(follower& f, pending_reaction& p, const model::errand& what) {
  if (flying_ >= how_.flying_max)
    return wait(f, p, "too many commands of policies are on their way");
  auto home = [this, generation = generation_, at = &f, event = p.at](answer got) {
    {
      const std::lock_guard lock(mutex_);
      arrived_.push_back({generation, at, event, std::move(got)});
    }
    wake();
  };
  const auto departs = [&] {
    p.now = pending_reaction::state::flying;
    ++flying_;
    ++f.flying;
  };
  const auto name = f.policy->name + "/" + std::to_string(p.next);
  if (!what.port.empty()) {
    departs();
    return deliver(here_.ports, what.port,
                   {named_uuid(p.event_id, name), what.command, p.traceparent}, std::move(home));
  }
  auto c = caf::make_counted<errand_call>(here_.types, what, p.event_id, name, std::move(home));
  c->deadline = here_.time.now() + how_.attempt_time;
  c->traceparent = p.traceparent;
  c->correlation = p.correlation;
  count_sent(f, p);
  departs();
  to_.submit(std::move(c));
}

void reactor::wait(follower& f, pending_reaction& p, const std::string& why) {
  const auto doubled = how_.first_pause * (1U << std::min(p.attempts, 16U));
  p.again = here_.time.now() + std::min<duration>(doubled, how_.longest_pause);
  p.now = pending_reaction::state::waiting;
  has_news(); // what waits is parked, in time
  p.why = why;
  ++p.attempts;
  spdlog::debug("policy {}: event {} of shard {} waits: {}", f.policy->name, p.at, f.shard, why);
  waiting_.emplace(p.again, std::pair(&f, p.at));
  clockwork_.after(p.again - here_.time.now(), [this] { wake(); });
}

void reactor::poisoned(follower& f, pending_reaction& p, const std::string& why) {
  if (p.attempts + 1 < how_.poison_attempts) return wait(f, p, why);
  spdlog::error("policy {} gives up on event {} of shard {}: {}", f.policy->name, p.at, f.shard,
                why);
  ++counts_[f.index].dead;
  count_ended(f, p, false);
  has_news();
  f.queue.died(p.at, {p.at, why, p.attempts + 1, here_.time.wall_us()});
  for (auto* next : f.queue.startable()) carry_on(f, *next);
}

/// At times, as there are many followers, and most have nothing new.
void reactor::store_in_time() {
  const auto now = here_.time.now();
  const bool due = moved_ && now >= store_at_;
  if (due || ended_ >= how_.store_events) {
    store();
    store_at_ = now + how_.store_each;
    moved_ = armed_ = false;
    ended_ = 0;
    changed_ = true;
  } else if (moved_ && !armed_) {
    armed_ = clockwork_.after(store_at_ - now, [this] { wake(); });
  }
}

void reactor::work() {
  for (;;) {
    while (step()) {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    std::unique_lock lock(mutex_);
    idle_ = true;
    wake_.wait(lock, [&] { return stopping_ || (news_ && !resting_); });
    idle_ = false;
    if (stopping_) return;
  }
}

} // namespace reenact::runtime
