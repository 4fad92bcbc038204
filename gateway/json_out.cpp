#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include <google/protobuf/stubs/strutil.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include "gateway/json_plan.hpp"
#include "gateway/transcode.hpp"
#include "messages/money.hpp"

namespace reenact::gateway {
namespace {

using messages::field;

template <class Number>
void append_digits(std::string& out, Number value) {
  std::array<char, 32> digits; // the longest double takes 24
  const auto [end, _] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

template <class Real>
void append_real(std::string& out, Real value) {
  if (std::isfinite(value)) return append_digits(out, value);
  out += std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
}

template <class Integer>
void append_quoted(std::string& out, Integer value) {
  out += '"';
  append_digits(out, value);
  out += '"';
}

void append_enum(std::string& out, const field* f, int number) {
  const auto* named = f->enum_type()->FindValueByNumber(number);
  if (named == nullptr) return append_digits(out, number);
  out += '"';
  out += named->name();
  out += '"';
}

void append_string(std::string& out, const field* f, const std::string& text) {
  if (f->type() != field::TYPE_BYTES) return append_json(out, text);
  std::string base64;
  google::protobuf::Base64Escape(text, &base64);
  append_json(out, base64);
}

void append_message(std::string& out, const json_plan& plan, const any_message& m);

void append_part(std::string& out, const json_field& f, const any_message& part) {
  if (f.message != nullptr) return append_message(out, *f.message, part);
  // A dynamic message or a generated one: the copy through the wire serves both, and is rare.
  google::protobuf::Timestamp stamp;
  stamp.ParseFromString(part.SerializeAsString());
  append_json(out, google::protobuf::util::TimeUtil::ToString(stamp));
}

void append_element(std::string& out, const json_field& f, const any_message& m, int i) {
  const auto* r = m.GetReflection();
  switch (f.what->cpp_type()) {
    case field::CPPTYPE_INT32: return append_digits(out, r->GetRepeatedInt32(m, f.what, i));
    case field::CPPTYPE_UINT32: return append_digits(out, r->GetRepeatedUInt32(m, f.what, i));
    case field::CPPTYPE_INT64: return append_quoted(out, r->GetRepeatedInt64(m, f.what, i));
    case field::CPPTYPE_UINT64: return append_quoted(out, r->GetRepeatedUInt64(m, f.what, i));
    case field::CPPTYPE_DOUBLE: return append_real(out, r->GetRepeatedDouble(m, f.what, i));
    case field::CPPTYPE_FLOAT: return append_real(out, r->GetRepeatedFloat(m, f.what, i));
    case field::CPPTYPE_BOOL: out += r->GetRepeatedBool(m, f.what, i) ? "true" : "false"; return;
    case field::CPPTYPE_ENUM:
      return append_enum(out, f.what, r->GetRepeatedEnumValue(m, f.what, i));
    case field::CPPTYPE_STRING: {
      std::string scratch;
      return append_string(out, f.what, r->GetRepeatedStringReference(m, f.what, i, &scratch));
    }
    case field::CPPTYPE_MESSAGE: return append_part(out, f, r->GetRepeatedMessage(m, f.what, i));
  }
}

void append_value(std::string& out, const json_field& f, const any_message& m) {
  const auto* r = m.GetReflection();
  switch (f.what->cpp_type()) {
    case field::CPPTYPE_INT32: return append_digits(out, r->GetInt32(m, f.what));
    case field::CPPTYPE_UINT32: return append_digits(out, r->GetUInt32(m, f.what));
    case field::CPPTYPE_INT64:
      return f.money ? append_real(out, messages::from_money(r->GetInt64(m, f.what)))
                     : append_quoted(out, r->GetInt64(m, f.what));
    case field::CPPTYPE_UINT64: return append_quoted(out, r->GetUInt64(m, f.what));
    case field::CPPTYPE_DOUBLE: return append_real(out, r->GetDouble(m, f.what));
    case field::CPPTYPE_FLOAT: return append_real(out, r->GetFloat(m, f.what));
    case field::CPPTYPE_BOOL: out += r->GetBool(m, f.what) ? "true" : "false"; return;
    case field::CPPTYPE_ENUM: return append_enum(out, f.what, r->GetEnumValue(m, f.what));
    case field::CPPTYPE_STRING: {
      std::string scratch;
      return append_string(out, f.what, r->GetStringReference(m, f.what, &scratch));
    }
    case field::CPPTYPE_MESSAGE:
      if (r->HasField(m, f.what)) return append_part(out, f, r->GetMessage(m, f.what));
      out += "null";
  }
}

void append_list(std::string& out, const json_field& f, const any_message& m) {
  out += '[';
  for (int i = 0, n = m.GetReflection()->FieldSize(m, f.what); i < n; ++i) {
    if (i > 0) out += ',';
    append_element(out, f, m, i);
  }
  out += ']';
}

/// Of alternatives (oneof, optional) only the one that is there has a value to show.
bool is_shown(const field* f, const any_message& m) {
  return f->containing_oneof() == nullptr || m.GetReflection()->HasField(m, f);
}

void append_message(std::string& out, const json_plan& plan, const any_message& m) {
  char before = '{';
  for (const auto& f : plan.fields) {
    if (!is_shown(f.what, m)) continue;
    out += std::exchange(before, ',');
    out += f.member;
    f.what->is_repeated() ? append_list(out, f, m) : append_value(out, f, m);
  }
  out += before == '{' ? "{}" : "}";
}

} // namespace

void append_json(std::string& out, const any_message& response) {
  append_message(out, json_plan_of(response.GetDescriptor()), response);
}

void append_json(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, done, i - done);
    done = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out.append("\\u00") += {hex[c >> 4], hex[c & 15]};
    }
  }
  out.append(text, done);
  out += '"';
}

} // namespace reenact::gateway
