#include "gateway/example.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "gateway/json_plan.hpp"

namespace reenact::gateway {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using messages::descriptor;
using messages::field;

constexpr int nested_max = 2; ///< of one type within itself

/// "store-1" of store_id, "sms number" of sms_number.
std::string text_of(const field* f) {
  constexpr std::string_view id = "_id";
  std::string text = f->name();
  if (text.ends_with(id))
    text.replace(text.size() - id.size(), id.size(), "-1");
  else if (text == "id")
    text = "id-1";
  std::ranges::replace(text, '_', f->name().ends_with(id) ? '-' : ' ');
  return text;
}

object object_of(const descriptor* type, std::vector<const descriptor*> within);

/// All numbers of a kind are one, so that a price times its quantity is the total.
value one_of(const field* f, const std::vector<const descriptor*>& within) {
  switch (f->cpp_type()) {
    case field::CPPTYPE_INT32:
    case field::CPPTYPE_UINT32: return 1;
    case field::CPPTYPE_INT64:
      if (messages::is_money(f)) return 9.99;
      return "1";
    case field::CPPTYPE_UINT64: return "1";
    case field::CPPTYPE_DOUBLE:
    case field::CPPTYPE_FLOAT: return 9.99;
    case field::CPPTYPE_BOOL: return true;
    case field::CPPTYPE_ENUM: return value(f->enum_type()->value(0)->name());
    case field::CPPTYPE_STRING:
      return f->type() == field::TYPE_BYTES ? value("AAEC") : value(text_of(f));
    case field::CPPTYPE_MESSAGE: break;
  }
  if (is_timestamp(f)) return "2022-05-10T12:00:00Z";
  return object_of(f->message_type(), within);
}

object object_of(const descriptor* type, std::vector<const descriptor*> within) {
  object example;
  within.push_back(type);
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* f = type->field(i);
    if (f->message_type() != nullptr && std::ranges::count(within, f->message_type()) >= nested_max)
      continue;
    if (f->is_repeated())
      example[f->json_name()] = array{one_of(f, within)};
    else
      example[f->json_name()] = one_of(f, within);
  }
  return example;
}

void append_line(std::string& to, std::size_t depth) { to.append("\n").append(2 * depth, ' '); }

/// Boost writes 9.99 as 9.99E0.
std::string scalar(const value& what) {
  if (!what.is_double()) return boost::json::serialize(what);
  std::array<char, 32> digits; // the longest double takes 24
  const auto [end, _] =
      std::to_chars(digits.data(), digits.data() + digits.size(), what.get_double());
  return {digits.data(), end};
}

void append(std::string& to, const value& what, std::size_t depth) {
  const auto* o = what.if_object();
  const auto* a = what.if_array();
  if ((o == nullptr || o->empty()) && (a == nullptr || a->empty())) {
    to += scalar(what);
    return;
  }
  const char* between = "";
  to += o != nullptr ? '{' : '[';
  const auto next = [&] {
    to += between;
    between = ",";
    append_line(to, depth + 1);
  };
  if (o != nullptr)
    for (const auto& [key, v] : *o) {
      next();
      to += boost::json::serialize(boost::json::string(key)) + ": ";
      append(to, v, depth + 1);
    }
  else
    for (const auto& v : *a) {
      next();
      append(to, v, depth + 1);
    }
  append_line(to, depth);
  to += o != nullptr ? '}' : ']';
}

} // namespace

object example_of(const descriptor* type) { return object_of(type, {}); }

std::string indented(const value& what) {
  std::string text;
  append(text, what, 0);
  return text;
}

} // namespace reenact::gateway
