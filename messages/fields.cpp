#include "messages/fields.hpp"

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "messages/money.hpp"
#include "messages/schema.hpp"

namespace reenact::messages {
namespace {

using reflection = google::protobuf::Reflection;

enum class step_kind { copy, nest, money_in, money_out, from_source };

/// How one field of the target comes about.
struct step {
  step_kind kind;
  const field* to;
  const field* of; // null for from_source
};

using plan = std::vector<step>;

const field* counterpart(const field* to, const descriptor* source) {
  if (const auto* same = source->FindFieldByName(to->name())) return same;
  if (to->name() == "id") return key_of(source);
  return key_of(to->containing_type()) == to ? source->FindFieldByName("id") : nullptr;
}

std::optional<step> step_for(const field* to, const descriptor* source) {
  const auto* of = counterpart(to, source);
  const bool message = to->cpp_type() == field::CPPTYPE_MESSAGE;
  if (of == nullptr)
    return message && !to->is_repeated() ? std::optional(step{step_kind::from_source, to, nullptr})
                                         : std::nullopt;
  if (of->is_repeated() != to->is_repeated()) return std::nullopt;
  if (message && of->cpp_type() == to->cpp_type())
    return step{of->message_type() == to->message_type() ? step_kind::copy : step_kind::nest, to,
                of};
  if (to->is_repeated())
    return of->cpp_type() == to->cpp_type() ? std::optional(step{step_kind::copy, to, of})
                                            : std::nullopt;
  if (is_money(to) && of->cpp_type() == field::CPPTYPE_DOUBLE)
    return step{step_kind::money_in, to, of};
  if (is_money(of) && to->cpp_type() == field::CPPTYPE_DOUBLE)
    return step{step_kind::money_out, to, of};
  if (of->cpp_type() != to->cpp_type()) return std::nullopt;
  return step{step_kind::copy, to, of};
}

/// Plans are few (pairs of message types that meet) and live for ever.
const plan& plan_for(const descriptor* target, const descriptor* source) {
  static std::shared_mutex mutex;
  static std::map<std::pair<const descriptor*, const descriptor*>, std::unique_ptr<plan>> plans;
  const auto key = std::pair(target, source);
  {
    std::shared_lock lock(mutex);
    if (const auto found = plans.find(key); found != plans.end()) return *found->second;
  }
  auto made = std::make_unique<plan>();
  for (int i = 0; i < target->field_count(); ++i)
    if (auto s = step_for(target->field(i), source)) made->push_back(*s);
  std::unique_lock lock(mutex);
  return *plans.try_emplace(key, std::move(made)).first->second;
}

void copy_scalar(any_message& target, const field* to, const any_message& source, const field* of) {
  const auto* t = target.GetReflection();
  const auto* s = source.GetReflection();
  switch (to->cpp_type()) {
    case field::CPPTYPE_INT32: return t->SetInt32(&target, to, s->GetInt32(source, of));
    case field::CPPTYPE_INT64: return t->SetInt64(&target, to, s->GetInt64(source, of));
    case field::CPPTYPE_UINT32: return t->SetUInt32(&target, to, s->GetUInt32(source, of));
    case field::CPPTYPE_UINT64: return t->SetUInt64(&target, to, s->GetUInt64(source, of));
    case field::CPPTYPE_DOUBLE: return t->SetDouble(&target, to, s->GetDouble(source, of));
    case field::CPPTYPE_FLOAT: return t->SetFloat(&target, to, s->GetFloat(source, of));
    case field::CPPTYPE_BOOL: return t->SetBool(&target, to, s->GetBool(source, of));
    case field::CPPTYPE_ENUM: return t->SetEnumValue(&target, to, s->GetEnumValue(source, of));
    case field::CPPTYPE_STRING: {
      std::string scratch;
      return t->SetString(&target, to, s->GetStringReference(source, of, &scratch));
    }
    case field::CPPTYPE_MESSAGE:
      return t->MutableMessage(&target, to)->CopyFrom(s->GetMessage(source, of));
  }
}

void copy_repeated(any_message& target, const field* to, const any_message& source,
                   const field* of) {
  const auto* t = target.GetReflection();
  const auto* s = source.GetReflection();
  t->ClearField(&target, to);
  for (int i = 0, n = s->FieldSize(source, of); i < n; ++i) {
    switch (to->cpp_type()) {
      case field::CPPTYPE_STRING:
        t->AddString(&target, to, s->GetRepeatedString(source, of, i));
        break;
      case field::CPPTYPE_INT32:
        t->AddInt32(&target, to, s->GetRepeatedInt32(source, of, i));
        break;
      case field::CPPTYPE_INT64:
        t->AddInt64(&target, to, s->GetRepeatedInt64(source, of, i));
        break;
      case field::CPPTYPE_DOUBLE:
        t->AddDouble(&target, to, s->GetRepeatedDouble(source, of, i));
        break;
      case field::CPPTYPE_MESSAGE:
        assign(*t->AddMessage(&target, to), s->GetRepeatedMessage(source, of, i));
        break;
      default: GOOGLE_LOG(FATAL) << "no message of ours repeats " << to->full_name();
    }
  }
}

void take(any_message& target, const any_message& source, const step& s) {
  const auto* from = source.GetReflection();
  const auto* into = target.GetReflection();
  if (s.kind == step_kind::from_source) return assign(*into->MutableMessage(&target, s.to), source);
  if (s.to->is_repeated()) return copy_repeated(target, s.to, source, s.of);
  if (s.of->has_presence() && !from->HasField(source, s.of)) return;
  switch (s.kind) {
    case step_kind::nest:
      return assign(*into->MutableMessage(&target, s.to), from->GetMessage(source, s.of));
    case step_kind::money_in:
      return into->SetInt64(&target, s.to, to_money(from->GetDouble(source, s.of)));
    case step_kind::money_out:
      return into->SetDouble(&target, s.to, from_money(from->GetInt64(source, s.of)));
    default: return copy_scalar(target, s.to, source, s.of);
  }
}

} // namespace

void assign(any_message& target, const any_message& source) {
  if (target.GetDescriptor() == source.GetDescriptor()) return target.CopyFrom(source);
  for (const auto& s : plan_for(target.GetDescriptor(), source.GetDescriptor()))
    take(target, source, s);
}

} // namespace reenact::messages
