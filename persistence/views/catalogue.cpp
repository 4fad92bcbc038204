#include "persistence/views/catalogue.hpp"

#include <algorithm>
#include <utility>

#include "persistence/views/positions.hpp"

namespace reenact::persistence {

namespace {

/// Of the file's layout; another one is another program's file.
constexpr int format = 3;

using step = sqlite::statement::step_result;

std::string_view bytes_of(const uuid& id) {
  return {reinterpret_cast<const char*>(id.data()), id.size()};
}

status check_format(sqlite::connection& from) {
  auto s = from.prepare("PRAGMA user_version");
  if (!s) return s.error();
  if (s->step() != step::row) return from.error("reading the format");
  if (s->integer(0) != format) return failure{failure::kind::refused, "views: another format"};
  return done{};
}

status read_origin(sqlite::connection& from, catalogue& to) {
  auto s = from.prepare("SELECT lineage, boot_id, closed_cleanly FROM journal");
  if (!s) return s.error();
  if (s->step() != step::row || s->bytes(0).size() != to.lineage.size())
    return from.error("reading the lineage");
  std::copy_n(s->bytes(0).begin(), to.lineage.size(), to.lineage.begin());
  to.boot_id = s->bytes(1);
  to.closed_cleanly = s->integer(2) != 0;
  return done{};
}

status read_tables(sqlite::connection& from, catalogue& to) {
  auto s = from.prepare("SELECT view, version, slot, serving, positions FROM tables");
  if (!s) return s.error();
  auto said = s->step();
  for (; said == step::row; said = s->step())
    to.tables.push_back({std::string(s->bytes(0)), std::string(s->bytes(1)),
                         static_cast<int>(s->integer(2)), s->integer(3) != 0,
                         decode_positions(s->bytes(4))});
  if (said == step::failed) return from.error("reading positions");
  return done{};
}

} // namespace

std::string catalogue::distrust(const view_origin& of) const {
  if (lineage != of.lineage) return "they were filled from a journal of another lineage";
  if (!intact(of.boot_id)) return "the machine went down before they were closed";
  for (const auto& t : tables) {
    if (t.positions.size() != of.log_ends.size()) return "they were filled from other shards";
    for (std::size_t shard = 0; shard < t.positions.size(); ++shard)
      if (t.positions[shard] > of.log_ends[shard])
        return "view " + t.view + " is beyond the end of shard " + std::to_string(shard);
  }
  return {};
}

result<catalogue> read_catalogue(sqlite::connection& from) {
  catalogue read;
  if (auto ok = check_format(from); !ok) return ok.error();
  if (auto ok = read_origin(from, read); !ok) return ok.error();
  if (auto ok = read_tables(from, read); !ok) return ok.error();
  return read;
}

status create_catalogue(sqlite::connection& in, const view_origin& of) {
  auto ok = in.run(
      "BEGIN; CREATE TABLE journal (lineage BLOB NOT NULL, boot_id TEXT NOT NULL, closed_cleanly "
      "INTEGER NOT NULL); CREATE TABLE tables (view TEXT, version TEXT, slot INTEGER, serving "
      "INTEGER NOT NULL, positions BLOB NOT NULL, PRIMARY KEY (view, version, slot)) WITHOUT "
      "ROWID; PRAGMA user_version = " +
      std::to_string(format));
  if (!ok) return ok;
  auto s = in.prepare("INSERT INTO journal VALUES (?, ?, 0)");
  if (!s) return s.error();
  if (ok = in.finish(s->bind_bytes(1, bytes_of(of.lineage)).bind(2, of.boot_id)); !ok) return ok;
  return in.run("COMMIT");
}

status mark(sqlite::connection& in, std::string_view boot_id, bool closed_cleanly) {
  auto s = in.prepare("UPDATE journal SET boot_id = ?, closed_cleanly = ?");
  if (!s) return s.error();
  return in.finish(s->bind(1, boot_id).bind(2, std::int64_t{closed_cleanly}));
}

} // namespace reenact::persistence
