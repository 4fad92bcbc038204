#include "actors/model/view.hpp"

#include <algorithm>

namespace reenact::model {

namespace {

constexpr auto negative_limit = invalid("views.limit", "limit must not be negative");

const messages::field* text_field(const descriptor* of, std::string_view name) {
  const auto* f = of->FindFieldByName(std::string(name));
  return f != nullptr && !f->is_repeated() && f->cpp_type() == messages::field::CPPTYPE_STRING
             ? f
             : nullptr;
}

} // namespace

meaning selection(const view_type& of, const any_message& request) {
  auto means = of.queries.at(request.GetDescriptor())(request);
  if (std::holds_alternative<rejection>(means)) return means;
  auto& which = std::get<filter>(means);
  which.limit = of.limit_default;
  const auto* r = request.GetReflection();
  const auto* limit = request.GetDescriptor()->FindFieldByName("limit");
  if (limit != nullptr && limit->cpp_type() == messages::field::CPPTYPE_INT32) {
    const auto named = r->GetInt32(request, limit);
    if (named < 0) return negative_limit;
    if (named > 0) which.limit = std::min(static_cast<std::size_t>(named), of.limit_max);
  }
  if (const auto* next = text_field(request.GetDescriptor(), "next"))
    which.after = r->GetString(request, next);
  return means;
}

namespace erased {

void address(view_event& e, const view_type& of) {
  const auto* event = e.prototype->GetDescriptor();
  const auto* row = of.prototype->GetDescriptor();
  if (of.key != nullptr) e.key = text_field(event, of.key->name());
  for (int i = 0; e.key == nullptr && e.foreign == nullptr && i < row->field_count(); ++i) {
    if (!messages::is_indexed(row->field(i))) continue;
    e.shared = text_field(row, row->field(i)->name());
    e.foreign = e.shared == nullptr ? nullptr : text_field(event, e.shared->name());
  }
  if (e.key == nullptr && e.foreign == nullptr)
    throw std::logic_error(event->full_name() + " reaches no row of the view " + of.name);
}

} // namespace erased

} // namespace reenact::model
