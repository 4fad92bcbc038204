#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/model/registry.hpp"
#include "messages/schema.hpp"

/// Sagas played without actors: every way in which commands, replies, repeats, refusals and events
/// from outside can follow each other, on values alone, through the same decide and evolve that the
/// runtime hosts.
namespace reenact::tests {

using model::any_message;

/// The entities that take part, as they are at one moment of one run.
class saga_world {
public:
  explicit saga_world(const model::registry& types) : types_(&types) {}

  /// Carries out what must succeed before the run begins.
  template <class Command>
  saga_world& with(const std::string& entity, const Command& c) {
    const auto target = types_->find(Command::descriptor());
    if (ask(*target.aggregate, entity, c, entity + c.GetTypeName()).refused)
      throw std::logic_error("refused: " + c.GetTypeName());
    return *this;
  }

  struct reply {
    bool refused = false, not_yet = false, changed = false;
    std::string response; ///< of the command, when it was accepted
    std::string why;
  };

  /// Decides a command, once: a repeat under the same id gets the same reply. Without an id it is
  /// one that nobody repeats.
  reply ask(const model::aggregate_type& type, const std::string& entity, const any_message& c,
            const std::string& id) {
    auto& at = held_[{&type, entity}];
    if (const auto known = at.remembered.find(id); known != at.remembered.end())
      return known->second;
    if (!at.state) at.state = type.initial(entity);
    const auto& request = type.requests.at(c.GetDescriptor());
    auto decision = model::decide(type, request, at.events, *at.state, c, facts_of(request, at, c));
    reply r;
    if (const auto* when = decision.postponed()) return {.not_yet = true, .why = text(when->why)};
    if (const auto* no = decision.refused()) {
      r = {.refused = true, .why = text(*no)};
    } else {
      std::shared_ptr<any_message> state(at.state->New());
      state->CopyFrom(*at.state);
      for (const auto& e : *decision.events())
        type.events.at(e->GetTypeName()).evolve(*state, *e), ++at.events;
      r.changed = !decision.events()->empty();
      at.state = std::move(state);
      if (const auto* rpc = messages::rpc_of(c.GetTypeName())) {
        const auto response = messages::new_message(rpc->output_type());
        request.answer(*at.state, c, *response);
        r.response = response->SerializeAsString();
      }
    }
    if (!id.empty()) at.remembered[id] = r;
    return r;
  }
  /// A refusal for a reason of the participant's own.
  reply refuse(const model::aggregate_type& type, const std::string& entity,
               const std::string& id) {
    auto& known = held_[{&type, entity}].remembered;
    return known.try_emplace(id, reply{.refused = true, .why = "no"}).first->second;
  }

  template <class State>
  State state(const model::aggregate_type& type, const std::string& entity) const {
    const auto at = held_.find({&type, entity});
    return at == held_.end() || !at->second.state ? State()
                                                  : static_cast<const State&>(*at->second.state);
  }
  const model::registry& types() const { return *types_; }

  /// Two worlds with the same text have the same future, but for repeats.
  std::string text() const {
    std::string all;
    for (const auto& [who, at] : held_)
      all += who.first->name + "/" + who.second + "=" +
             (at.state ? at.state->SerializeAsString() : "");
    return all;
  }

private:
  struct held {
    std::shared_ptr<const any_message> state;
    std::uint64_t events = 0;
    std::map<std::string, reply> remembered;
  };

  static std::string text(const model::rejection& why) { return std::string(why.text); }

  model::facts facts_of(const model::request_type& request, const held& at, const any_message& c) {
    model::facts known;
    for (bool more = request.needs != nullptr; more;) {
      model::wants wanted;
      request.needs(*at.state, c, known, wanted);
      more = false;
      for (auto& w : wanted.list()) {
        if (known.has(w)) continue;
        more = true;
        const auto found = held_.find({types_->hosting(w.state), w.entity});
        known.put(
            w, found == held_.end() || found->second.events == 0 ? nullptr : found->second.state);
      }
    }
    return known;
  }

  const model::registry* types_;
  std::map<std::pair<const model::aggregate_type*, std::string>, held> held_;
};

/// What may happen once, at any moment of a run: true if it made the saga's cancel event.
using outside_event = std::function<bool(saga_world&)>;

/// Every run of one saga. A run delivers what the saga has dispatched, once or twice; the
/// participant decides, or refuses for a reason of its own; replies arrive once or twice, in any
/// order, also long after (a crash is a delivery whose reply nobody hears, and another delivery);
/// outside events come at any time. Each run must end completed, or with every entity that a step
/// has changed undone afterwards. A reply to what is not under way any more must change nothing,
/// which is tried the moment it is late: then its later moments need not be told apart.
class saga_explorer {
public:
  /// `saga` is hosted by the world's registry; it has begun in `start`.
  saga_explorer(const model::aggregate_type& saga, std::string id, saga_world start,
                std::vector<outside_event> outside = {})
    : saga_(saga),
      id_(std::move(id)),
      outside_(std::move(outside)) {
    moment first{std::move(start)};
    drop_late(first);
    runs_ = count(std::move(first));
  }

  double runs() const { return runs_; } ///< a double: there may be very many
  std::size_t states() const { return known_.size(); }
  /// What went wrong in any of them; empty: nothing did.
  const std::set<std::string>& wrong() const { return wrong_; }
  /// How runs ended.
  const std::set<std::string>& ends() const { return ends_; }

private:
  struct moment {
    saga_world world;
    std::multimap<std::string, ::model::AnswerStep> replies; ///< on their way; "" is a cancel
    std::string current;                                     ///< what is under way
    int delivered = 0;                                       ///< how often it was
    bool refused = false;
    std::map<std::string, bool> dirty; ///< entities that steps changed: whether not undone yet
    unsigned happened = 0;             ///< of the outside events, a bit each
  };

  static std::string name_of(const ::model::Saga::Dispatch& d) {
    return d.step() + (d.undo() ? " undone" : "");
  }

  double count(moment m) {
    std::string key = m.world.text() + "|" + std::to_string(m.happened);
    for (const auto& [name, r] : m.replies) key += "," + name;
    key += m.current + std::to_string(m.delivered) + (m.refused ? "-" : "+");
    for (const auto& [entity, not_undone] : m.dirty) key += not_undone ? "!" + entity : "";
    if (const auto at = known_.find(key); at != known_.end()) return at->second;
    double runs = 0;
    const auto s = m.world.template state<::model::Saga>(saga_, id_);
    const bool under_way = s.has_current() && s.status() != "stuck";
    if (under_way && m.delivered < 2) {
      if (auto next = delivered(m, s.current(), false)) runs += count(std::move(*next));
      if (!s.current().undo() && m.delivered == 0)
        if (auto next = delivered(m, s.current(), true)) runs += count(std::move(*next));
    }
    for (auto r = m.replies.begin(); r != m.replies.end(); r = m.replies.upper_bound(r->first))
      runs += count(heard(m, r->first));
    for (std::size_t i = 0; under_way && i < outside_.size(); ++i)
      if ((m.happened >> i & 1U) == 0) runs += count(happened(m, i));
    if (runs == 0) {
      runs = 1;
      judge(m, s);
    }
    return known_[key] = runs;
  }

  std::unique_ptr<moment> delivered(moment m, const ::model::Saga::Dispatch& d, bool refuse) {
    const auto* rpc = messages::rpc_of(d.type());
    const auto command = messages::new_message(rpc->input_type());
    command->ParseFromString(d.command());
    const auto& to = *m.world.types().find(rpc->input_type()).aggregate;
    const auto entity = d.entity().empty() ? d.step() + " of " + id_ : d.entity();
    const auto name = name_of(d);
    const auto r =
        refuse ? m.world.refuse(to, entity, name) : m.world.ask(to, entity, *command, name);
    if (r.not_yet) return nullptr;
    auto& dirty = m.dirty[to.name + "/" + entity];
    if (!r.refused && d.undo()) dirty = false;
    if (!r.refused && !d.undo() && r.changed && m.delivered == 0) dirty = true;
    ++m.delivered;
    m.refused = r.refused;
    ::model::AnswerStep answer;
    answer.set_saga_id(id_);
    answer.set_step(d.step());
    answer.set_undo(d.undo());
    if (r.refused)
      answer.mutable_refused()->set_text(r.why);
    else
      answer.set_response(r.response);
    m.replies.emplace(name, std::move(answer));
    return std::make_unique<moment>(std::move(m));
  }

  moment heard(moment m, const std::string& name) {
    const auto at = m.replies.find(name);
    if (name.empty()) {
      ::model::CancelSaga c;
      c.set_saga_id(id_);
      m.world.ask(saga_, id_, c, "");
    } else {
      m.world.ask(saga_, id_, at->second, "");
    }
    m.replies.erase(at);
    drop_late(m);
    return m;
  }

  void drop_late(moment& m) {
    const auto s = m.world.template state<::model::Saga>(saga_, id_);
    const auto now = s.has_current() ? name_of(s.current()) : "";
    if (now != m.current) {
      m.current = now;
      m.delivered = 0;
    }
    std::erase_if(m.replies, [&](const auto& r) {
      const auto& [name, answer] = r;
      if (name.empty() || name == now) return false;
      auto after = m.world;
      after.ask(saga_, id_, answer, "");
      if (after.text() != m.world.text()) wrong_.insert("a late reply to " + name + " is heard");
      return true;
    });
  }

  moment happened(moment m, std::size_t i) {
    m.happened |= 1U << i;
    if (outside_[i](m.world)) m.replies.emplace("", ::model::AnswerStep());
    return m;
  }

  void judge(const moment& m, const ::model::Saga& s) {
    ends_.insert(s.status());
    if (s.status() == "completed") return;
    if (s.status() != "compensated")
      wrong_.insert("it ends " + s.status() + " at " + name_of(s.current()) + ": " + s.reason());
    for (const auto& [entity, not_undone] : m.dirty)
      if (not_undone) wrong_.insert(entity + " is not undone");
  }

  const model::aggregate_type& saga_;
  const std::string id_;
  const std::vector<outside_event> outside_;
  std::map<std::string, double> known_;
  std::set<std::string> wrong_, ends_;
  double runs_ = 0;
};

} // namespace reenact::tests
