#include "gateway/json_plan.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>

#include <google/protobuf/stubs/logging.h>

namespace reenact::gateway {
namespace {

using messages::descriptor;
using messages::field;

/// Nodes stay where they are, so plans may point at each other, also round in a circle.
using plans = std::map<const descriptor*, json_plan>;

const json_plan& plan_in(plans& known, const descriptor* type) {
  const auto [place, fresh] = known.try_emplace(type);
  auto& plan = place->second;
  if (!fresh) return plan;
  plan.type = type;
  GOOGLE_CHECK_LE(static_cast<std::size_t>(type->field_count()), json_plan::fields_max)
      << type->full_name();
  for (std::size_t i = 0; i < static_cast<std::size_t>(type->field_count()); ++i) {
    const auto* f = type->field(static_cast<int>(i));
    GOOGLE_CHECK(!f->is_map()) << "no message of ours has a map: " << f->full_name();
    const bool message = f->cpp_type() == field::CPPTYPE_MESSAGE && !is_timestamp(f);
    plan.fields.push_back(
        {f, '"' + f->json_name() + "\":", message ? &plan_in(known, f->message_type()) : nullptr, i,
         messages::is_money(f) && f->cpp_type() == field::CPPTYPE_INT64});
    plan.names.emplace_back(f->json_name(), i);
    if (f->name() != f->json_name()) plan.names.emplace_back(f->name(), i);
  }
  std::ranges::sort(plan.names);
  return plan;
}

} // namespace

const json_field* json_plan::find(std::string_view name) const {
  const auto place = std::lower_bound(names.begin(), names.end(), name,
                                      [](const auto& pair, auto n) { return pair.first < n; });
  return place != names.end() && place->first == name ? &fields[place->second] : nullptr;
}

const json_plan& json_plan_of(const descriptor* type) {
  static std::shared_mutex mutex;
  static plans known;
  {
    std::shared_lock lock(mutex);
    if (const auto found = known.find(type); found != known.end()) return found->second;
  }
  std::unique_lock lock(mutex);
  return plan_in(known, type);
}

bool is_timestamp(const field* f) {
  return f->cpp_type() == field::CPPTYPE_MESSAGE &&
         f->message_type()->full_name() == "google.protobuf.Timestamp";
}

} // namespace reenact::gateway
