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

const messages::field* repeated_message(const descriptor* of) {
  for (int i = 0; i < of->field_count(); ++i)
    if (of->field(i)->is_repeated() && of->field(i)->message_type() != nullptr) return of->field(i);
  throw std::logic_error(of->full_name() + " has no repeated message for rows");
}

} // namespace

std::variant<filter, rejection> selection(const view_type& of, const any_message& request) {
  auto which = of.queries.at(request.GetDescriptor())(request);
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
  return which;
}

listing::listing(const view_type& of, any_message& response)
  : row_(of.prototype->New()),
    response_(response),
    rows_(repeated_message(response.GetDescriptor())) {}

bool listing::add(std::string_view row_bytes) {
  if (!row_->ParseFromArray(row_bytes.data(), static_cast<int>(row_bytes.size()))) return false;
  messages::assign(*response_.GetReflection()->AddMessage(&response_, rows_), *row_);
  return true;
}

void listing::next(const std::string& token) {
  if (const auto* f = text_field(response_.GetDescriptor(), "next"))
    response_.GetReflection()->SetString(&response_, f, token);
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
