#include "persistence/views/view_file.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "persistence/views/catalogue.hpp"
#include "persistence/views/view_table.hpp"

namespace reenact::persistence {

namespace {

/// Pages (4 KiB) that gather in the write-ahead file before they are carried over. At 16,000 a row
/// costs two thirds of what it does at SQLite's 1,000: a page is changed many times before it
/// moves.
constexpr int wal_pages_max = 16'000;
constexpr int cache_kib = 65'536;

status discard(const std::string& path) {
  for (const auto* end : {"", "-wal", "-shm"}) {
    std::error_code why;
    std::filesystem::remove(path + end, why);
    if (why) return failure{failure::kind::broken, path + end + ": " + why.message()};
  }
  return done{};
}

result<sqlite::connection> connect(const std::string& path) {
  auto db = sqlite::connection::open(path, sqlite::connection::mode::read_write);
  if (!db) return db;
  auto ok = db->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -" +
                    std::to_string(cache_kib) +
                    "; PRAGMA wal_autocheckpoint = " + std::to_string(wal_pages_max));
  if (!ok) return ok.error();
  return db;
}

/// An existing file that may be gone on with, or why not.
result<sqlite::connection> connect_trusted(const std::string& path, const view_origin& of) {
  auto db = connect(path);
  if (!db) return db;
  auto known = read_catalogue(*db);
  if (!known) return known.error();
  if (auto why = known->distrust(of); !why.empty()) return failure{failure::kind::refused, why};
  return db;
}

} // namespace

struct view_file::contents {
  struct sides {
    std::optional<view_table> serving, aside;
    std::optional<view_table>& operator[](view_side s) {
      return s == view_side::serving ? serving : aside;
    }
  };

  sqlite::connection db;
  view_origin origin;
  std::vector<view_schema> schemas;
  std::string discarded;
  std::vector<sides> views{};
  sqlite::statement begin{}, commit{};
  bool in_transaction = false;

  status prepare();
  status attach(const std::vector<catalogue::table>& known);
  status attach(std::size_t view, const std::vector<catalogue::table>& known);
  status drop(const catalogue::table& t);
  /// Drops what `gone` says of the tables there are.
  status drop_if(const std::function<bool(const catalogue::table&)>& gone);
  status join_transaction();
  status end_transaction(status so_far);
};

status view_file::contents::prepare() {
  for (auto [to, sql] : {std::pair(&begin, "BEGIN"), std::pair(&commit, "COMMIT")}) {
    auto made = db.prepare(sql);
    if (!made) return made.error();
    *to = std::move(*made);
  }
  auto known = read_catalogue(db);
  if (!known) return known.error();
  // Synchronized before anything is written without: after a power cut this file must not look
  // cleanly closed.
  if (auto ok = mark(db, origin.boot_id, false); !ok) return ok;
  if (auto ok = db.run("PRAGMA synchronous = OFF"); !ok) return ok;
  return attach(known->tables);
}

status view_file::contents::attach(const std::vector<catalogue::table>& known) {
  auto ok = join_transaction();
  views.resize(schemas.size());
  for (std::size_t v = 0; ok && v < schemas.size(); ++v) ok = attach(v, known);
  if (ok)
    ok = drop_if([&](const catalogue::table& t) {
      return std::none_of(schemas.begin(), schemas.end(),
                          [&](const view_schema& s) { return s.name == t.view; });
    });
  return end_transaction(std::move(ok));
}

/// A view of this version goes on where it was. One of another version is kept until the new one
/// has caught up: nothing can bring it up to date, but who goes back to the program before finds
/// it.
status view_file::contents::attach(std::size_t view, const std::vector<catalogue::table>& known) {
  const auto& schema = schemas[view];
  for (const bool serving : {true, false})
    for (const auto& t : known) {
      if (t.view != schema.name || t.version != schema.version || t.serving != serving) continue;
      if (views[view].serving || views[view].aside) continue;
      auto table = view_table::attach(db, schema, t.slot, t.positions);
      if (!table) return table.error();
      (serving ? views[view].serving : views[view].aside) = std::move(*table);
    }
  if (auto ok = drop_if([&](const catalogue::table& t) { // a rebuild that did not come to its end
        return t.view == schema.name && !t.serving &&
               (t.version != schema.version || views[view].serving);
      });
      !ok)
    return ok;
  if (views[view].serving || views[view].aside) return done{};
  auto made = view_table::create(db, schema, 0, origin.log_ends.size());
  if (!made) return made.error();
  views[view].aside = std::move(*made);
  return done{};
}

status view_file::contents::drop(const catalogue::table& t) {
  if (t.serving)
    if (auto ok = drop_named(db, "view", serving_name(t.view, t.version)); !ok) return ok;
  if (auto ok = drop_named(db, "table", table_name(t.view, t.version, t.slot)); !ok) return ok;
  return db.run("DELETE FROM tables WHERE view = '" + t.view + "' AND version = '" + t.version +
                "' AND slot = " + std::to_string(t.slot));
}

status view_file::contents::drop_if(const std::function<bool(const catalogue::table&)>& gone) {
  auto known = read_catalogue(db);
  if (!known) return known.error();
  for (const auto& t : known->tables)
    if (gone(t))
      if (auto ok = drop(t); !ok) return ok;
  return done{};
}

status view_file::contents::join_transaction() {
  if (std::exchange(in_transaction, true)) return done{};
  return db.finish(begin);
}

status view_file::contents::end_transaction(status so_far) {
  in_transaction = false;
  if (so_far) return db.finish(commit);
  (void)db.run("ROLLBACK"); // what went wrong first is what is told
  return so_far;
}

view_file::view_file(std::unique_ptr<contents> c) : held_(std::move(c)) {}
view_file::~view_file() = default;

result<std::unique_ptr<view_file>> view_file::open(const std::string& path, const view_origin& of,
                                                   std::vector<view_schema> views) {
  std::error_code ignored;
  std::string discarded;
  if (std::filesystem::exists(path, ignored)) {
    auto db = connect_trusted(path, of);
    if (!db) discarded = db.error().text;
  }
  auto fresh = !std::filesystem::exists(path, ignored) || !discarded.empty();
  if (fresh)
    if (auto ok = discard(path); !ok) return ok.error();
  auto db = connect(path);
  if (!db) return db.error();
  if (fresh)
    if (auto ok = create_catalogue(*db, of); !ok) return ok.error();
  std::unique_ptr<contents> made(
      new contents{std::move(*db), of, std::move(views), std::move(discarded)});
  if (auto ok = made->prepare(); !ok) return ok.error();
  return std::unique_ptr<view_file>(new view_file(std::move(made)));
}

const std::string& view_file::discarded() const { return held_->discarded; }

const view_schema& view_file::schema(std::size_t view) const { return held_->schemas[view]; }

bool view_file::has(std::size_t view, view_side side) const {
  return held_->views[view][side].has_value();
}

const std::vector<sequence_t>& view_file::positions(std::size_t view, view_side side) const {
  return held_->views[view][side]->positions();
}

result<std::optional<found_row>> view_file::find(std::size_t view, view_side side,
                                                 std::string_view key) {
  if (auto ok = held_->join_transaction(); !ok) return ok.error();
  return held_->views[view][side]->find(held_->db, key);
}

status view_file::find_all(std::size_t view, view_side side, const messages::field* field,
                           std::string_view value,
                           const std::function<void(const found_row&)>& visit) {
  if (auto ok = held_->join_transaction(); !ok) return ok;
  return held_->views[view][side]->find_all(held_->db, field, value, visit);
}

status view_file::write(std::span<const view_batch> batches) {
  if (batches.empty() && !held_->in_transaction) return done{};
  auto ok = held_->join_transaction();
  for (const auto& b : batches) {
    if (!ok) break;
    ok = held_->views[b.view][b.side]->write(held_->db, b);
  }
  return held_->end_transaction(std::move(ok));
}

status view_file::build_aside(std::size_t view) {
  auto& sides = held_->views[view];
  sides.aside.reset();
  auto ok = held_->join_transaction();
  if (ok)
    ok = held_->drop_if([&](const catalogue::table& t) {
      return t.view == schema(view).name && t.version == schema(view).version && !t.serving;
    });
  if (ok) {
    const int slot = sides.serving && sides.serving->slot() == 0 ? 1 : 0;
    auto made = view_table::create(held_->db, schema(view), slot, held_->origin.log_ends.size());
    if (made)
      sides.aside = std::move(*made);
    else
      ok = made.error();
  }
  return held_->end_transaction(std::move(ok));
}

status view_file::serve_aside(std::size_t view) {
  auto& sides = held_->views[view];
  sides.serving.reset();
  auto ok = held_->join_transaction();
  if (ok)
    ok = held_->drop_if(
        [&](const catalogue::table& t) { return t.view == schema(view).name && t.serving; });
  if (ok) ok = sides.aside->serve(held_->db);
  sides.serving = std::exchange(sides.aside, std::nullopt);
  return held_->end_transaction(std::move(ok));
}

status view_file::close() {
  // The pages must be safe before the mark that says so.
  for (const bool clean : {false, true}) {
    if (auto ok = held_->db.run("PRAGMA synchronous = FULL"); !ok) return ok;
    if (auto ok = mark(held_->db, held_->origin.boot_id, clean); !ok) return ok;
    if (auto ok = held_->db.run("PRAGMA wal_checkpoint(TRUNCATE)"); !ok) return ok;
  }
  return done{};
}

std::optional<view_witness> witness_of(const std::string& path, std::string_view boot_id) {
  auto db = sqlite::connection::open(path, sqlite::connection::mode::read);
  if (!db) return {};
  const auto known = read_catalogue(*db);
  if (!known || !known->intact(boot_id)) return {};
  view_witness furthest{known->lineage, {}};
  for (const auto& t : known->tables) {
    furthest.positions.resize(std::max(furthest.positions.size(), t.positions.size()));
    for (std::size_t shard = 0; shard < t.positions.size(); ++shard)
      furthest.positions[shard] = std::max(furthest.positions[shard], t.positions[shard]);
  }
  return furthest;
}

status confirm_log_ends(const std::string& views_path, std::string_view boot_id,
                        const journal& holds) {
  const auto seen = witness_of(views_path, boot_id);
  if (!seen || seen->lineage != holds.about().lineage) return done{};
  const auto ends = holds.log_ends();
  for (std::size_t shard = 0; shard < std::min(ends.size(), seen->positions.size()); ++shard)
    if (seen->positions[shard] > ends[shard])
      return failure{failure::kind::refused,
                     "the journal is short: shard " + std::to_string(shard) + " ends at " +
                         std::to_string(ends[shard]) + ", the views in " + views_path +
                         " have seen " + std::to_string(seen->positions[shard]) +
                         "; restore a backup, or see mallbots journal repair"};
  return done{};
}

} // namespace reenact::persistence
