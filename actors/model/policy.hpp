#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/model/aggregate.hpp"
#include "messages/model/record.pb.h"
#include "messages/schema.hpp"

/// How modules react to each other: an event of one makes another ask something of an entity,
///
///   node.on<BasketCheckedOut>("ordering-baskets", [](const BasketCheckedOut& e) {
///     return send(e.basket_id(), from<CreateOrderRequest>(e));
///   });
///
/// What a reaction returns is all it may do: it is as pure as `decide`. It is carried out once for
/// each event, through crashes and restarts (protocols.md E2).
namespace reenact::model {

/// A command on its way from a reaction to an entity, or a message to the world.
struct errand {
  std::string entity; ///< empty: the one that the command creates, its id made of the command's
  std::shared_ptr<const any_message> command;
  const aggregate_type* to = nullptr; ///< null: the one that takes such commands
  std::string port{};                 ///< not empty: it is no command, and leaves the system there
};
using errands = std::vector<errand>;

/// To the entity that is named; a create gives it this id.
template <class Command>
errand send(std::string entity, Command command) {
  return {std::move(entity), std::make_shared<Command>(std::move(command)), nullptr};
}

/// To the entity that the command's key names.
template <class Command>
errand send(Command command) {
  const auto* key = messages::key_of(Command::descriptor());
  auto entity = key == nullptr ? "" : command.GetReflection()->GetString(command, key);
  return send(std::move(entity), std::move(command));
}

/// Out of the system, through the port of that name (runtime/port.hpp): at least once.
template <class Message>
errand deliver(std::string port, Message what) {
  return {{}, std::make_shared<Message>(std::move(what)), nullptr, std::move(port)};
}

/// How a command ended that a reaction has sent: with a response, or refused.
struct errand_answer {
  std::shared_ptr<const any_message> response; ///< null: refused
  ::model::Rejection refusal;
};

/// What a policy does about one type of event.
struct reaction {
  const any_message* prototype = nullptr;
  std::function<errands(const any_message& event)> react;
  /// What the answer of the first errand makes to ask next; empty: nothing.
  std::function<errand(const any_message& event, const errand_answer&)> follow{};
};

/// What a policy that is new here begins with.
enum class since { now, start };

/// A durable consumer of the journal: each event it knows is reacted to once, those of one entity
/// in their order, those of several beside each other. Immutable, lives as long as its registry.
struct policy_type {
  std::string name;          ///< explicit, stable, unique: its position is kept under it
  std::string module{};      ///< that installed it
  std::string stream_type;   ///< whose events alone are meant; empty: all streams'
  since begins = since::now; ///< or with the start of the journal
  std::map<std::string, reaction, std::less<>> events; ///< by full name
};

namespace erased {

inline errands listed(errand one) { return {std::move(one)}; }
inline errands listed(errands several) { return several; }

template <class Event, class React>
reaction react(React how) {
  return {.prototype = &Event::default_instance(), .react = [how](const any_message& e) {
            return listed(how(static_cast<const Event&>(e)));
          }};
}

} // namespace erased

} // namespace reenact::model
