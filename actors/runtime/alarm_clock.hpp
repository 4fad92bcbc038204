#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "actors/runtime/directory.hpp"
#include "actors/runtime/surroundings.hpp"

namespace reenact::runtime {

/// Sends entities the commands of their durable timers (protocols.md B8), never early, and until
/// they are answered. The journal has them all; here are those of the next minute, read each half
/// minute, and those that the writer has just set. What was answered is cleared by the entity's own
/// append, so a crash sends at most what is recognised as a repeat. Stepped by one thread; add()
/// and what comes home may be called on any. Sees the node.
class alarm_clock {
public:
  static constexpr std::int64_t horizon_us = 60'000'000;
  static constexpr std::int64_t read_each_us = 30'000'000;
  static constexpr std::int64_t pause_us = 1'000'000; ///< before what found nobody is sent again
  static constexpr std::size_t read_max = 10'000;     ///< of one shard at once
  static constexpr duration attempt_time = std::chrono::seconds(10);

  /// `wake` is called when there is something to do for step().
  alarm_clock(surroundings& here, directory& to, std::function<void()> wake)
    : here_(here),
      to_(to),
      wake_(std::move(wake)) {}

  /// What a group of the writer has set.
  void add(std::span<const persistence::append* const> group,
           std::span<const persistence::outcome> outcomes);
  /// The node has got shards: reads their timers at the next step.
  void look_again() { read_again_ = 0; }
  /// Sends what is due; when it wants to be called again at the latest, in microseconds since 1970.
  std::int64_t step();

private:
  using place = std::tuple<std::string, std::string, std::string, std::uint64_t>;

  void take(std::int64_t due, place what);
  void read(std::int64_t now);
  bool ours(const place& what) const;
  void send(const place& what);
  void hear(const place& what, const answer& how);

  surroundings& here_;
  directory& to_;
  const std::function<void()> wake_;
  std::int64_t read_again_ = 0;
  std::multimap<std::int64_t, place> due_;
  std::set<place> known_; ///< in due_, or on their way

  std::mutex mutex_; ///< guards what follows
  std::vector<std::pair<std::int64_t, place>> set_;
  std::vector<std::pair<place, bool>> home_; ///< and whether it was answered
};

} // namespace reenact::runtime
