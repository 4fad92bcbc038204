#include "persistence/views/view_reader.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "persistence/views/query.hpp"
#include "persistence/views/sqlite.hpp"

namespace reenact::persistence {

namespace {

/// Shapes of queries are few; only the number of values of an any_of makes more of them.
constexpr std::size_t statements_max = 256;

/// Fewer rows than that are looked at one by one, and sorted, however they came about.
constexpr std::int64_t few_rows = 1'000;

} // namespace

struct view_reader::connection {
  sqlite::connection db;
  std::unordered_map<std::string, sqlite::statement> prepared{};

  result<sqlite::statement*> statement_for(const std::string& sql) {
    if (auto it = prepared.find(sql); it != prepared.end()) return &it->second;
    auto made = db.prepare(sql);
    if (!made) return made.error();
    if (prepared.size() == statements_max) prepared.clear();
    return &prepared.emplace(sql, std::move(*made)).first->second;
  }

  /// The field whose conditions leave the fewest rows; empty: none leaves few.
  result<std::string> few(const view_schema& from, const messages::filter& which) {
    std::string field;
    auto fewest = few_rows;
    for (const auto& c : counts(from, which)) {
      auto found = statement_for(c.sql);
      if (!found) return found.error();
      auto& s = **found;
      s.bind(1, few_rows);
      int at = view_query::bounds + 1;
      for (const auto& v : c.values) s.bind_value(at++, v);
      if (s.step() != sqlite::statement::step_result::row) return not_read();
      const auto rows = s.integer(0);
      s.reset();
      if (rows >= fewest) continue;
      fewest = rows;
      field = c.field;
    }
    return field;
  }

  /// The SQL is ours: when it does not fit the tables, the view is not served yet.
  failure not_read() const {
    auto why = db.error("reading");
    if (why.what == failure::kind::refused)
      return {failure::kind::unreachable, "the view is being filled"};
    return why;
  }
};

view_reader::view_reader(std::unique_ptr<connection> c) : held_(std::move(c)) {}
view_reader::~view_reader() = default;

result<std::unique_ptr<view_reader>> view_reader::open(const std::string& path) {
  auto db = sqlite::connection::open(path, sqlite::connection::mode::read);
  if (!db) return db.error();
  return std::unique_ptr<view_reader>(
      new view_reader(std::unique_ptr<connection>(new connection{std::move(*db)})));
}

result<view_page> view_reader::read(const view_schema& from, const messages::filter& which) {
  auto query = translate(from, which);
  if (!query) return query.error();
  const auto few = held_->few(from, which);
  if (!few) return held_->not_read();
  if (!few->empty()) query = translate(from, which, *few);
  auto found = held_->statement_for(query->sql);
  if (!found) return held_->not_read();
  auto& s = **found;
  const auto most = which.limit == 0 ? page_rows_max : std::min(which.limit, page_rows_max);
  s.bind_bytes(1, view_of(query->above)).bind_bytes(2, view_of(query->below));
  s.bind(3, static_cast<std::int64_t>((most + 1) * query->selects));
  int at = view_query::bounds + 1;
  for (const auto& v : query->values) s.bind_value(at++, v);

  using step = sqlite::statement::step_result;
  view_page page;
  creation::bytes last{};
  auto said = s.step();
  for (; said == step::row; said = s.step()) {
    if (!page.rows.empty() && s.bytes(0) == view_of(last)) continue;
    if (page.rows.size() == most) break;
    std::copy_n(s.bytes(0).begin(), creation::size, last.begin());
    page.rows.emplace_back(s.bytes(1));
  }
  if (said == step::failed) return held_->not_read();
  if (said == step::row) { // one more than asked for
    page.next = token(from, which, last);
    s.reset();
  }
  return page;
}

} // namespace reenact::persistence
