#include "actors/runtime/entity_actor.hpp"

#include <algorithm>

#include "actors/runtime/fact_fetch.hpp"

namespace reenact::runtime {
namespace {

using persistence::outcome;

/// A barrier that tells an entity that appends before it have become durable. Deletes itself.
class wake_up final : public persistence::pending {
public:
  wake_up(caf::actor who, std::shared_ptr<persistence::head_slot> head)
    : who_(std::move(who)),
      head_(std::move(head)) {
    what.head = head_.get();
  }

  void done(const outcome&) noexcept override {
    caf::anon_send(who_, proceed_atom::value);
    delete this;
  }

private:
  const caf::actor who_;
  const std::shared_ptr<persistence::head_slot> head_;
};

/// A snapshot that waits until what it holds is durable (protocols.md A6). Deletes itself.
class snapshot_on_its_way final : public persistence::pending {
public:
  snapshot_on_its_way(persistence::journal_writer& writer, persistence::token token,
                      persistence::stream of, persistence::snapshot content,
                      std::shared_ptr<persistence::head_slot> head)
    : writer_(writer),
      token_(token),
      of_(std::move(of)),
      content_(std::move(content)),
      head_(std::move(head)) {
    what.head = head_.get();
  }

  void done(const outcome& how) noexcept override {
    if (how.what == outcome::kind::appended)
      writer_.run([token = token_, of = std::move(of_),
                   content = std::move(content_)](persistence::journal& to) {
        // A cache: what cannot be stored is replayed, and a broken journal says so by itself.
        (void)to.store_snapshot(token, of, content);
      });
    delete this;
  }

private:
  persistence::journal_writer& writer_;
  const persistence::token token_;
  persistence::stream of_;
  persistence::snapshot content_;
  const std::shared_ptr<persistence::head_slot> head_;
};

bool repeatable(const call& c) { return c.from != origin::drawn; }

void forget_answer(call& c) {
  c.result = answer{.response = std::move(c.result.response)};
  c.state = nullptr;
}

::model::Handled handled(const call& c, std::uint64_t entity_version) {
  ::model::Handled h;
  h.set_command_id(c.id.data(), c.id.size());
  h.set_request_hash(c.request_hash);
  h.set_origin(static_cast<::model::Handled::Origin>(c.from));
  h.set_entity_version(entity_version);
  auto& reply = *h.mutable_reply();
  if (c.result.what == answer::kind::rejected) {
    auto& no = *reply.mutable_rejection();
    no.set_code(c.result.code);
    no.set_slug(c.result.slug);
    no.set_text(c.result.text);
  } else {
    c.result.response->SerializeToString(reply.mutable_response());
  }
  return h;
}

void restore(answer& into, const remembered& known) {
  ::model::Reply reply;
  reply.ParseFromString(known.reply);
  into.version = known.entity_version;
  if (!reply.has_rejection()) {
    into.what = answer::kind::accepted;
    into.response->ParseFromString(reply.response());
    return;
  }
  into.what = answer::kind::rejected;
  into.code = reply.rejection().code();
  into.slug = reply.rejection().slug();
  into.text = reply.rejection().text();
}

} // namespace

entity_actor::entity_actor(caf::actor_config& cfg, surroundings& here, directory& home,
                           const entity_key& key, const claimed& in,
                           std::shared_ptr<persistence::head_slot> head, recovered life)
  : caf::event_based_actor(cfg),
    here_(here),
    home_(home),
    key_(key),
    shard_(in.shard),
    token_(in.under),
    head_(std::move(head)),
    life_(std::move(life)),
    snapshot_at_(life_.snapshot) {}

caf::behavior entity_actor::make_behavior() {
  return {[this](const call_ptr& c) { take(c); }, [this](proceed_atom) { proceed(); },
          [this](leave_atom) { quit(); }};
}

void entity_actor::on_exit() { home_.ended(key_); }

void entity_actor::take(const call_ptr& c) {
  // An append was lost, so this state never was: the call stays recorded for the successor.
  if (head_->closed || stopped_) return;
  const bool command = c->request_type != nullptr && c->request_type->decide != nullptr;
  if (command && (!parked_.empty() || head_->in_flight >= here_.limits.speculative_max))
    return park(c);
  carry_out(*c);
  // Who has neither records nor an answer to remember is not kept (protocols.md A8).
  if (life_.records == 0 && life_.remembered.size() == 0 && home_.let_go(key_)) quit();
}

void entity_actor::park(call_ptr c) {
  parked_.push_back(std::move(c)); // at most unanswered_entity_max: the directory counts
  if (waking_) return;
  auto* signal = new wake_up(this, head_);
  waking_ = here_.writer.push(signal);
  if (waking_) return;
  delete signal;
  stop(); // nobody would wake it: a successor takes the parked commands
}

void entity_actor::proceed() {
  waking_ = false;
  std::vector<call_ptr> again;
  again.swap(parked_);
  for (const auto& c : again) take(c);
}

// The order of checks is protocols.md A1's; dedupe stands before If-Match and decide, because a
// repeated create must be answered with the stored reply, not refused as existing.
void entity_actor::carry_out(call& c) {
  if (c.result.response) c.result.response->Clear(); // a predecessor may have begun to answer
  try {
    if (without_lease(c) || out_of_time(c)) return;
    if (c.request_type == nullptr) return show_state(c);
    if (c.request_type->decide == nullptr) return show(c);
    if (repeated(c) || outdated(c) || mismatched(c) || lacks_facts(c)) return;
    decide(c);
  } catch (...) {
    // The domain broke its promise not to throw, and the state may be half evolved.
    end(c, answer::kind::broken, what_was_thrown());
    stop(caf::sec::runtime_error);
  }
}

bool entity_actor::exists() const {
  return life_.entity_version > 0 && key_.type->exists(*life_.state);
}

bool entity_actor::without_lease(call& c) {
  const bool valid = here_.held.valid();
  if (valid && here_.tokens.has(shard_, token_)) return false;
  if (!valid && here_.others == nullptr) {
    end(c, answer::kind::unavailable, "this node has lost its lease");
  } else { // a successor takes the call, here or elsewhere, and nothing of this answer stays
    forget_answer(c);
    stop();
  }
  return true;
}

bool entity_actor::out_of_time(call& c) {
  if (here_.time.now() <= c.deadline) return false;
  if (c.in_doubt)
    end(c, answer::kind::unknown, "the command's outcome was not found out before its deadline");
  else
    end(c, answer::kind::unavailable, "the command waited past its deadline and was not executed");
  return true;
}

bool entity_actor::repeated(call& c) {
  const auto* known = life_.remembered.find(c.id);
  c.in_doubt = false; // this stream has it, or nobody will ever write it
  if (known == nullptr) return false;
  c.repeat_ = true;
  if (known->request_hash != c.request_hash) {
    c.result.what = answer::kind::key_reused;
    c.result.text = "the idempotency key was used for another request";
  } else {
    restore(c.result, *known);
  }
  leave(c);
  return true;
}

/// It comes of a timer that was set anew, or cleared, meanwhile.
bool entity_actor::outdated(call& c) {
  if (c.timer == 0) return false;
  const auto* set = life_.timer(c.request_type->request->full_name());
  if (set != nullptr && set->generation == c.timer) return false;
  c.result.what = answer::kind::accepted;
  leave(c);
  return true;
}

bool entity_actor::mismatched(call& c) {
  if (!c.if_match || !exists()) return false;
  if (c.if_match->empty() ||
      std::ranges::find(*c.if_match, life_.entity_version) != c.if_match->end())
    return false;
  c.result.what = answer::kind::precondition_failed;
  c.result.text = "the entity has changed: its version is " + std::to_string(life_.entity_version);
  c.result.version = life_.entity_version;
  leave(c);
  return true;
}

bool entity_actor::lacks_facts(call& c) {
  const auto& asked = *c.request_type;
  if (asked.needs == nullptr ||
      model::misplaced(*key_.type, asked, life_.entity_version, *life_.state) != nullptr)
    return false;
  model::wants wanted;
  asked.needs(*life_.state, *c.request, c.facts_, wanted);
  std::erase_if(wanted.list(), [&](const model::want& w) { return c.facts_.has(w); });
  if (wanted.list().empty()) return false;
  c.stage_ = call::stage::fetching;
  fact_fetch::start(home_, here_, call_ptr(&c), std::move(wanted.list()));
  return true;
}

void entity_actor::show(call& c) {
  if (!exists()) return refuse(c, key_.type->unknown_to(*c.request_type));
  c.result.what = answer::kind::accepted;
  c.result.version = life_.entity_version;
  c.request_type->answer(*life_.state, *c.request, *c.result.response);
  leave(c);
}

void entity_actor::show_state(call& c) {
  c.result.what = answer::kind::accepted;
  if (exists()) {
    auto* copy = life_.state->New();
    copy->CopyFrom(*life_.state);
    c.state.reset(copy);
  }
  leave(c);
}

void entity_actor::decide(call& c) {
  c.facts_.set_now(here_.time.wall_us());
  c.facts_.set_settings(here_.types.settings());
  auto decision = model::decide(*key_.type, *c.request_type, life_.entity_version, *life_.state,
                                *c.request, c.facts_);
  if (const auto* no = decision.refused()) return refuse(c, *no);
  // A saga or policy tries again under the same id, and must not meet its own refusal then.
  if (const auto* when = decision.postponed()) {
    c.result.not_yet = true;
    return refuse(c, when->why, c.from != origin::internal);
  }
  accept(c, std::move(*decision.events()), decision.alarms());
}

void entity_actor::refuse(call& c, const model::rejection& why, bool for_good) {
  auto& r = c.result;
  r.what = answer::kind::rejected;
  r.code = why.code;
  r.slug = why.slug;
  r.text = why.text;
  r.version = life_.entity_version;
  const bool command = c.request_type->decide != nullptr;
  if (command && for_good && repeatable(c)) return note(c);
  leave(c);
}

void entity_actor::accept(call& c, model::decision::event_list events,
                          const model::alarm_list& alarms) {
  std::vector<std::string> records;
  thread_local ::model::Record record; // kept, as filling a used message allocates less
  for (const auto& event : events) {
    record.Clear();
    record.set_type(event->GetDescriptor()->full_name());
    event->SerializeToString(record.mutable_payload());
    life_.last_event = random_uuid(here_.random);
    auto& about = *record.mutable_metadata();
    about.set_event_id(life_.last_event.data(), life_.last_event.size());
    about.set_command_id(c.id.data(), c.id.size());
    if (c.correlation != uuid{}) about.set_correlation_id(bytes_of(c.correlation).data(), 16);
    if (c.causation != uuid{}) about.set_causation_id(bytes_of(c.causation).data(), 16);
    about.set_traceparent(c.traceparent);
    about.set_principal(c.principal);
    records.push_back(record.SerializeAsString());
    const auto& type = key_.type->events.find(record.type())->second;
    type.evolve(*life_.state, *event);
    if (auto* counter = here_.said.sent(type)) c.sent_.add(*counter);
    life_.entity_version = life_.records + records.size();
  }
  c.result.what = answer::kind::accepted;
  c.result.version = life_.entity_version;
  c.request_type->answer(*life_.state, *c.request, *c.result.response);
  if (events.empty()) return repeatable(c) ? note(c, alarms) : leave(c);
  append(c, std::move(records), handled(c, life_.entity_version), alarms);
}

// An answer without events that its sender may ask for again. Strangers create no streams: on an
// entity without records it is kept in memory only.
void entity_actor::note(call& c, const model::alarm_list& alarms) {
  auto last = handled(c, life_.entity_version);
  if (life_.records > 0)
    return append(c, {::model::Record().SerializeAsString()}, std::move(last), alarms);
  life_.remembered.remember(last, here_.time.wall_us());
  leave(c);
}

void entity_actor::append(call& c, std::vector<std::string> records, ::model::Handled last,
                          const model::alarm_list& alarms) {
  // Appending a field to a serialized message is merging it in: the record need not be built twice.
  ::model::Record tail;
  *tail.mutable_handled() = std::move(last);
  const auto sender = c.timer != 0 ? c.request_type->request->full_name() : std::string();
  life_.set_timers(alarms, sender, records.size(), here_.time.wall_us(), c.what, tail);
  tail.AppendToString(&records.back());
  life_.remembered.remember(tail.handled(), here_.time.wall_us());

  c.what.shard = shard_;
  c.what.writer = token_;
  c.what.type = key_.type->name;
  c.what.entity = key_.entity;
  c.what.expected = life_.records;
  life_.records += records.size();
  c.what.records = std::move(records);
  c.what.head = head_.get();
  c.stage_ = call::stage::decided;
  ++head_->in_flight;
  if (here_.writer.push(&c)) return snapshot_if_due(); // c may have gone home already
  --head_->in_flight;
  c.stage_ = call::stage::queued;
  end(c, answer::kind::unavailable, "the journal's queue is full");
  stop(); // the state has run ahead of what will ever be written
}

void entity_actor::leave(call& c) {
  if (without_lease(c)) return; // lost since the command came, and the state is read (C2)
  if (head_->in_flight == 0) {
    if (head_->closed) return forget_answer(c); // it was lost a moment ago: as in take()
    return home_.finish(c);
  }
  c.what.records.clear();
  c.what.set.clear();
  c.what.cleared.clear();
  c.what.head = head_.get();
  c.stage_ = call::stage::decided;
  if (here_.writer.push(&c)) return;
  end(c, answer::kind::unavailable, "the journal's queue is full");
}

void entity_actor::end(call& c, answer::kind how, std::string why) {
  c.result = answer::failed(how, std::move(why));
  home_.finish(c);
}

// The actor ends with this turn, in which more parked calls may follow: they are the successor's.
void entity_actor::stop(caf::error why) {
  stopped_ = true;
  quit(std::move(why));
}

void entity_actor::snapshot_if_due() {
  constexpr persistence::version_t look_each = 32; // measuring the state costs more than counting
  const auto since = life_.entity_version - snapshot_at_;
  const auto least = here_.limits.snapshot_events_min;
  if (since < least || since % look_each != 0) return;
  if (!snapshot_pays(since, life_.state->ByteSizeLong(), life_.remembered.size(), least)) return;
  snapshot_at_ = life_.entity_version;
  auto* content = new snapshot_on_its_way(here_.writer, token_, {key_.type->name, key_.entity},
                                          take_snapshot(life_), head_);
  if (!here_.writer.push(content)) delete content;
}

} // namespace reenact::runtime
