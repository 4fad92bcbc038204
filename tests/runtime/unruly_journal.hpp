#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "persistence/members.hpp"
#include "persistence/open.hpp"

namespace reenact::tests {

/// A memory journal whose commits take time, fail and leave in doubt, and whose reads fail, as the
/// test wants; what it keeps is always whole.
class unruly_journal final : public persistence::journal {
public:
  enum class fate {
    good,     ///< written and answered
    refused,  ///< not written, and said so
    vanished, ///< not written, and nobody knows
    silent    ///< written, and nobody knows
  };

  std::function<void()> meanwhile;  ///< others move while a group is on its way
  std::function<fate()> next_group; ///< unset: good
  std::function<bool(const persistence::append&)> refuses; ///< of a good group, these alone
  std::function<bool()> reading_fails;                     ///< unset: it does not
  persistence::failure read_failure{persistence::failure::kind::broken, "the disk does not answer"};

  explicit unruly_journal(persistence::open_options how)
    : within_(std::move(*persistence::open("memory:", how))) {}
  /// One node's way to a journal that several share.
  explicit unruly_journal(std::shared_ptr<persistence::journal> shared)
    : within_(std::move(shared)) {}

  std::vector<persistence::outcome> commit(
      std::span<const persistence::append* const> group) override {
    if (meanwhile) meanwhile();
    const auto what = next_group ? next_group() : fate::good;
    std::vector<persistence::outcome> outcomes(group.size());
    if (what == fate::good && refuses) return commit_but_refused(group);
    if (what == fate::good || what == fate::silent) outcomes = within_->commit(group);
    if (what != fate::good)
      for (std::size_t i = 0; i < group.size(); ++i) lose(*group[i], what, outcomes[i]);
    if (meanwhile) meanwhile();
    return outcomes;
  }

  persistence::status read_stream(const persistence::stream& of, persistence::version_t from,
                                  const persistence::visitor& visit) const override {
    if (reading_fails && reading_fails()) return read_failure;
    return within_->read_stream(of, from, visit);
  }

  const persistence::identity& about() const override { return within_->about(); }
  persistence::result<persistence::token> claim(persistence::shard_id shard,
                                                std::uint64_t incarnation) override {
    return within_->claim(shard, incarnation);
  }
  persistence::status release(persistence::shard_id shard,
                              const persistence::token& writer) override {
    return within_->release(shard, writer);
  }
  persistence::result<persistence::version_t> head(const persistence::stream& of) const override {
    return within_->head(of);
  }
  persistence::status read_log(persistence::shard_id shard, persistence::sequence_t from,
                               std::size_t most, const persistence::visitor& visit) const override {
    if (reading_fails && reading_fails()) return read_failure;
    return within_->read_log(shard, from, most, visit);
  }
  persistence::status read_timers(persistence::shard_id shard, persistence::stamp_t until,
                                  std::size_t most,
                                  const persistence::timer_visitor& visit) const override {
    if (reading_fails && reading_fails()) return read_failure;
    return within_->read_timers(shard, until, most, visit);
  }
  std::vector<persistence::sequence_t> log_ends() const override { return within_->log_ends(); }
  persistence::status store_snapshot(const persistence::token& writer,
                                     const persistence::stream& of,
                                     const persistence::snapshot& what) override {
    return within_->store_snapshot(writer, of, what);
  }
  persistence::result<persistence::snapshot> load_snapshot(
      const persistence::stream& of) const override {
    return within_->load_snapshot(of);
  }
  persistence::status store_progress(const persistence::token& writer, std::string_view consumer,
                                     persistence::shard_id shard,
                                     const persistence::progress& what) override {
    return within_->store_progress(writer, consumer, shard, what);
  }
  persistence::status drop_dead_letter(const persistence::token& writer, std::string_view consumer,
                                       persistence::shard_id shard,
                                       persistence::sequence_t at) override {
    return within_->drop_dead_letter(writer, consumer, shard, at);
  }
  persistence::result<std::vector<persistence::sequence_t>> parked(
      std::string_view consumer, persistence::shard_id shard) const override {
    return within_->parked(consumer, shard);
  }
  persistence::status read_dead_letters(
      std::string_view consumer, persistence::shard_id shard,
      const persistence::dead_letter_visitor& visit) const override {
    return within_->read_dead_letters(consumer, shard, visit);
  }
  persistence::result<std::vector<std::string>> consumers() const override {
    return within_->consumers();
  }
  persistence::result<persistence::positions_by_shard> positions(
      std::string_view consumer) const override {
    return within_->positions(consumer);
  }
  persistence::result<std::unique_ptr<persistence::members>> join() const override {
    return within_->join();
  }
  persistence::status close() override { return within_->close(); }

private:
  std::vector<persistence::outcome> commit_but_refused(
      std::span<const persistence::append* const> group) {
    std::vector<persistence::outcome> outcomes(group.size());
    for (std::size_t i = 0; i < group.size(); ++i)
      if (refuses(*group[i]))
        lose(*group[i], fate::refused, outcomes[i]);
      else
        outcomes[i] = within_->commit(group.subspan(i, 1)).front();
    return outcomes;
  }

  static void lose(const persistence::append& a, fate what, persistence::outcome& how) {
    using kind = persistence::outcome::kind;
    const bool judged = what == fate::silent && how.what != kind::appended;
    if (!judged) how = {what == fate::refused ? kind::failed : kind::unknown};
    if (a.head != nullptr) a.head->closed = true;
  }

  const std::shared_ptr<persistence::journal> within_;
};

} // namespace reenact::tests
