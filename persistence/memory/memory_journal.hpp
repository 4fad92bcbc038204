#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/members.hpp"
#include "persistence/open.hpp"

namespace reenact::persistence {

/// The journal in memory: for tests, and the model that the other engines are compared with.
/// Forgets everything when it is destroyed. One mutex over all; visitors run outside it.
class memory_journal final : public journal {
public:
  explicit memory_journal(const open_options& how);

  const identity& about() const override { return about_; }
  result<token> claim(shard_id shard, std::uint64_t incarnation) override;
  status release(shard_id shard, const token& writer) override;
  /// Leases end by the journal's clock. What joins must not outlive the journal.
  result<std::unique_ptr<members>> join() const override;
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
  status close() override { return done{}; }

private:
  struct entry {
    const stream* of;
    version_t version;
    sequence_t sequence;
    stamp_t stamp;
    std::string record;
  };

  struct set_timer {
    stamp_t due;
    stream of;
    std::string name;
    std::uint64_t generation;
    auto operator<=>(const set_timer&) const = default;
  };

  /// What one consumer has left in one shard.
  struct trail {
    std::optional<sequence_t> at;
    std::set<sequence_t> parked;
    std::map<sequence_t, dead_letter> dead;
  };

  class leases;
  struct lease {
    member of;
    stamp_t until;
  };

  bool lives(std::uint64_t incarnation) const;
  version_t head_of(const stream& of) const;
  void keep(const append& a, outcome& how);
  status may_store(const token& writer, std::string_view consumer, shard_id shard) const;
  /// Null: it has left nothing.
  const trail* trail_of(std::string_view consumer, shard_id shard) const;
  status show(shard_id shard, const std::vector<const entry*>& found, const visitor& visit) const;

  const open_options how_;
  identity about_;
  mutable std::mutex mutex_;
  std::vector<token> owners_;
  mutable std::map<std::uint64_t, lease> leases_; // by incarnation; some have ended
  std::vector<std::deque<entry>> logs_; // a deque: entries stay where they are while logs grow
  std::map<stream, std::vector<const entry*>> streams_;
  std::vector<std::set<set_timer>> timers_; // by shard
  std::map<stream, snapshot> snapshots_;
  std::map<std::string, std::vector<trail>, std::less<>> consumers_; // by shard
};

} // namespace reenact::persistence
