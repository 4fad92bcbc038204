#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "persistence/journal_writer.hpp"
#include "persistence/rocksdb/rocksdb_journal.hpp"
#include "tests/persistence/lying_disk.hpp"
#include "tests/persistence/temporary_directory.hpp"

/// Eight writers over eight shards on a lying disk, for at least `appends` answers, with notes,
/// timers, snapshots, positions and witnesses; the memtable is small, so that the log is switched
/// beside the commits, and there are two flushes and a compaction. It knows what was promised to
/// whom at which step of the disk, and can say whether a copy of the disk keeps it. One seed, one
/// run of calls (RocksDB's own threads add steps of theirs).
class recorded_run {
public:
  static constexpr std::uint32_t shards = 8;

  explicit recorded_run(std::uint64_t seed, std::size_t appends = 1'000);

  const std::vector<disk_op>& trace() const { return trace_; }
  std::size_t answers() const { return answered_; }         ///< appends
  std::size_t promises() const { return promises_.size(); } ///< records
  std::size_t timers_set() const { return timers_set_; }    ///< those cleared again too

  struct verdict {
    enum class kind {
      kept,    ///< every promise given by that step
      refused, ///< the journal itself said that something is wrong
      lied     ///< it opened and answered, and was wrong
    };
    kind what;
    std::string text;
  };

  /// Opens the journal at `path`, reads all of it, and holds it against what was promised in the
  /// first `steps` of the disk.
  verdict hold_against(std::size_t steps, const std::string& path) const;

  static reenact::persistence::rocksdb_settings settings_on(rocksdb::Env& env);

private:
  using stream_version = std::pair<std::string, reenact::persistence::version_t>;
  using log_place = std::pair<reenact::persistence::shard_id, reenact::persistence::sequence_t>;
  using entity_timer = std::pair<std::string, reenact::persistence::timer>;
  struct timer_changes {
    std::vector<reenact::persistence::timer> set, cleared;
  };
  struct promise {
    std::size_t steps; ///< of the disk, when it was given
    log_place place;
    stream_version of;
  };
  struct caller final : reenact::persistence::pending {
    recorded_run* run = nullptr;
    bool busy = false;
    std::map<std::string, std::unique_ptr<reenact::persistence::head_slot>> heads;
    std::map<std::string, std::vector<reenact::persistence::timer>> timers; ///< that are set
    void done(const reenact::persistence::outcome& how) noexcept override;
  };
  struct contents; // of a journal that was read whole

  void step();
  void send(caller& from, int number);
  void add_timers(caller& from);
  void store_beside();
  void every_hundred();
  void answer(const reenact::persistence::append& a, const reenact::persistence::outcome& how);

  verdict read_all(const reenact::persistence::journal& j, contents& into) const;
  verdict compare(const reenact::persistence::journal& j, const contents& found,
                  std::size_t steps) const;
  verdict compare_timers(const reenact::persistence::journal& j, const contents& found) const;
  verdict serve_on(reenact::persistence::journal& j, std::size_t steps) const;

  temporary_directory directory_;
  std::shared_ptr<lying_disk> disk_ = std::make_shared<lying_disk>(directory_.path());
  std::unique_ptr<rocksdb::Env> env_ = disk_->env(disk_);
  std::mt19937_64 random_;
  std::unique_ptr<reenact::persistence::rocksdb_journal> journal_;
  std::unique_ptr<reenact::persistence::journal_writer> writer_;
  std::vector<reenact::persistence::token> owners_;
  std::vector<caller> callers_ = std::vector<caller>(8);
  std::map<stream_version, std::string> sent_;
  std::map<stream_version, timer_changes> timers_sent_; ///< by the append's last version
  std::size_t timers_set_ = 0;
  std::vector<promise> promises_;
  std::size_t answered_ = 0;
  std::size_t hundreds_ = 0;
  std::size_t claimed_ = 0; ///< steps after which all shards were claimed
  std::vector<disk_op> trace_;
};
