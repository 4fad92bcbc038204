#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include "persistence/journal.hpp"
#include "persistence/members.hpp"
#include "persistence/open.hpp"
#include "persistence/rocksdb/database.hpp"
#include "persistence/rocksdb/directory_lock.hpp"
#include "persistence/rocksdb/event_reader.hpp"
#include "persistence/rocksdb/progress_reader.hpp"
#include "persistence/rocksdb/witness.hpp"

namespace reenact::persistence {

/// The embedded journal: one directory, one process, a group one synced batch (KEYS.md). After the
/// first write or sync that fails it is broken: it answers nothing more, and what is on the disk is
/// found out by starting again. A thread of its own witnesses the log ends, off the commit path.
class rocksdb_journal final : public journal {
public:
  static result<std::unique_ptr<rocksdb_journal>> open(const std::string& directory,
                                                       const open_options& how,
                                                       const rocksdb_settings& with = {});
  ~rocksdb_journal() override;

  const identity& about() const override { return about_; }
  result<token> claim(shard_id shard, std::uint64_t incarnation) override;
  status release(shard_id shard, const token& writer) override;
  result<std::unique_ptr<members>> join() const override { return std::unique_ptr<members>(); }
  std::vector<outcome> commit(std::span<const append* const> group) override;

  result<version_t> head(const stream& of) const override;
  status read_stream(const stream& of, version_t from, const visitor& visit) const override;
  status read_log(shard_id shard, sequence_t from, std::size_t most,
                  const visitor& visit) const override;
  status read_timers(shard_id shard, stamp_t until, std::size_t most,
                     const timer_visitor& visit) const override;
  std::vector<sequence_t> log_ends() const override;

  status store_snapshot(const token& writer, const stream& of, const snapshot& what) override;
  result<snapshot> load_snapshot(const stream& of) const override;
  status store_progress(const token& writer, std::string_view consumer, shard_id shard,
                        const progress& what) override;
  status drop_dead_letter(const token& writer, std::string_view consumer, shard_id shard,
                          sequence_t at) override;
  result<positions_by_shard> positions(std::string_view consumer) const override;
  result<std::vector<sequence_t>> parked(std::string_view consumer, shard_id shard) const override;
  status read_dead_letters(std::string_view consumer, shard_id shard,
                           const dead_letter_visitor& visit) const override;
  result<std::vector<std::string>> consumers() const override;

  status health() const override;
  status close() override;

  /// Writes the log ends down, if they have grown.
  status witness_now();
  /// For benches and crash tests: to flush and to compact.
  rocksdb::DB& database() { return *db_; }

private:
  rocksdb_journal(directory_lock lock, std::unique_ptr<rocksdb::DB> db, std::string directory,
                  const identity& who, const open_options& how, const rocksdb_settings& with);

  /// Reads what is kept in memory, and compares the log ends with the witness.
  status load();
  void add(const append& a, outcome& how, stamp_t now);
  /// Seals value_ under the key and lays both into the batch.
  void lay(const std::string& key);
  void lay_letter(std::string_view consumer, shard_id shard, const dead_letter& letter);
  status may_store(const token& writer, std::string_view consumer, shard_id shard) const;
  status write_batch(const rocksdb::WriteOptions& how, const std::string& doing);
  status store_owner(shard_id shard, const token& owner, const std::string& doing);
  status put(const rocksdb::WriteOptions& how, const std::string& key, std::string& value,
             const std::string& doing);
  failure break_down(const failure& why);
  void witness_by_period();

  const directory_lock lock_;
  std::unique_ptr<rocksdb::DB> db_;
  const std::string directory_;
  const identity about_;
  const open_options how_;
  const rocksdb_settings with_;
  const event_reader events_;
  const progress_reader consumers_;

  // The committing thread's own.
  std::vector<token> owners_;
  std::vector<event_reader::log_end> logs_;
  rocksdb::WriteBatch batch_;
  std::string value_; // kept for its capacity

  std::vector<std::atomic<sequence_t>> durable_; // the log ends that anybody may know of
  std::atomic<bool> broken_ = false;
  mutable std::mutex mutex_; // guards what follows
  failure why_broken_;
  std::vector<sequence_t> witnessed_; // empty: never
  bool closing_ = false;
  std::condition_variable wake_;
  std::thread witness_;
};

} // namespace reenact::persistence
