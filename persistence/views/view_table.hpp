#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "persistence/views/key_index.hpp"
#include "persistence/views/list_index.hpp"
#include "persistence/views/sqlite.hpp"
#include "persistence/views/view_file.hpp"

namespace reenact::persistence {

/// The name under which readers find the rows of a view: an SQL view over its serving table, so
/// that switching to another table is one change that every reader sees between two queries. It
/// carries the version, so that rows of another version are never read by mistake. Where its keys
/// are, and the values of its lists, is found under names that begin with this one. Not quoted.
std::string serving_name(const std::string& view, const std::string& version);
inline constexpr auto keys_ending = ":keys";

/// Likewise not quoted.
std::string table_name(const std::string& view, const std::string& version, int slot);

/// Drops the tables or views (`kind`, in SQLite's words) of this name and those named after it,
/// "NAME:…": of another version nobody knows what lists it had.
status drop_named(sqlite::connection& in, const char* kind, const std::string& name);

/// The column of a field, or of the key.
std::string column_name(const view_schema& schema, const messages::field* f);

/// One table of rows: its SQL, written once, and its position in the logs. Used by view_file, in
/// whose transactions it works.
class view_table {
public:
  /// Named by view, version and slot (a number that tells the tables of one version apart).
  static result<view_table> create(sqlite::connection& in, const view_schema& schema, int slot,
                                   std::size_t shards);
  static result<view_table> attach(sqlite::connection& in, const view_schema& schema, int slot,
                                   std::vector<sequence_t> positions);

  int slot() const { return slot_; }
  const std::vector<sequence_t>& positions() const { return positions_; }

  result<std::optional<found_row>> find(sqlite::connection& in, std::string_view key);
  status find_all(sqlite::connection& in, const messages::field* field, std::string_view value,
                  const std::function<void(const found_row&)>& visit);
  status write(sqlite::connection& in, const view_batch& batch);
  /// Readers see this one from now on. Indexes of columns are made only here: filling a table
  /// without them is faster.
  status serve(sqlite::connection& in);

private:
  view_table(const view_schema& schema, int slot, std::vector<sequence_t> positions);
  status prepare(sqlite::connection& in);
  status lay(sqlite::connection& in, const view_change& change);
  status remove(sqlite::connection& in, const view_change& change);
  status change_lists(sqlite::connection& in, const view_change& change);
  status read_before(sqlite::connection& in, const creation::bytes& at);

  const view_schema* schema_;
  int slot_;
  std::string name_; ///< not quoted
  std::vector<sequence_t> positions_;
  key_index keys_;
  std::vector<list_index> lists_;
  sqlite::statement find_, find_before_, insert_, update_, remove_, move_;
  std::unordered_map<const messages::field*, sqlite::statement> find_all_;
  std::string row_;                               ///< the one that was found, or is being laid
  std::unique_ptr<messages::any_message> before_; ///< what a changed row was; reused
};

} // namespace reenact::persistence
