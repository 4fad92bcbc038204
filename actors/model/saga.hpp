#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "actors/model/policy.hpp"
#include "messages/model/saga.pb.h"
#include "messages/model/saga_commands.pb.h"

/// How a saga is written: a table of steps over its own data,
///
///   struct create_order {
///     static constexpr auto name = "cosec.CreateOrder"; // stable: its streams are kept under it
///     using data = Purchase;
///     using starts = OrderCreated;                      // one saga an entity of that event
///     using cancels = OrderCanceled;
///     static Purchase begin(const OrderCreated&);
///     static std::vector<step<Purchase>> steps();
///     static constexpr auto patience = std::chrono::seconds(30); // of a step; then it is late
///   };
///
/// The steps are carried out one after another. When one is refused, or the saga is canceled, those
/// that were done are undone, last first. The saga itself is an aggregate: `saga_of<create_order>`
/// decides on replies what to do next, and journals the very command before it is sent; a policy
/// sends it until it is answered, and brings the reply. So a crash at any point repeats at most
/// what is recognised as a repeat (protocols.md E3).
namespace reenact::model {

template <class Data>
using errand_of = errand (*)(const Data&);
template <class Data>
using taker_of = void (*)(Data&, const any_message& response);

/// One line of a saga's table.
template <class Data>
struct step {
  const char* name = ""; ///< stable: progress is kept by it
  errand_of<Data> run = nullptr;
  taker_of<Data> then = nullptr; ///< lays the reply of `run` into the data
  errand_of<Data> undo = nullptr;
};

/// A saga as the aggregate that it is. `Table` is the struct above.
template <class Table>
struct saga_of {
  using state = ::model::Saga;
  using creates = types<::model::BeginSaga>;
  using commands = types<::model::AnswerStep, ::model::CancelSaga, ::model::ExpireStep>;
  using queries = types<>;
  using events =
      types<::model::SagaBegun, ::model::StepSucceeded, ::model::StepRefused, ::model::StepUndone,
            ::model::StepStuck, ::model::SagaCancelAsked, ::model::StepLate>;
  using data = typename Table::data;

  static constexpr auto unknown = not_found("saga.unknown", "saga not found");
  static constexpr auto duplicate = invalid("saga.duplicate", "the saga has begun already");

  static constexpr auto running = "running", compensating = "compensating", completed = "completed",
                        compensated = "compensated", stuck = "stuck";

  static decision decide(const state& s, const ::model::BeginSaga& c) {
    return next_of(messages::from<::model::SagaBegun>(s, c), forward(0, of(c.data())));
  }

  /// A reply to what is not under way any more is a late or repeated one. When the last step is
  /// done it is too late to cancel.
  static decision decide(const state& s, const ::model::AnswerStep& c) {
    if (!s.has_current() || s.current().step() != c.step() || s.current().undo() != c.undo())
      return accepted();
    const auto at = index_of(c.step());
    auto known = of(s.data());
    if (c.undo() && c.has_refused()) return refused<::model::StepStuck>(s, c);
    if (c.undo()) return next_of(messages::from<::model::StepUndone>(s, c), back(at, known));
    if (c.has_refused()) return next_of(refused<::model::StepRefused>(s, c), back(at, known));
    take(known, table()[at], s.current(), c.response());
    auto succeeded = messages::from<::model::StepSucceeded>(s, c);
    succeeded.set_data(known.SerializeAsString());
    auto next = forward(at + 1, known);
    if (!s.canceling() || !next) return next_of(std::move(succeeded), std::move(next));
    succeeded.set_turned(true);
    return next_of(std::move(succeeded), back(at + 1, known));
  }

  /// What is under way is waited for: only what is known to be done can be undone.
  static decision decide(const state& s, const ::model::CancelSaga& c) {
    if (s.status() != running || s.canceling()) return accepted();
    return messages::from<::model::SagaCancelAsked>(s, c);
  }

  /// A deadline never compensates: what is late may still be done.
  static decision decide(const state& s, const ::model::ExpireStep&) {
    if (!s.has_current() || s.late()) return accepted();
    auto late = messages::from<::model::StepLate>(s);
    late.set_step(s.current().step());
    return late;
  }

  static void evolve(state& s, const ::model::SagaBegun& e) {
    s.set_data(e.data());
    proceed(s, e, running, completed);
  }
  static void evolve(state& s, const ::model::StepSucceeded& e) {
    s.set_data(e.data());
    if (e.turned())
      proceed(s, e, compensating, compensated);
    else
      proceed(s, e, running, completed);
  }
  static void evolve(state& s, const ::model::StepRefused& e) {
    s.set_reason(e.why().text());
    proceed(s, e, compensating, compensated);
  }
  static void evolve(state& s, const ::model::StepUndone& e) {
    proceed(s, e, compensating, compensated);
  }
  static void evolve(state& s, const ::model::StepStuck& e) {
    s.set_reason(e.why().text());
    s.set_status(stuck);
  }
  static void evolve(state& s, const ::model::SagaCancelAsked& e) {
    s.set_reason(e.reason());
    s.set_canceling(true);
  }
  static void evolve(state& s, const ::model::StepLate&) { s.set_late(true); }

private:
  using dispatch = std::unique_ptr<::model::Saga::Dispatch>;

  static const std::vector<step<data>>& table() {
    static const auto steps = Table::steps();
    return steps;
  }

  static std::size_t index_of(std::string_view name) {
    for (std::size_t i = 0; i < table().size(); ++i)
      if (table()[i].name == name) return i;
    throw std::logic_error("the saga " + std::string(Table::name) + " has lost its step " +
                           std::string(name));
  }

  static data of(const std::string& bytes) {
    data d;
    if (!d.ParseFromString(bytes)) throw std::logic_error("a saga's data are damaged");
    return d;
  }

  static dispatch sending(const step<data>& s, bool undo, const data& known) {
    const auto what = undo ? s.undo(known) : s.run(known);
    auto d = std::make_unique<::model::Saga::Dispatch>();
    d->set_step(s.name);
    d->set_undo(undo);
    d->set_entity(what.entity);
    d->set_type(what.command->GetDescriptor()->full_name());
    d->set_command(what.command->SerializeAsString());
    return d;
  }

  /// The first step from `at` on that does something; null: none.
  static dispatch forward(std::size_t at, const data& known) {
    for (; at < table().size(); ++at)
      if (table()[at].run != nullptr) return sending(table()[at], false, known);
    return nullptr;
  }
  /// The last step before `at` that has something to undo; null: none.
  static dispatch back(std::size_t at, const data& known) {
    while (at-- > 0)
      if (table()[at].undo != nullptr) return sending(table()[at], true, known);
    return nullptr;
  }

  /// The event that ends a step begins the next one, whose time runs from now.
  template <class Event>
  static decision next_of(Event e, dispatch next) {
    e.clear_next();
    if (!next) return decision(std::move(e)).template sleep<::model::ExpireStep>();
    *e.mutable_next() = std::move(*next);
    return decision(std::move(e)).template wake_in<::model::ExpireStep>(Table::patience);
  }

  template <class Event>
  static Event refused(const state& s, const ::model::AnswerStep& c) {
    auto e = messages::from<Event>(s, c);
    *e.mutable_why() = c.refused();
    return e;
  }

  static void take(data& known, const step<data>& s, const ::model::Saga::Dispatch& sent,
                   const std::string& response) {
    if (s.then == nullptr) return;
    const auto* rpc = messages::rpc_of(sent.type());
    if (rpc == nullptr) throw std::logic_error("no rpc takes a " + sent.type());
    const auto reply = messages::new_message(rpc->output_type());
    if (!reply->ParseFromString(response)) throw std::logic_error("a reply is damaged");
    s.then(known, *reply);
  }

  template <class Event>
  static void proceed(state& s, const Event& e, const char* going_on, const char* ended) {
    s.set_status(e.has_next() ? going_on : ended);
    s.set_late(false);
    if (e.has_next())
      *s.mutable_current() = e.next();
    else
      s.clear_current();
  }
};

/// Erases `Table`: the aggregate that its sagas are.
template <class Table>
aggregate_type erase_saga() {
  auto type = erase<saga_of<Table>>();
  type.name = Table::name;
  return type;
}

/// What a saga's events make to send, and to tell the saga when it is answered.
policy_type steps_of(const aggregate_type& saga);

/// A line of a saga's table with its C++ types erased. Null: there is nothing to ask.
struct saga_step {
  std::string name;
  const descriptor* run = nullptr; ///< the command that it asks
  const descriptor* undo = nullptr;
};

/// A saga as documents tell of it. Immutable, lives as long as its registry.
struct saga_type {
  const aggregate_type* aggregate = nullptr; ///< that it is
  const descriptor* starts = nullptr;
  const descriptor* cancels = nullptr; ///< null: nothing does
  std::vector<saga_step> steps;

  std::string starter() const { return aggregate->name + ".start"; } ///< names of its policies
  const std::string& stepper() const { return aggregate->name; }
};

/// To the saga of the entity that the event speaks of.
template <class Command>
errand told(const aggregate_type& saga, const any_message& event, Command c) {
  c.set_saga_id(messages::id_in(event));
  auto what = send(std::move(c));
  what.to = &saga;
  return what;
}

/// The table in words. Which command a step asks is told by asking it for one of no data.
template <class Table>
saga_type described(const aggregate_type& saga) {
  saga_type told{.aggregate = &saga, .starts = Table::starts::descriptor()};
  if constexpr (requires { typename Table::cancels; }) told.cancels = Table::cancels::descriptor();
  const auto asked = [](errand_of<typename Table::data> how) -> const descriptor* {
    return how == nullptr ? nullptr : how({}).command->GetDescriptor();
  };
  for (const auto& s : Table::steps()) told.steps.push_back({s.name, asked(s.run), asked(s.undo)});
  return told;
}

/// What begins and cancels sagas. `saga` lives as long as the policy.
template <class Table>
policy_type starter_of(const saga_type& told_of) {
  using starts = typename Table::starts;
  const auto& saga = *told_of.aggregate;
  policy_type p{.name = told_of.starter()};
  p.events.emplace(starts::descriptor()->full_name(),
                   erased::react<starts>([&saga](const starts& e) {
                     ::model::BeginSaga c;
                     c.set_data(Table::begin(e).SerializeAsString());
                     return told(saga, e, std::move(c));
                   }));
  if constexpr (requires { typename Table::cancels; }) {
    using cancels = typename Table::cancels;
    p.events.emplace(cancels::descriptor()->full_name(),
                     erased::react<cancels>([&saga](const cancels& e) {
                       ::model::CancelSaga c;
                       c.set_reason(cancels::descriptor()->name());
                       return told(saga, e, std::move(c));
                     }));
  }
  return p;
}

} // namespace reenact::model
