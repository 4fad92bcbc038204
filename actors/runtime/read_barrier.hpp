#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/timers.hpp"
#include "persistence/journal.hpp"

namespace reenact::runtime {

/// How far a view is, for operators and for those who are turned away.
struct view_progress {
  std::string name;
  bool serving = false; ///< false: readers see nothing, it is being filled
  std::vector<persistence::sequence_t> positions; ///< of what readers see, else of what is filled
  std::string stopped;                            ///< why it goes no further; empty: it does
  std::uint64_t events_behind = 0;
  double seconds_behind = 0; ///< since when it has been seen behind, without a break
};

/// Where queries wait until the views they read have everything that was durable when they came
/// (protocols.md E5): what was acknowledged is then seen, and a stale answer is never given. The
/// log ends are read once for all who gathered meanwhile. Thread safe; sees the node.
class read_barrier {
public:
  struct options {
    std::size_t waiting_max = 4'096; ///< queries; over it they are turned away at once
    duration patience = std::chrono::seconds(2);
  };
  /// Called once: with an empty text when the view is current, else with why it is not (503).
  using callback = std::function<void(std::string)>;

  /// `gathered` is called for each that begins to wait. The timers are stopped before this ends.
  read_barrier(const persistence::journal& of, const clock& time, timers& clockwork, options how,
               const std::vector<std::string>& views, std::function<void()> gathered);

  /// Calls `then` here when the view is current or stopped, else on the thread that makes it so,
  /// or, when patience has run out, on that of the timers: it must not block.
  void wait(std::size_t view, callback then);
  /// Whether anybody waits for whom read_ends() was not called yet.
  bool anybody_gathered() const;
  /// The durable log ends, of the journal itself. Who has gathered before waits for these. May
  /// take its time; one thread at a time.
  persistence::result<std::vector<persistence::sequence_t>> read_ends();
  /// How far a view is now; lets go who waited for that. Name and lag are filled in here.
  void publish(std::size_t view, view_progress is);
  /// No view goes on until it is published again.
  void stop_all(const std::string& why);

  std::vector<view_progress> progress();

private:
  using ends = std::shared_ptr<const std::vector<persistence::sequence_t>>;
  struct waiter {
    std::size_t view;
    instant deadline;
    ends until; ///< null: it has gathered
    callback then;
    bool asked = false; ///< for the ends, after it had come
  };
  struct view_state {
    view_progress is;
    instant behind_since{}; ///< zero: it is not
  };
  /// Takes out, under the lock, whom `why` has an answer for, and calls them back outside of it.
  template <class Why>
  void let_go(Why why);
  void expire();
  bool arm(duration in);
  void measure(view_state& v, const std::vector<persistence::sequence_t>& ends) const;

  const persistence::journal& journal_;
  const clock& time_;
  timers& clockwork_;
  const options how_;
  const std::function<void()> gathered_;

  mutable std::mutex mutex_; ///< guards what follows
  std::vector<view_state> views_;
  std::vector<waiter> waiting_;
  bool armed_ = false;
};

} // namespace reenact::runtime
