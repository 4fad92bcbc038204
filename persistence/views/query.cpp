#include "persistence/views/query.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

#include <google/protobuf/stubs/strutil.h>

#include "persistence/views/hash.hpp"
#include "persistence/views/view_table.hpp"

namespace reenact::persistence {

namespace {

using messages::condition;
using messages::filter;

failure refused(std::string text) { return {failure::kind::refused, std::move(text)}; }

/// Null: the rows have no such column.
const messages::field* column_of(const view_schema& schema, std::string_view name,
                                 view_column::kind& holds) {
  holds = view_column::kind::text;
  if (name == schema.key->name()) return schema.key;
  for (const auto& c : schema.columns)
    if (c.from->name() == name) {
      holds = c.holds;
      return c.from;
    }
  return nullptr;
}

bool fits(const messages::value& v, view_column::kind k) {
  using kind = view_column::kind;
  switch (k) {
    case kind::integer: return std::holds_alternative<std::int64_t>(v);
    case kind::real: return std::holds_alternative<double>(v);
    case kind::boolean: return std::holds_alternative<bool>(v);
    case kind::text: return std::holds_alternative<std::string>(v);
  }
  return false;
}

std::string marks(std::size_t n) {
  std::string all;
  for (std::size_t i = 0; i < n; ++i) all += i == 0 ? "?" : ", ?";
  return all;
}

std::string comparison(const condition& c) {
  switch (c.is) {
    case condition::kind::equals: return " = ?";
    case condition::kind::at_least: return " >= ?";
    case condition::kind::at_most: return " <= ?";
    case condition::kind::any_of: break;
  }
  return " IN (" + marks(c.values.size()) + ")";
}

/// Of everything that says which rows are meant and in what order, but for the limit.
std::uint64_t checksum(const view_schema& schema, const filter& which,
                       const creation::bytes& last) {
  const auto mix = [](std::uint64_t seed, const auto& x) {
    return fnv1a({reinterpret_cast<const char*>(&x), sizeof x}, seed);
  };
  auto sum = fnv1a(schema.name + '@' + schema.version, mix(fnv1a({}), which.by));
  for (const auto& c : which.conditions) {
    sum = mix(mix(fnv1a(c.field, sum), c.is), c.values.size());
    for (const auto& v : c.values)
      sum = std::visit(
          [&](const auto& x) {
            if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::string>)
              return mix(fnv1a(x, sum), x.size());
            else
              return mix(sum, x);
          },
          v);
  }
  return fnv1a({last.data(), last.size()}, sum);
}

constexpr std::size_t checksum_size = 4;

std::string sealed(const view_schema& schema, const filter& which, const creation::bytes& last) {
  std::string bytes(last.data(), last.size());
  auto sum = checksum(schema, which, last);
  for (std::size_t i = 0; i < checksum_size; ++i, sum >>= 8U) bytes += static_cast<char>(sum);
  return bytes;
}

/// Where to begin: after the token's creation, or before or after all of them.
result<creation::bytes> beginning(const view_schema& schema, const filter& which) {
  creation::bytes at{};
  if (which.by == filter::order::newest_first) at.fill('\xff');
  if (which.after.empty()) return at;
  std::string bytes;
  const bool decoded = google::protobuf::WebSafeBase64Unescape(which.after, &bytes);
  if (decoded && bytes.size() == creation::size + checksum_size) {
    std::copy_n(bytes.begin(), creation::size, at.begin());
    if (bytes == sealed(schema, which, at)) return at;
  }
  return refused("next: not a token of this query");
}

} // namespace

result<view_query> translate(const view_schema& schema, const filter& which) {
  const bool newest = which.by == filter::order::newest_first;
  auto after = beginning(schema, which);
  if (!after) return after.error();
  view_query made{
      "SELECT created, row FROM " + serving_name(schema.name, schema.version) + " WHERE ",
      {},
      *after};
  for (const auto& c : which.conditions) {
    view_column::kind holds{};
    const auto* field = column_of(schema, c.field, holds);
    if (field == nullptr) return refused(c.field + ": " + schema.name + " is not indexed by it");
    const bool any = c.is == condition::kind::any_of;
    if (any ? c.values.size() > filter::any_of_max : c.values.size() != 1)
      return refused(c.field + ": " + std::to_string(c.values.size()) + " values to compare with");
    for (const auto& v : c.values)
      if (!fits(v, holds)) return refused(c.field + ": a value of another kind");
    if (field == schema.key && (any || c.is == condition::kind::equals)) {
      made.sql += "created IN (SELECT created FROM " +
                  serving_keys_name(schema.name, schema.version) + " WHERE hash IN (" +
                  marks(c.values.size()) + ")) AND ";
      for (const auto& v : c.values) made.values.emplace_back(hash_of(std::get<std::string>(v)));
    }
    made.values.insert(made.values.end(), c.values.begin(), c.values.end());
    made.sql += column_name(schema, field) + comparison(c) + " AND ";
  }
  made.sql +=
      newest ? "created < ? ORDER BY created DESC LIMIT ?" : "created > ? ORDER BY created LIMIT ?";
  return made;
}

std::string token(const view_schema& schema, const filter& which, const creation::bytes& last) {
  std::string text;
  google::protobuf::WebSafeBase64Escape(sealed(schema, which, last), &text);
  return text;
}

} // namespace reenact::persistence
