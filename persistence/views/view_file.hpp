#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "messages/fields.hpp"
#include "persistence/journal.hpp"
#include "persistence/views/creation.hpp"
#include "persistence/views/schema.hpp"

namespace reenact::persistence {

/// What a file of views must agree with to be trusted (protocols.md E4).
struct view_origin {
  uuid lineage{};
  std::vector<sequence_t> log_ends; ///< of the journal, one a shard
  std::string boot_id;              ///< of the machine, new at each of its starts
};

/// A view has up to two tables: the one that readers see, and one that is filled aside until it
/// has caught up (a new version, a rebuild on demand).
enum class view_side { serving, aside };

struct view_change {
  creation created; ///< names the row
  std::string_view key;
  const messages::any_message* row = nullptr; ///< null: the row is gone
  bool known = false;                         ///< the table has this row, of the same key
};

/// What one table makes of a stretch of the logs. Sees the caller's data, which outlives write().
struct view_batch {
  std::size_t view = 0;
  view_side side = view_side::serving;
  std::span<const view_change> changes;
  std::span<const sequence_t> positions; ///< last sequence applied, one a shard
};

struct found_row {
  creation created;
  std::string_view bytes; ///< the serialized row; valid until the next call
};

/// All views of one node in one SQLite file, as their only writer sees them (readers: view_reader).
/// Disposable: whatever is wrong with it at open, it is emptied and filled again from the journal.
/// One thread at a time. Views are named by their place in the list given to open().
class view_file {
public:
  static result<std::unique_ptr<view_file>> open(const std::string& path, const view_origin& of,
                                                 std::vector<view_schema> views);
  ~view_file();
  view_file(const view_file&) = delete;
  view_file& operator=(const view_file&) = delete;

  /// Why everything was thrown away at open; empty when the file was trusted, or new.
  const std::string& discarded() const;

  const view_schema& schema(std::size_t view) const;
  bool has(std::size_t view, view_side side) const;
  /// Of a table that there is, as all below.
  const std::vector<sequence_t>& positions(std::size_t view, view_side side) const;

  /// The row with this key, if any. Begins the transaction that the next write() ends.
  result<std::optional<found_row>> find(std::size_t view, view_side side, std::string_view key);
  /// Every row whose text column `field` holds `value`.
  status find_all(std::size_t view, view_side side, const messages::field* field,
                  std::string_view value, const std::function<void(const found_row&)>& visit);

  /// Rows and positions of any number of tables in one transaction: all or nothing.
  status write(std::span<const view_batch> batches);

  /// Begins a new, empty table beside the serving one; one that was there is dropped.
  status build_aside(std::size_t view);
  /// From now on readers see what was built aside; the view's other tables are dropped.
  status serve_aside(std::size_t view);

  /// Synchronizes, then marks the file as closed cleanly.
  status close();

private:
  struct contents;
  explicit view_file(std::unique_ptr<contents> c);
  std::unique_ptr<contents> held_;
};

/// How far the views of a file have come, told without opening it for writing: witnesses of what
/// the journal once held (protocols.md B7).
struct view_witness {
  uuid lineage{};
  std::vector<sequence_t> positions; ///< the furthest of all views, one a shard
};

/// None: no file, or one that open() would not trust anyway on a machine booted as `boot_id`.
std::optional<view_witness> witness_of(const std::string& path, std::string_view boot_id);

/// Refused when a file that open() would trust has seen records that this journal of the same
/// lineage does not hold: acknowledged events are gone (protocols.md B7). Asked before open(),
/// which would empty the file.
status confirm_log_ends(const std::string& views_path, std::string_view boot_id,
                        const journal& holds);

} // namespace reenact::persistence
