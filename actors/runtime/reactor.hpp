#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "actors/runtime/alarm_clock.hpp"
#include "actors/runtime/directory.hpp"
#include "actors/runtime/log_feed.hpp"
#include "actors/runtime/part.hpp"
#include "actors/runtime/policy_progress.hpp"
#include "actors/runtime/reaction_queue.hpp"
#include "actors/runtime/surroundings.hpp"
#include "actors/runtime/timers.hpp"

namespace reenact::runtime {

/// Carries out the reactions of all policies to what becomes durable: one thread, woken by the
/// journal writer, that follows the logs of all shards, sends what reactions ask, and hears the
/// answers. Each event ends once (protocols.md E2): answered, whatever the answer; or it waits,
/// because the other side is not there or says "not yet", and is tried again with a growing pause,
/// its entity's later events behind it; or, when it cannot be carried out by anybody, it becomes a
/// dead letter. Command ids are made of the event's, so what is sent again after a crash is
/// recognised. The durable timers of entities are sent from here too. Tests call step() instead of
/// start(). Sees the node.
class reactor {
public:
  struct options {
    duration attempt_time = std::chrono::seconds(10);     ///< then a command's outcome is unknown
    duration first_pause = std::chrono::milliseconds(20); ///< doubles with each attempt
    duration longest_pause = std::chrono::seconds(10);
    unsigned poison_attempts = 3;
    std::size_t flying_max = 1'024; ///< commands on their way at once
    std::size_t batch_events_max = 1'024;
    duration store_each = std::chrono::seconds(1);
    std::size_t store_events = 256;
    duration pass_each = std::chrono::milliseconds(100); ///< what nobody knows
    restart_policy retry{};
  };

  /// All outlive it; it outlives all calls, which come home to it.
  reactor(surroundings& here, directory& to, timers& clockwork, options how);
  ~reactor() { stop(); }
  reactor(const reactor&) = delete;
  reactor& operator=(const reactor&) = delete;

  /// Before the first command that is taken in these shards, under these tokens: what is new here
  /// begins at the logs' ends, which is durable when this returns (protocols.md E1). Where the
  /// journal may be written.
  persistence::status prepare(persistence::journal& with, const std::vector<claimed>& shards) const;
  /// The node has the shards, or has them no more. Any thread. What was sent may still come home.
  void follow(const std::vector<persistence::shard_id>& shards);
  void leave(persistence::shard_id shard);
  void start();
  /// Sends nothing more. What is on its way may still come home.
  void pause();
  /// Stores how far it is. Before the writer stops. Idempotent.
  void stop();
  /// Reads, sends, hears, stores what it can; true: there is more to do at once. Not beside
  /// start().
  bool step();

  /// The journal's writer has made a group durable. Any thread. What no policy knows is passed in
  /// time: it wakes nobody at once.
  void add(std::span<const persistence::append* const> group,
           std::span<const persistence::outcome> outcomes);
  /// Something came home, or is due. Any thread, cheap.
  void wake();

  std::vector<policy_progress> progress() const;

private:
  /// A policy in a shard.
  struct follower {
    const model::policy_type* policy;
    std::size_t index; ///< of the policy
    persistence::shard_id shard;
    persistence::token under; ///< that it began with
    reaction_queue queue;
    std::size_t flying = 0;
    bool left = false; ///< what comes home means nothing any more
  };
  struct order {
    persistence::shard_id shard;
    bool follows;
  };
  struct arrival {
    std::uint64_t generation;
    follower* at;
    persistence::sequence_t event;
    answer got;
  };

  void work();
  void rest(const std::string& why);
  persistence::status open();
  persistence::status open(const std::vector<persistence::shard_id>& shards);
  persistence::status open(follower& f);
  persistence::status obey();
  void leave_now(persistence::shard_id shard);
  void hear();
  void settle(follower& f, pending_reaction& p, arrival& a);
  void read();
  void take_feed();
  void take(const std::vector<follower*>& by, const persistence::stored& at, bool parked = false);
  bool resting();
  bool concerns(std::string_view record) const;
  void launch();
  void ring();
  void carry_on(follower& f, pending_reaction& p);
  void send(follower& f, pending_reaction& p, const model::errand& what);
  void wait(follower& f, pending_reaction& p, const std::string& why);
  void poisoned(follower& f, pending_reaction& p, const std::string& why);
  void count_sent(const follower& f, pending_reaction& p);
  void count_answered(const follower& f, pending_reaction& p, bool refused);
  void count_ended(const follower& f, const pending_reaction& p, bool handled);
  const message_counts::exchange* exchanged(const follower& f, const pending_reaction& p) const;
  void has_news() {
    ++ended_;
    moved_ = changed_ = true;
  }
  void store_in_time();
  void store();
  void store(follower& f);
  void publish();

  surroundings& here_;
  directory& to_;
  timers& clockwork_;
  const options how_;
  std::set<std::string, std::less<>> wanted_; ///< types of events that some policy knows
  log_feed feed_;
  alarm_clock alarms_;
  part part_;

  // -- the thread's own -----------------------------------------------------------
  std::vector<std::unique_ptr<follower>> followers_; ///< some have left, but not all they sent
  std::vector<std::vector<follower*>> in_shard_;
  std::multimap<instant, std::pair<follower*, persistence::sequence_t>> waiting_;
  std::size_t flying_ = 0;
  std::uint64_t generation_ = 0; ///< of followers_: arrivals of an earlier one mean nothing
  bool opened_ = false;
  std::vector<follower*> touched_; ///< may have what can be started
  bool changed_ = true;            ///< since publish()
  bool moved_ = false;             ///< since store(), as the two that follow
  bool armed_ = false;             ///< a timer will wake us for it
  std::size_t ended_ = 0;          ///< or began to wait
  instant store_at_{};
  std::int64_t ring_at_ = 0; ///< wall time of the timer that will wake us
  recent_records recent_;
  ::model::Record record_;
  std::vector<policy_progress> counts_; ///< by policy

  std::atomic<bool> nudged_{false}; ///< a timer will wake us for what no policy knows

  mutable std::mutex mutex_; ///< guards what follows
  std::condition_variable wake_;
  std::vector<arrival> arrived_;
  std::vector<order> orders_;
  std::vector<policy_progress> published_;
  bool news_ = false, idle_ = false, stopping_ = false, paused_ = false, resting_ = false;
  std::thread thread_;
};

} // namespace reenact::runtime
