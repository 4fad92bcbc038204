#include "persistence/views/key_index.hpp"

#include <array>
#include <utility>

#include "persistence/views/hash.hpp"

namespace reenact::persistence {
namespace {

using sqlite::quoted;

std::string recent(const std::string& table) { return quoted(table + ":recent"); }
std::string settled(const std::string& table) { return quoted(table + ":settled"); }

} // namespace

std::int64_t hash_of(std::string_view key) { return static_cast<std::int64_t>(fnv1a(key)); }

std::string key_index::create_sql(const std::string& table) {
  std::string sql;
  for (const auto& level : {recent(table), settled(table)})
    sql += "CREATE TABLE " + level +
           " (hash INTEGER, created BLOB, PRIMARY KEY (hash, created)) WITHOUT ROWID; ";
  return sql;
}

std::string key_index::show_sql(const std::string& table, const std::string& shown) {
  return "CREATE VIEW " + shown + " AS SELECT hash, created FROM " + recent(table) +
         " UNION ALL SELECT hash, created FROM " + settled(table) + "; ";
}

std::string key_index::find_sql(const std::string& table, const std::string& columns) {
  const auto in = [&](const std::string& level) {
    return "SELECT " + columns + " FROM " + level + " AS i CROSS JOIN " + quoted(table) +
           " AS r WHERE i.hash = ?1 AND r.created = i.created AND r.key = ?2";
  };
  return in(recent(table)) + " UNION ALL " + in(settled(table));
}

result<key_index> key_index::attach(sqlite::connection& in, const std::string& table) {
  key_index made;
  made.table_ = table;
  const std::string where = " WHERE hash = ? AND created = ?";
  const std::array<std::pair<sqlite::statement*, std::string>, 3> all{
      {{&made.add_, "INSERT INTO " + recent(table) + " VALUES (?, ?)"},
       {&made.remove_recent_, "DELETE FROM " + recent(table) + where},
       {&made.remove_settled_, "DELETE FROM " + settled(table) + where}}};
  for (const auto& [to, sql] : all) {
    auto ready = in.prepare(sql);
    if (!ready) return ready.error();
    *to = std::move(*ready);
  }
  auto count = in.prepare("SELECT count(*) FROM " + recent(table));
  if (!count) return count.error();
  if (count->step() != sqlite::statement::step_result::row) return in.error("counting keys");
  made.recent_ = count->integer(0);
  return made;
}

status key_index::add(sqlite::connection& in, std::string_view key, const creation::bytes& at) {
  if (auto ok = in.finish(add_.bind(1, hash_of(key)).bind_bytes(2, view_of(at))); !ok) return ok;
  return ++recent_ < recent_max ? status(done{}) : merge(in);
}

status key_index::remove(sqlite::connection& in, std::string_view key, const creation::bytes& at) {
  for (auto* from : {&remove_recent_, &remove_settled_})
    if (auto ok = in.finish(from->bind(1, hash_of(key)).bind_bytes(2, view_of(at))); !ok) return ok;
  return done{};
}

status key_index::merge(sqlite::connection& in) {
  recent_ = 0;
  return in.run("INSERT INTO " + settled(table_) + " SELECT * FROM " + recent(table_) +
                " ORDER BY hash, created; DELETE FROM " + recent(table_));
}

} // namespace reenact::persistence
