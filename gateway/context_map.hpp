#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "actors/model/registry.hpp"
#include "messages/schema.hpp"

namespace reenact::gateway {

/// Who takes an event.
struct consumer {
  enum class kind { policy, saga, view };
  kind what;
  std::string name; ///< of the policy, saga or view
  std::string module;
  std::string_view to_do{}; ///< what a saga takes it for: "starts", "cancels", "steps"
};

/// "policy", "saga", "view"
std::string_view to_string(consumer::kind what);

/// An event of an aggregate that is hosted.
struct hosted_event {
  const model::aggregate_type* producer;
  const messages::descriptor* type;
  std::vector<consumer> consumers; ///< by module and name

  /// Empty: it is internal to its module.
  std::string_view published() const { return messages::published_name(type); }
};

/// Something that a saga asks of an aggregate.
struct saga_command {
  const model::saga_type* saga;
  const messages::descriptor* type;
  const model::aggregate_type* taker;
};

/// Which module tells which what, as the registry has it. Lives no longer than its registry.
struct context_map {
  explicit context_map(const model::registry& of);

  const model::registry& hosted;
  std::vector<std::string> modules;   ///< that have a part, by name
  std::vector<hosted_event> events;   ///< by module and aggregate, then as declared
  std::vector<saga_command> commands; ///< by saga, then as its steps; each once
};

/// "Store" of "stores.Store".
std::string_view last_name(std::string_view full);

/// "mallbots.stores.events.Store"; what of an aggregate is published is published there.
std::string event_channel(const model::aggregate_type& of);

/// "mallbots.depot.commands"
std::string command_channel(std::string_view module);

/// "mallbots.cosec.replies.CreateOrder"
std::string reply_channel(const model::saga_type& of);

/// "Store Management", or the name of a module that has no service.
std::string title_of(std::string_view module);

} // namespace reenact::gateway
