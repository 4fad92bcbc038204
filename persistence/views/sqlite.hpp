#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "messages/filter.hpp"
#include "persistence/result.hpp"

#include <sqlite3.h>

/// SQLite as values: connections, statements, failures. Nobody outside this folder sees it.
namespace reenact::persistence::sqlite {

/// A name as SQL takes it, whatever is in it but quotes.
inline std::string quoted(const std::string& name) { return '"' + name + '"'; }

/// A prepared statement, kept for many uses. Its connection lives longer.
class statement {
public:
  enum class step_result { row, done, failed };

  statement() = default;
  explicit statement(sqlite3_stmt* s) : held_(s) {}

  /// Bytes are not copied: they live until step() has said done.
  statement& bind(int at, std::string_view text);
  statement& bind_bytes(int at, std::string_view bytes);
  statement& bind(int at, std::int64_t number);
  statement& bind(int at, double number);
  statement& bind_value(int at, const messages::value& v);

  bool empty() const { return held_ == nullptr; }
  step_result step();
  /// Must follow every use that was not stepped to its end.
  void reset() { sqlite3_reset(held_.get()); }

  std::string_view bytes(int column) const; ///< valid until the next step
  std::int64_t integer(int column) const { return sqlite3_column_int64(held_.get(), column); }

private:
  struct finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, finalize> held_;
};

/// One connection; one thread at a time. Failures: corrupt for a file that is not what it was,
/// refused for a statement that does not fit the tables there are, broken for the rest.
class connection {
public:
  enum class mode { read, read_write };

  static result<connection> open(const std::string& path, mode how);

  status run(const std::string& sql);
  result<statement> prepare(std::string_view sql);
  /// Runs a prepared statement that answers nothing.
  status finish(statement& s);
  /// What went wrong last, as a value.
  failure error(std::string_view doing) const;

private:
  struct close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, close> db_;
};

} // namespace reenact::persistence::sqlite
