#include "persistence/views/view_table.hpp"

#include <algorithm>
#include <utility>

#include "persistence/views/hash.hpp"
#include "persistence/views/positions.hpp"

namespace reenact::persistence {

namespace {

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::string_view view_of(const creation::bytes& b) { return {b.data(), b.size()}; }

std::int64_t hash_of(std::string_view key) { return static_cast<std::int64_t>(fnv1a(key)); }

/// "key" and the indexed columns, each after `before`: "c_x" -> ", c_x".
std::string columns_of(const view_schema& s, const char* before, const char* after = "") {
  std::string all;
  for (const auto& c : s.columns) all += before + column_name(s, c.from) + after;
  return all;
}

/// `text` outlives the use of the statement.
void bind_column(sqlite::statement& to, int at, const view_column& c,
                 const messages::any_message& row, std::string& text) {
  const auto* r = row.GetReflection();
  using cpp = messages::field;
  switch (c.from->cpp_type()) {
    case cpp::CPPTYPE_INT32: to.bind(at, std::int64_t{r->GetInt32(row, c.from)}); break;
    case cpp::CPPTYPE_INT64: to.bind(at, r->GetInt64(row, c.from)); break;
    case cpp::CPPTYPE_UINT32: to.bind(at, std::int64_t{r->GetUInt32(row, c.from)}); break;
    case cpp::CPPTYPE_ENUM: to.bind(at, std::int64_t{r->GetEnumValue(row, c.from)}); break;
    case cpp::CPPTYPE_FLOAT: to.bind(at, double{r->GetFloat(row, c.from)}); break;
    case cpp::CPPTYPE_DOUBLE: to.bind(at, r->GetDouble(row, c.from)); break;
    case cpp::CPPTYPE_BOOL: to.bind(at, std::int64_t{r->GetBool(row, c.from)}); break;
    default: to.bind(at, std::string_view(r->GetStringReference(row, c.from, &text))); break;
  }
}

} // namespace

std::string serving_name(const view_schema& schema) {
  return quoted(schema.name + '@' + schema.version);
}

std::string column_name(const view_schema& schema, const messages::field* f) {
  return f == schema.key ? "key" : quoted("field:" + f->name());
}

view_table::view_table(const view_schema& schema, int slot, std::vector<sequence_t> positions)
  : schema_(&schema),
    slot_(slot),
    name_(quoted(schema.name + '@' + schema.version + '/' + std::to_string(slot))),
    positions_(std::move(positions)) {}

result<view_table> view_table::create(sqlite::connection& in, const view_schema& schema, int slot,
                                      std::size_t shards) {
  view_table made(schema, slot, std::vector<sequence_t>(shards));
  // Rows lie in order of creation, so new ones are appended and pages of a list are read in one
  // sweep. Keys are found by an index over their hashes: a third of the size of one over UUIDs,
  // and each insertion dirties a random page of it, which is most of what a row costs.
  const auto index = quoted(schema.name + '@' + schema.version + '/' + std::to_string(slot) + "#");
  const auto sql = "CREATE TABLE " + made.name_ +
                   " (created BLOB PRIMARY KEY, hash INTEGER NOT NULL, key TEXT NOT NULL, row "
                   "BLOB NOT NULL" +
                   columns_of(schema, ", ") + ") WITHOUT ROWID; CREATE INDEX " + index + " ON " +
                   made.name_ + " (hash); INSERT INTO tables VALUES ('" + schema.name + "', '" +
                   schema.version + "', " + std::to_string(slot) + ", 0, zeroblob(" +
                   std::to_string(shards * sizeof(sequence_t)) + "))";
  if (auto ok = in.run(sql); !ok) return ok.error();
  if (auto ok = made.prepare(in); !ok) return ok.error();
  return made;
}

result<view_table> view_table::attach(sqlite::connection& in, const view_schema& schema, int slot,
                                      std::vector<sequence_t> positions) {
  view_table made(schema, slot, std::move(positions));
  if (auto ok = made.prepare(in); !ok) return ok.error();
  return made;
}

status view_table::prepare(sqlite::connection& in) {
  const auto ready = [&](sqlite::statement& to, const std::string& sql) -> status {
    auto made = in.prepare(sql);
    if (!made) return made.error();
    to = std::move(*made);
    return done{};
  };
  std::string marks, excluded;
  for (const auto& c : schema_->columns) {
    const auto name = column_name(*schema_, c.from);
    marks += ", ?";
    excluded.append(", ").append(name).append(" = excluded.").append(name);
  }
  if (auto ok = ready(find_, "SELECT created, row FROM " + name_ + " WHERE hash = ? AND key = ?");
      !ok)
    return ok;
  if (auto ok =
          ready(lay_, "INSERT INTO " + name_ + " (created, hash, key, row" +
                          columns_of(*schema_, ", ") + ") VALUES (?, ?, ?, ?" + marks +
                          ") ON CONFLICT (created) DO UPDATE SET row = excluded.row" + excluded);
      !ok)
    return ok;
  if (auto ok = ready(remove_, "DELETE FROM " + name_ + " WHERE created = ?"); !ok) return ok;
  return ready(move_, "UPDATE tables SET positions = ? WHERE view = '" + schema_->name +
                          "' AND version = '" + schema_->version +
                          "' AND slot = " + std::to_string(slot_));
}

result<std::optional<found_row>> view_table::find(sqlite::connection& in, std::string_view key) {
  using step = sqlite::statement::step_result;
  const auto said = find_.bind(1, hash_of(key)).bind(2, key).step();
  if (said == step::failed) return in.error("finding a row");
  if (said == step::done) return std::optional<found_row>();
  const auto at = creation::decode(find_.bytes(0));
  row_ = find_.bytes(1);
  find_.reset();
  return std::optional(found_row{at, row_});
}

status view_table::find_all(sqlite::connection& in, const messages::field* field,
                            std::string_view value,
                            const std::function<void(const found_row&)>& visit) {
  auto& s = find_all_[field];
  if (s.empty()) {
    auto made = in.prepare("SELECT created, row FROM " + name_ + " WHERE " +
                           column_name(*schema_, field) + " = ?");
    if (!made) return made.error();
    s = std::move(*made);
  }
  using step = sqlite::statement::step_result;
  auto said = s.bind(1, value).step();
  for (; said == step::row; said = s.step()) visit({creation::decode(s.bytes(0)), s.bytes(1)});
  if (said == step::failed) return in.error("finding rows");
  return done{};
}

status view_table::lay(sqlite::connection& in, const view_change& change) {
  const auto at = change.created.encode();
  if (change.row == nullptr) return in.finish(remove_.bind_bytes(1, view_of(at)));
  row_.clear();
  change.row->AppendToString(&row_);
  lay_.bind_bytes(1, view_of(at)).bind(2, hash_of(change.key)).bind(3, change.key);
  lay_.bind_bytes(4, row_);
  std::string text;
  int next = 5;
  for (const auto& c : schema_->columns) bind_column(lay_, next++, c, *change.row, text);
  return in.finish(lay_);
}

status view_table::write(sqlite::connection& in, const view_batch& batch) {
  for (const auto& change : batch.changes)
    if (auto ok = lay(in, change); !ok) return ok;
  const auto bytes = encode_positions(batch.positions);
  if (auto ok = in.finish(move_.bind_bytes(1, bytes)); !ok) return ok;
  positions_.assign(batch.positions.begin(), batch.positions.end());
  return done{};
}

status view_table::serve(sqlite::connection& in) {
  std::string sql;
  for (const auto& c : schema_->columns)
    sql += "CREATE INDEX " +
           quoted(schema_->name + '@' + schema_->version + '/' + std::to_string(slot_) + '#' +
                  c.from->name()) +
           " ON " + name_ + " (" + column_name(*schema_, c.from) + "); ";
  sql += "CREATE VIEW " + serving_name(*schema_) + " AS SELECT * FROM " + name_ +
         "; UPDATE tables SET serving = 1 WHERE view = '" + schema_->name + "' AND version = '" +
         schema_->version + "' AND slot = " + std::to_string(slot_);
  return in.run(sql);
}

} // namespace reenact::persistence
