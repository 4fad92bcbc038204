#include "actors/runtime/errand_call.hpp"

#include <stdexcept>
#include <utility>

#include "actors/runtime/peer_messages.hpp"
#include "messages/schema.hpp"

namespace reenact::runtime {

errand_call::errand_call(const model::registry& types, const model::errand& what, const uuid& event,
                         const std::string& name, way_home home)
  : home_(std::move(home)) {
  const auto* asked = what.command->GetDescriptor();
  type = what.to != nullptr ? what.to : types.find(asked).aggregate;
  if (type == nullptr) throw std::logic_error("nobody takes a " + asked->full_name());
  request_type = &type->requests.at(asked);
  rpc = messages::rpc_of(asked->full_name());
  request.reset(what.command->New());
  request->CopyFrom(*what.command);
  id = named_uuid(event, name);
  entity = what.entity.empty() ? to_string(entity_id(id)) : what.entity;
  from = origin::internal;
  causation = event;
  result.response = empty_response(*this);
}

} // namespace reenact::runtime
