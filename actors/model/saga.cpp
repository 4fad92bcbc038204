#include "actors/model/saga.hpp"

#include <stdexcept>

namespace reenact::model {
namespace {

errand send(const ::model::Saga::Dispatch& d) {
  const auto* rpc = messages::rpc_of(d.type());
  if (rpc == nullptr) throw std::logic_error("no rpc takes a " + d.type());
  std::shared_ptr<any_message> command = messages::new_message(rpc->input_type());
  if (!command->ParseFromString(d.command())) throw std::logic_error("a dispatch is damaged");
  return {d.entity(), std::move(command)};
}

/// `Event` says what comes next.
template <class Event>
void follow(policy_type& p, const aggregate_type& saga) {
  auto r = erased::react<Event>(
      [](const Event& e) { return e.has_next() ? errands{send(e.next())} : errands{}; });
  r.follow = [&saga](const any_message& event, const errand_answer& how) {
    const auto& e = static_cast<const Event&>(event);
    auto reply = std::make_shared<::model::AnswerStep>();
    reply->set_saga_id(e.saga_id());
    reply->set_step(e.next().step());
    reply->set_undo(e.next().undo());
    if (how.response)
      reply->set_response(how.response->SerializeAsString());
    else
      *reply->mutable_refused() = how.refusal;
    return errand{e.saga_id(), std::move(reply), &saga};
  };
  p.events.emplace(Event::descriptor()->full_name(), std::move(r));
}

/// What nobody can carry out becomes a dead letter of the saga's policy, and so is seen.
errands report_stuck(const ::model::StepStuck& e) {
  throw std::runtime_error("the saga " + e.saga_id() + " is stuck: the undo of its step '" +
                           e.step() + "' was refused: " + e.why().text());
}

} // namespace

policy_type steps_of(const aggregate_type& saga) {
  policy_type p{.name = saga.name, .stream_type = saga.name, .begins = since::start};
  follow<::model::SagaBegun>(p, saga);
  follow<::model::StepSucceeded>(p, saga);
  follow<::model::StepRefused>(p, saga);
  follow<::model::StepUndone>(p, saga);
  p.events.emplace(::model::StepStuck::descriptor()->full_name(),
                   erased::react<::model::StepStuck>(report_stuck));
  return p;
}

} // namespace reenact::model
