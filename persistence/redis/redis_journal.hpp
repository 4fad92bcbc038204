#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/open.hpp"
#include "persistence/redis/reading.hpp"
#include "persistence/redis/shard_writer.hpp"
#include "persistence/redis/site.hpp"
#include "persistence/redis/tail.hpp"

namespace reenact::persistence {

/// The shared journal: a Redis that all nodes of a cluster write to, each to the shards that it
/// owns (KEYS.md). A server that is away is waited for, at most redis.patience, and nothing breaks
/// for good but by a journal that is another one. A thread of its own minds the server: it comes
/// back to one that was away, and audits it.
class redis_journal final : public journal {
public:
  /// Fails when the server cannot be reached or cannot be a journal; one that promises less than
  /// redis.floor opens, and takes no commands.
  static result<std::unique_ptr<redis_journal>> open(std::string_view url, const open_options& how);
  ~redis_journal() override;

  const identity& about() const override { return about_; }
  result<token> claim(shard_id shard, std::uint64_t incarnation) override;
  status release(shard_id shard, const token& writer) override;
  std::vector<outcome> commit(std::span<const append* const> group) override;

  result<version_t> head(const stream& of) const override;
  status read_stream(const stream& of, version_t from, const visitor& visit) const override;
  status read_log(shard_id shard, sequence_t from, std::size_t most,
                  const visitor& visit) const override;
  status read_timers(shard_id shard, stamp_t until, std::size_t most,
                     const timer_visitor& visit) const override;
  std::vector<sequence_t> log_ends() const override { return site_.seen(); }
  result<std::vector<sequence_t>> read_ends() const override { return reading_.look(); }
  void watch(watcher by) override;
  /// May outlive the journal: it shares nothing with it but the server.
  result<std::unique_ptr<members>> join() const override;

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

  status health() const override { return site_.health(); }
  status open_to_commands() const override { return site_.open_to_commands(); }
  status close() override;

  /// What the server said of itself at the last audit.
  redis::audit last_audit() const { return site_.last_audit(); }
  /// Audits now, on the minding thread; what it finds is known a moment later.
  void ask_audit() { site_.ask_audit(); }

private:
  redis_journal(redis::address where, const open_options& how, identity who,
                const redis::audit& first);
  status may(shard_id shard) const;
  status may(std::string_view consumer, shard_id shard) const;
  void mind();
  void tell(const redis::site::errand& what);

  const identity about_;
  mutable redis::site site_;
  mutable redis::reading reading_;
  redis::shard_writer writer_;
  std::mutex watching_; ///< held while somebody is told
  watcher watcher_;
  std::unique_ptr<redis::tail> tail_;
  std::thread minder_;
};

} // namespace reenact::persistence
