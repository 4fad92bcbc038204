#include "actors/model/registry.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace reenact::model {

void registry::module(std::string name, void (*install)(registry&)) {
  module_ = std::move(name);
  install(*this);
  module_.clear();
}

const aggregate_type& registry::host(aggregate_type type) {
  type.module = module_;
  if (type.key == nullptr) throw std::logic_error(type.name + " has no field marked (model.key)");
  for (auto& [name, event] : type.events) event.index = events_++;
  return *aggregates_.emplace_back(std::make_unique<aggregate_type>(std::move(type)));
}

void registry::add(aggregate_type type) {
  const auto& a = host(std::move(type));
  for (const auto& [descriptor, request] : a.requests)
    if (!targets_.try_emplace(descriptor, target{&a, &request}).second)
      throw std::logic_error("two aggregates take " + descriptor->full_name());
}

void registry::add(view_type type) {
  type.module = module_;
  if (type.key == nullptr) throw std::logic_error(type.name + ": rows have no (model.key)");
  for (const auto* request : type.finds)
    if (messages::key_of(request) == nullptr)
      throw std::logic_error(type.name + " finds nothing by a " + request->full_name());
  for (const auto& other : views_)
    if (other->name == type.name) throw std::logic_error("two views are called " + type.name);
  const auto& v = *views_.emplace_back(std::make_unique<view_type>(std::move(type)));
  for (const auto& [descriptor, select] : v.queries)
    if (!queries_.try_emplace(descriptor, &v).second)
      throw std::logic_error("two views answer " + descriptor->full_name());
}

void registry::add(policy_type type) {
  type.module = module_;
  for (const auto& other : policies_)
    if (other->name == type.name) throw std::logic_error("two policies are called " + type.name);
  policies_.push_back(std::make_unique<policy_type>(std::move(type)));
}

void registry::add(std::string policy, reaction to, since begins) {
  auto at = std::ranges::find_if(policies_, [&](const auto& p) { return p->name == policy; });
  if (at == policies_.end()) {
    add(policy_type{.name = policy, .begins = begins});
    at = std::prev(policies_.end());
  }
  if ((*at)->begins != begins) throw std::logic_error("the policy " + policy + " begins twice");
  const auto& event = to.prototype->GetDescriptor()->full_name();
  if (!(*at)->events.try_emplace(event, std::move(to)).second)
    throw std::logic_error("the policy " + policy + " reacts to " + event + " twice");
}

const aggregate_type* registry::hosting(const descriptor* state) const {
  const auto it = std::ranges::find_if(
      aggregates_, [&](const auto& a) { return a->prototype->GetDescriptor() == state; });
  return it == aggregates_.end() ? nullptr : it->get();
}

const aggregate_type* registry::named(std::string_view stream_type) const {
  const auto it =
      std::ranges::find_if(aggregates_, [&](const auto& a) { return a->name == stream_type; });
  return it == aggregates_.end() ? nullptr : it->get();
}

} // namespace reenact::model
