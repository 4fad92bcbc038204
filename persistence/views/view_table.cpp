#include "persistence/views/view_table.hpp"

#include <algorithm>
#include <utility>

#include "persistence/views/positions.hpp"

namespace reenact::persistence {

namespace {

using sqlite::quoted;

/// "key" and the indexed columns, each after `before`: "c_x" -> ", c_x".
std::string columns_of(const view_schema& s, const char* before, const char* after = "") {
  std::string all;
  for (const auto& c : s.columns) all += before + column_name(s, c.from) + after;
  return all;
}

/// The columns that ride along in every index, so that a range of numbers is decided before the row
/// is looked for.
std::string numbers_of(const view_schema& s, const messages::field* but = nullptr) {
  std::string all;
  for (const auto& c : s.columns)
    if (c.is_number() && c.from != but) all += ", " + column_name(s, c.from);
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

std::string serving_name(const std::string& view, const std::string& version) {
  return view + '@' + version;
}

std::string table_name(const std::string& view, const std::string& version, int slot) {
  return view + '@' + version + '/' + std::to_string(slot);
}

status drop_named(sqlite::connection& in, const char* kind, const std::string& name) {
  using step = sqlite::statement::step_result;
  auto s = in.prepare(
      "SELECT name FROM sqlite_schema WHERE type = ?1 AND (name = ?2 OR "
      "substr(name, 1, length(?2) + 1) = ?2 || ':')");
  if (!s) return s.error();
  std::string sql;
  auto said = s->bind(1, kind).bind(2, name).step();
  for (; said == step::row; said = s->step())
    sql += std::string("DROP ") + kind + ' ' + quoted(std::string(s->bytes(0))) + "; ";
  if (said == step::failed) return in.error("looking for what to drop");
  return in.run(sql);
}

std::string column_name(const view_schema& schema, const messages::field* f) {
  return f == schema.key ? "key" : quoted("field:" + f->name());
}

view_table::view_table(const view_schema& schema, int slot, std::vector<sequence_t> positions)
  : schema_(&schema),
    slot_(slot),
    name_(table_name(schema.name, schema.version, slot)),
    positions_(std::move(positions)) {}

result<view_table> view_table::create(sqlite::connection& in, const view_schema& schema, int slot,
                                      std::size_t shards) {
  view_table made(schema, slot, std::vector<sequence_t>(shards));
  std::string lists;
  for (const auto* f : schema.lists) lists += list_index::create_sql(made.name_, f);
  // Rows lie in order of creation, so new ones are appended and pages of a list are read in one
  // sweep.
  const auto sql = "CREATE TABLE " + quoted(made.name_) +
                   " (created BLOB PRIMARY KEY, key TEXT NOT NULL, row BLOB NOT NULL" +
                   columns_of(schema, ", ") + ") WITHOUT ROWID; " +
                   key_index::create_sql(made.name_) + lists + "INSERT INTO tables VALUES ('" +
                   schema.name + "', '" + schema.version + "', " + std::to_string(slot) +
                   ", 0, zeroblob(" + std::to_string(shards * sizeof(sequence_t)) + "))";
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
  std::string marks, set;
  for (const auto& c : schema_->columns) {
    marks += ", ?";
    set += ", " + column_name(*schema_, c.from) + " = ?";
  }
  const auto table = quoted(name_);
  if (auto ok = ready(find_, key_index::find_sql(name_, "r.created, r.row")); !ok) return ok;
  if (auto ok = ready(insert_, "INSERT INTO " + table + " (row" + columns_of(*schema_, ", ") +
                                   ", created, key) VALUES (?" + marks + ", ?, ?)");
      !ok)
    return ok;
  if (auto ok = ready(update_, "UPDATE " + table + " SET row = ?" + set + " WHERE created = ?");
      !ok)
    return ok;
  if (auto ok = ready(remove_, "DELETE FROM " + table + " WHERE created = ?"); !ok) return ok;
  if (auto ok = ready(find_before_, "SELECT row FROM " + table + " WHERE created = ?"); !ok)
    return ok;
  for (const auto* f : schema_->lists) {
    auto list = list_index::attach(in, name_, f);
    if (!list) return list.error();
    lists_.push_back(std::move(*list));
  }
  auto keys = key_index::attach(in, name_);
  if (!keys) return keys.error();
  keys_ = std::move(*keys);
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
    auto made = in.prepare("SELECT created, row FROM " + quoted(name_) + " WHERE " +
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

/// Reads what the row created there was, into before_.
status view_table::read_before(sqlite::connection& in, const creation::bytes& at) {
  using step = sqlite::statement::step_result;
  if (before_ == nullptr) before_ = messages::new_message(schema_->key->containing_type());
  if (find_before_.bind_bytes(1, view_of(at)).step() != step::row)
    return in.error("finding a row that is known");
  const auto bytes = find_before_.bytes(0);
  const bool whole = before_->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  find_before_.reset();
  if (!whole) return failure{failure::kind::corrupt, "views: a row of " + name_ + " is no row"};
  return done{};
}

/// Before the row itself is changed.
status view_table::change_lists(sqlite::connection& in, const view_change& change) {
  if (lists_.empty()) return done{};
  const auto at = change.created.encode();
  if (change.known)
    if (auto ok = read_before(in, at); !ok) return ok;
  for (auto& list : lists_)
    if (auto ok = list.change(in, change.known ? before_.get() : nullptr, change.row, at); !ok)
      return ok;
  return done{};
}

status view_table::lay(sqlite::connection& in, const view_change& change) {
  const auto at = change.created.encode();
  auto& to = change.known ? update_ : insert_;
  row_.clear();
  change.row->AppendToString(&row_);
  to.bind_bytes(1, row_);
  std::string text;
  int next = 2;
  for (const auto& c : schema_->columns) bind_column(to, next++, c, *change.row, text);
  to.bind_bytes(next++, view_of(at));
  if (change.known) return in.finish(to);
  if (auto ok = in.finish(to.bind(next, change.key)); !ok) return ok;
  return keys_.add(in, change.key, at);
}

status view_table::remove(sqlite::connection& in, const view_change& change) {
  const auto at = change.created.encode();
  if (auto ok = in.finish(remove_.bind_bytes(1, view_of(at))); !ok) return ok;
  return keys_.remove(in, change.key, at);
}

status view_table::write(sqlite::connection& in, const view_batch& batch) {
  for (const auto& change : batch.changes) {
    if (auto ok = change_lists(in, change); !ok) return ok;
    if (auto ok = change.row == nullptr ? remove(in, change) : lay(in, change); !ok) return ok;
  }
  const auto bytes = encode_positions(batch.positions);
  if (auto ok = in.finish(move_.bind_bytes(1, bytes)); !ok) return ok;
  positions_.assign(batch.positions.begin(), batch.positions.end());
  return done{};
}

status view_table::serve(sqlite::connection& in) {
  const auto served = serving_name(schema_->name, schema_->version);
  const auto numbers = numbers_of(*schema_);
  auto sql = key_index::show_sql(name_, quoted(served + keys_ending));
  for (const auto* f : schema_->lists)
    sql += "CREATE VIEW " + quoted(served + list_index::ending(f)) + " AS SELECT * FROM " +
           quoted(name_ + list_index::ending(f)) + "; ";
  for (const auto& c : schema_->columns)
    sql += "CREATE INDEX " + quoted(name_ + '#' + c.from->name()) + " ON " + quoted(name_) + " (" +
           column_name(*schema_, c.from) + ", created" + numbers_of(*schema_, c.from) + "); ";
  if (!numbers.empty())
    sql += "CREATE INDEX " + quoted(name_ + '#') + " ON " + quoted(name_) + " (created" + numbers +
           "); ";
  sql += "CREATE VIEW " + quoted(served) + " AS SELECT * FROM " + quoted(name_) +
         "; UPDATE tables SET serving = 1 WHERE view = '" + schema_->name + "' AND version = '" +
         schema_->version + "' AND slot = " + std::to_string(slot_);
  return in.run(sql);
}

} // namespace reenact::persistence
