#include "persistence/views/list_index.hpp"

#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace reenact::persistence {
namespace {

using sqlite::quoted;
using values = std::set<std::string>;

values values_of(const messages::any_message* row, const messages::field* f) {
  values all;
  if (row == nullptr) return all;
  const auto* r = row->GetReflection();
  for (int i = 0, n = r->FieldSize(*row, f); i < n; ++i)
    all.insert(r->GetRepeatedString(*row, f, i));
  return all;
}

} // namespace

std::string list_index::create_sql(const std::string& table, const messages::field* f) {
  return "CREATE TABLE " + quoted(table + ending(f)) +
         " (value TEXT, created BLOB, PRIMARY KEY (value, created)) WITHOUT ROWID; ";
}

result<list_index> list_index::attach(sqlite::connection& in, const std::string& table,
                                      const messages::field* f) {
  list_index made;
  made.field_ = f;
  const auto name = quoted(table + ending(f));
  for (auto [to, sql] :
       {std::pair(&made.add_, "INSERT INTO " + name + " VALUES (?, ?)"),
        std::pair(&made.remove_, "DELETE FROM " + name + " WHERE value = ? AND created = ?")}) {
    auto ready = in.prepare(sql);
    if (!ready) return ready.error();
    *to = std::move(*ready);
  }
  return made;
}

status list_index::change(sqlite::connection& in, const messages::any_message* before,
                          const messages::any_message* now, const creation::bytes& at) {
  const auto old = values_of(before, field_), held = values_of(now, field_);
  for (const auto& [by, from, without] :
       {std::tuple(&remove_, &old, &held), std::tuple(&add_, &held, &old)})
    for (const auto& value : *from) {
      if (without->contains(value)) continue;
      if (auto ok = in.finish(by->bind(1, value).bind_bytes(2, view_of(at))); !ok) return ok;
    }
  return done{};
}

} // namespace reenact::persistence
