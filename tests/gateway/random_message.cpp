#include "tests/gateway/random_message.hpp"

#include <array>
#include <cstring>
#include <limits>

#include <google/protobuf/timestamp.pb.h>

#include "gateway/json_plan.hpp"

namespace reenact::gateway {

using messages::any_message;
using messages::field;

void random_message::fill(any_message& m, int depth) {
  for (int i = 0; i < m.GetDescriptor()->field_count(); ++i) {
    const auto* f = m.GetDescriptor()->field(i);
    const auto times = f->is_repeated() ? below(4) : below(4) > 0 ? 1 : 0;
    for (std::size_t n = 0; n < times; ++n) fill_field(m, f, depth);
  }
}

void random_message::fill_field(any_message& m, const field* f, int depth) {
  const auto* r = m.GetReflection();
  const auto set = [&](auto value, auto setter, auto adder) {
    f->is_repeated() ? (r->*adder)(&m, f, value) : (r->*setter)(&m, f, value);
  };
  using R = google::protobuf::Reflection;
  switch (f->cpp_type()) {
    case field::CPPTYPE_INT32: return set(integer<std::int32_t>(), &R::SetInt32, &R::AddInt32);
    case field::CPPTYPE_INT64: return set(integer<std::int64_t>(), &R::SetInt64, &R::AddInt64);
    case field::CPPTYPE_UINT32: return set(integer<std::uint32_t>(), &R::SetUInt32, &R::AddUInt32);
    case field::CPPTYPE_UINT64: return set(integer<std::uint64_t>(), &R::SetUInt64, &R::AddUInt64);
    case field::CPPTYPE_DOUBLE: return set(real(), &R::SetDouble, &R::AddDouble);
    case field::CPPTYPE_FLOAT:
      return set(static_cast<float>(integer<std::int16_t>()) / 7, &R::SetFloat, &R::AddFloat);
    case field::CPPTYPE_BOOL: return set(below(2) == 1, &R::SetBool, &R::AddBool);
    case field::CPPTYPE_STRING:
      return set(f->type() == field::TYPE_BYTES ? bytes() : text(), &R::SetString, &R::AddString);
    case field::CPPTYPE_ENUM: {
      const auto pick = below(static_cast<std::size_t>(f->enum_type()->value_count()));
      return set(f->enum_type()->value(static_cast<int>(pick))->number(), &R::SetEnumValue,
                 &R::AddEnumValue);
    }
    case field::CPPTYPE_MESSAGE: {
      if (depth == 0) return;
      auto* part = f->is_repeated() ? r->AddMessage(&m, f) : r->MutableMessage(&m, f);
      return is_timestamp(f) ? stamp(*part) : fill(*part, depth - 1);
    }
  }
}

template <class Integer>
Integer random_message::integer() {
  using limits = std::numeric_limits<Integer>;
  const std::array<Integer, 4> corners{limits::min(), limits::max(), Integer{0}, Integer{1}};
  if (below(4) == 0) return corners[below(corners.size())];
  return std::uniform_int_distribution<Integer>(limits::min(), limits::max())(random_);
}

// Not -0.0: the oracle reads it as 0.
double random_message::real() {
  using limits = std::numeric_limits<double>;
  constexpr std::array corners{0.0,
                               0.1,
                               9.99,
                               1e21,
                               1e-7,
                               limits::max(),
                               limits::min(),
                               limits::denorm_min(),
                               1.0 / 3,
                               -limits::max(),
                               limits::infinity()};
  if (below(2) == 0) return corners[below(corners.size())];
  const auto bits = std::uniform_int_distribution<std::uint64_t>()(random_);
  double any = 0;
  static_assert(sizeof any == sizeof bits);
  std::memcpy(&any, &bits, sizeof any);
  return any;
}

std::string random_message::text() {
  constexpr std::array pieces{"a",   "Zoë", "\"",     "\\", "/",
                              "\n",  "\t",  "\x01",   "\b", "€",
                              "😀",   "<",   "\u2028", " ",  "longer than a word",
                              "\x7f"};
  std::string s;
  for (auto n = below(8); n > 0; --n) s += pieces[below(pieces.size())];
  if (below(8) == 0) s += '\0';
  return s;
}

std::string random_message::bytes() {
  std::string s;
  for (auto n = below(9); n > 0; --n) s += static_cast<char>(below(256));
  return s;
}

void random_message::stamp(any_message& m) {
  constexpr std::int64_t first = -62135596800, last = 253402300799; // the years 1 to 9999
  google::protobuf::Timestamp t;
  t.set_seconds(std::uniform_int_distribution<std::int64_t>(first, last)(random_));
  constexpr std::array<int, 5> nanos{0, 500'000'000, 120'000, 1, 999'999'999};
  t.set_nanos(nanos[below(nanos.size())]);
  m.CopyFrom(t);
}

} // namespace reenact::gateway
