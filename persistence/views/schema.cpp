#include "persistence/views/schema.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>

#include "persistence/views/hash.hpp"

namespace reenact::persistence {

namespace {

/// The text of a message and of all that it is made of, so that a change anywhere below is seen.
void describe(const messages::descriptor* d, std::set<const messages::descriptor*>& seen,
              std::string& to) {
  if (!seen.insert(d).second) return;
  to += d->full_name() + d->DebugString();
  for (int i = 0; i < d->field_count(); ++i) {
    if (const auto* e = d->field(i)->enum_type()) to += e->DebugString();
    if (const auto* m = d->field(i)->message_type()) describe(m, seen, to);
  }
}

std::string version_of(const messages::descriptor* row, std::string_view declared) {
  std::set<const messages::descriptor*> seen;
  std::string text(declared);
  describe(row, seen, text);
  char hex[16];
  const auto end = std::to_chars(hex, hex + sizeof hex, fnv1a(text), 16).ptr;
  return {hex, end};
}

std::optional<view_column::kind> kind_of(const messages::field* f) {
  using cpp = messages::field;
  using kind = view_column::kind;
  if (f->is_repeated()) return {};
  switch (f->cpp_type()) {
    case cpp::CPPTYPE_INT32:
    case cpp::CPPTYPE_INT64:
    case cpp::CPPTYPE_UINT32:
    case cpp::CPPTYPE_ENUM: return kind::integer;
    case cpp::CPPTYPE_FLOAT:
    case cpp::CPPTYPE_DOUBLE: return kind::real;
    case cpp::CPPTYPE_BOOL: return kind::boolean;
    case cpp::CPPTYPE_STRING: return kind::text;
    default: return {};
  }
}

failure refused(const std::string& text) { return {failure::kind::refused, text}; }

} // namespace

result<view_schema> schema_of(std::string name, const messages::descriptor* row,
                              std::string_view declared_version) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), allowed))
    return refused("view name '" + name + "': letters, digits, '_', '-' and '.' only");
  view_schema made{
      std::move(name), version_of(row, declared_version), messages::key_of(row), {}, {}};
  if (made.key == nullptr || made.key->cpp_type() != messages::field::CPPTYPE_STRING)
    return refused("view " + made.name + ": " + row->full_name() + " has no text key");
  for (int i = 0; i < row->field_count(); ++i) {
    const auto* f = row->field(i);
    if (!messages::is_indexed(f)) continue;
    if (f->is_repeated() && f->cpp_type() == messages::field::CPPTYPE_STRING) {
      made.lists.push_back(f);
      continue;
    }
    const auto kind = kind_of(f);
    if (!kind) return refused("view " + made.name + ": " + f->full_name() + " cannot be indexed");
    made.columns.push_back({*kind, f});
  }
  return made;
}

} // namespace reenact::persistence
