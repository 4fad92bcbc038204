#include "actors/model/registry.hpp"

#include <algorithm>
#include <stdexcept>

namespace reenact::model {

void registry::add(aggregate_type type) {
  const auto& a = *aggregates_.emplace_back(std::make_unique<aggregate_type>(std::move(type)));
  if (a.key == nullptr) throw std::logic_error(a.name + " has no field marked (model.key)");
  for (const auto& [descriptor, request] : a.requests)
    if (!targets_.try_emplace(descriptor, target{&a, &request}).second)
      throw std::logic_error("two aggregates take " + descriptor->full_name());
}

void registry::add(view_type type) {
  if (type.key == nullptr) throw std::logic_error(type.name + ": rows have no (model.key)");
  for (const auto& other : views_)
    if (other->name == type.name) throw std::logic_error("two views are called " + type.name);
  const auto& v = *views_.emplace_back(std::make_unique<view_type>(std::move(type)));
  for (const auto& [descriptor, select] : v.queries)
    if (!queries_.try_emplace(descriptor, &v).second)
      throw std::logic_error("two views answer " + descriptor->full_name());
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
