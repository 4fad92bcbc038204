#include "persistence/views/sqlite.hpp"

#include <type_traits>
#include <variant>

namespace reenact::persistence::sqlite {

namespace {

/// In WAL mode readers and the writer meet only while a file is opened or recovered.
constexpr int busy_timeout_ms = 1'000;

} // namespace

statement& statement::bind(int at, std::string_view text) {
  sqlite3_bind_text64(held_.get(), at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

statement& statement::bind_bytes(int at, std::string_view bytes) {
  sqlite3_bind_blob64(held_.get(), at, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

statement& statement::bind(int at, std::int64_t number) {
  sqlite3_bind_int64(held_.get(), at, number);
  return *this;
}

statement& statement::bind(int at, double number) {
  sqlite3_bind_double(held_.get(), at, number);
  return *this;
}

statement& statement::bind_value(int at, const messages::value& v) {
  std::visit(
      [&](const auto& x) {
        if constexpr (std::is_same_v<std::decay_t<decltype(x)>, bool>)
          bind(at, std::int64_t{x});
        else if constexpr (std::is_same_v<std::decay_t<decltype(x)>, std::string>)
          bind(at, std::string_view(x));
        else
          bind(at, x);
      },
      v);
  return *this;
}

statement::step_result statement::step() {
  const int said = sqlite3_step(held_.get());
  if (said == SQLITE_ROW) return step_result::row;
  sqlite3_reset(held_.get());
  return said == SQLITE_DONE ? step_result::done : step_result::failed;
}

std::string_view statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(held_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(held_.get(), column))};
}

result<connection> connection::open(const std::string& path, mode how) {
  const int flags =
      SQLITE_OPEN_NOMUTEX |
      (how == mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* db = nullptr;
  const int said = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
  connection made;
  made.db_.reset(db);
  if (said != SQLITE_OK) return made.error("opening " + path);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, busy_timeout_ms);
  return made;
}

status connection::run(const std::string& sql) {
  if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return error(sql);
  return done{};
}

result<statement> connection::prepare(std::string_view sql) {
  sqlite3_stmt* s = nullptr;
  if (sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &s, nullptr) != SQLITE_OK)
    return error(sql);
  return statement(s);
}

status connection::finish(statement& s) {
  if (s.step() == statement::step_result::failed) return error("writing");
  return done{};
}

failure connection::error(std::string_view doing) const {
  const int code = sqlite3_errcode(db_.get()) & 0xff;
  const auto what = code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? failure::kind::corrupt
                    : code == SQLITE_ERROR                          ? failure::kind::refused
                                                                    : failure::kind::broken;
  return {what,
          "views: " + std::string(sqlite3_errmsg(db_.get())) + " (" + std::string(doing) + ")"};
}

} // namespace reenact::persistence::sqlite
