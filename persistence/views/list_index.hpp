#pragma once

#include <string>

#include "messages/fields.hpp"
#include "messages/schema.hpp"
#include "persistence/views/creation.hpp"
#include "persistence/views/sqlite.hpp"

namespace reenact::persistence {

/// Which rows of one table hold a value in a repeated field: an SQL table of values and creations,
/// in that order, so that the rows of a value are read as a list is. Works in the transactions of
/// its view_table, and is named after it.
class list_index {
public:
  /// What follows a table's name, or that of what readers see, in the index's.
  static std::string ending(const messages::field* f) { return ":of:" + f->name(); }

  /// SQL that makes the index of a table, whose name is not quoted yet.
  static std::string create_sql(const std::string& table, const messages::field* f);

  static result<list_index> attach(sqlite::connection& in, const std::string& table,
                                   const messages::field* f);

  /// The row created there is `now` what it was not `before`; null: there is none.
  status change(sqlite::connection& in, const messages::any_message* before,
                const messages::any_message* now, const creation::bytes& at);

private:
  const messages::field* field_ = nullptr;
  sqlite::statement add_, remove_;
};

} // namespace reenact::persistence
