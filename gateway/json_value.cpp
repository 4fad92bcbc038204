#include "gateway/json_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include <google/protobuf/stubs/common.h>
#include <google/protobuf/stubs/strutil.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include "gateway/json_plan.hpp"

namespace reenact::gateway {
namespace {

using messages::any_message;
using messages::field;

/// A number as JSON writes it, in its parts: 12.50e-3 is "12", "50" and -3.
struct decimal {
  bool negative;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent; ///< kept within +-exponent_max: nothing beyond fits anywhere
};

constexpr std::int64_t exponent_max = 1'000'000;

std::string_view take_digits(std::string_view& text) {
  const auto n = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Numbers in strings have to be JSON numbers too: no plus sign, no leading zero, no "1.".
std::optional<decimal> decimal_of(std::string_view text) {
  decimal d{};
  d.negative = take(text, "-");
  d.whole = take_digits(text);
  if (d.whole.empty() || (d.whole.size() > 1 && d.whole.front() == '0')) return std::nullopt;
  if (take(text, ".")) {
    d.fraction = take_digits(text);
    if (d.fraction.empty()) return std::nullopt;
  }
  if (take(text, "eE")) {
    const bool minus = !text.empty() && text.front() == '-';
    take(text, "+-");
    const auto digits = take_digits(text);
    if (digits.empty()) return std::nullopt;
    std::uint32_t size = 0;
    const auto [_, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    d.exponent = error == std::errc() ? std::min<std::int64_t>(size, exponent_max) : exponent_max;
    if (minus) d.exponent = -d.exponent;
  }
  return text.empty() ? std::optional(d) : std::nullopt;
}

/// An integer may be written as 1.0 or 1e3. Exact where a double would not be.
std::optional<std::string> whole_digits(const decimal& d) {
  std::string digits;
  digits.append(d.whole).append(d.fraction);
  auto exponent = d.exponent - static_cast<std::int64_t>(d.fraction.size());
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  for (; exponent < 0 && digits.ends_with('0'); ++exponent) digits.pop_back();
  if (digits.empty()) return "0";
  constexpr std::int64_t longest = std::numeric_limits<std::uint64_t>::digits10 + 1;
  if (exponent < 0 || exponent > longest) return std::nullopt;
  digits.append(static_cast<std::size_t>(exponent), '0');
  return d.negative ? '-' + digits : digits;
}

template <class Integer>
std::optional<Integer> integer_of(std::string_view text) {
  const auto read = [](std::string_view plain) -> std::optional<Integer> {
    Integer value{};
    const auto* end = plain.data() + plain.size();
    const auto [stop, error] = std::from_chars(plain.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
  };
  const auto d = decimal_of(text);
  if (!d) return std::nullopt;
  if (d->whole.size() == text.size()) return read(text);
  const auto digits = whole_digits(*d);
  return digits ? read(*digits) : std::nullopt;
}

/// Too small is zero, too large is infinite: the rules have their own words for what they do not
/// take. from_chars takes what decimal_of has let through, and does not say on which side a number
/// fell out of range; strtod does.
template <class Real>
std::optional<Real> real_of(std::string_view text) {
  if (!decimal_of(text)) return std::nullopt;
  Real value{};
  const auto [_, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc()) return value;
  const auto wide = std::strtod(std::string(text).c_str(), nullptr);
  if (std::abs(wide) < 1) return static_cast<Real>(wide);
  constexpr auto infinite = std::numeric_limits<Real>::infinity();
  return wide > 0 ? infinite : -infinite;
}

template <class Value>
using setter = void (google::protobuf::Reflection::*)(any_message*, const field*, Value) const;

template <class Value>
bool put(any_message& into, const field* to, std::optional<Value> value, setter<Value> set,
         setter<Value> add) {
  if (!value) return false;
  (into.GetReflection()->*(to->is_repeated() ? add : set))(&into, to, *std::move(value));
  return true;
}

bool put_enum(any_message& into, const field* to, std::optional<int> number) {
  using google::protobuf::Reflection;
  return put(into, to, number, &Reflection::SetEnumValue, &Reflection::AddEnumValue);
}

bool put_text(any_message& into, const field* to, std::optional<std::string> text) {
  using google::protobuf::Reflection;
  return put(into, to, std::move(text), &Reflection::SetString, &Reflection::AddString);
}

/// Base64 in either alphabet, padded or not.
std::optional<std::string> bytes_of(std::string_view text) {
  using google::protobuf::StringPiece;
  // The library skips white space, which is not base64's.
  if (text.find_first_of(" \t\n\v\f\r") != std::string_view::npos) return std::nullopt;
  std::string bytes;
  const StringPiece piece(text.data(), text.size());
  const bool web = text.find_first_of("-_") != std::string_view::npos;
  const bool fine = web ? google::protobuf::WebSafeBase64Unescape(piece, &bytes)
                        : google::protobuf::Base64Unescape(piece, &bytes);
  return fine ? std::optional(std::move(bytes)) : std::nullopt;
}

bool put_timestamp(any_message& into, const field* to, std::string_view text) {
  google::protobuf::Timestamp stamp;
  if (!google::protobuf::util::TimeUtil::FromString(std::string(text), &stamp)) return false;
  const auto* r = into.GetReflection();
  (to->is_repeated() ? r->AddMessage(&into, to) : r->MutableMessage(&into, to))->CopyFrom(stamp);
  return true;
}

template <class Real>
std::optional<Real> special_of(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<Real>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<Real>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<Real>::infinity();
  return real_of<Real>(text);
}

} // namespace

bool store_number(any_message& into, const field* to, std::string_view text) {
  using google::protobuf::Reflection;
  switch (to->cpp_type()) {
    case field::CPPTYPE_INT32:
      return put(into, to, integer_of<std::int32_t>(text), &Reflection::SetInt32,
                 &Reflection::AddInt32);
    case field::CPPTYPE_INT64:
      return put(into, to, integer_of<std::int64_t>(text), &Reflection::SetInt64,
                 &Reflection::AddInt64);
    case field::CPPTYPE_UINT32:
      return put(into, to, integer_of<std::uint32_t>(text), &Reflection::SetUInt32,
                 &Reflection::AddUInt32);
    case field::CPPTYPE_UINT64:
      return put(into, to, integer_of<std::uint64_t>(text), &Reflection::SetUInt64,
                 &Reflection::AddUInt64);
    case field::CPPTYPE_DOUBLE:
      return put(into, to, real_of<double>(text), &Reflection::SetDouble, &Reflection::AddDouble);
    case field::CPPTYPE_FLOAT:
      return put(into, to, real_of<float>(text), &Reflection::SetFloat, &Reflection::AddFloat);
    case field::CPPTYPE_ENUM: return put_enum(into, to, integer_of<std::int32_t>(text));
    default: return false;
  }
}

bool store_string(any_message& into, const field* to, std::string_view text) {
  using google::protobuf::Reflection;
  switch (to->cpp_type()) {
    case field::CPPTYPE_STRING:
      return put_text(into, to,
                      to->type() == field::TYPE_BYTES ? bytes_of(text) : std::string(text));
    case field::CPPTYPE_MESSAGE: return is_timestamp(to) && put_timestamp(into, to, text);
    case field::CPPTYPE_BOOL: return false;
    case field::CPPTYPE_ENUM: {
      const auto* named = to->enum_type()->FindValueByName(std::string(text));
      return named != nullptr && put_enum(into, to, named->number());
    }
    case field::CPPTYPE_DOUBLE:
      return put(into, to, special_of<double>(text), &Reflection::SetDouble,
                 &Reflection::AddDouble);
    case field::CPPTYPE_FLOAT:
      return put(into, to, special_of<float>(text), &Reflection::SetFloat, &Reflection::AddFloat);
    default: return store_number(into, to, text);
  }
}

bool store_bool(any_message& into, const field* to, bool value) {
  using google::protobuf::Reflection;
  return to->cpp_type() == field::CPPTYPE_BOOL &&
         put(into, to, std::optional(value), &Reflection::SetBool, &Reflection::AddBool);
}

std::string expected(const field* f) {
  switch (f->cpp_type()) {
    case field::CPPTYPE_INT32:
    case field::CPPTYPE_INT64: return "a whole number in range";
    case field::CPPTYPE_UINT32:
    case field::CPPTYPE_UINT64: return "a whole number in range, not negative";
    case field::CPPTYPE_DOUBLE:
    case field::CPPTYPE_FLOAT: return "a number";
    case field::CPPTYPE_BOOL: return "true or false";
    case field::CPPTYPE_STRING:
      return f->type() == field::TYPE_BYTES ? "a string in base64" : "a string";
    case field::CPPTYPE_MESSAGE: return is_timestamp(f) ? "a time as RFC 3339" : "an object";
    case field::CPPTYPE_ENUM: break;
  }
  std::string choices = "one of";
  for (int i = 0; i < f->enum_type()->value_count(); ++i)
    choices += (i == 0 ? " " : ", ") + f->enum_type()->value(i)->name();
  return choices;
}

} // namespace reenact::gateway
