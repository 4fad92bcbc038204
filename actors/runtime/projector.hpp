#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/model/registry.hpp"
#include "actors/runtime/clock.hpp"
#include "actors/runtime/log_feed.hpp"
#include "actors/runtime/part.hpp"
#include "actors/runtime/projection.hpp"
#include "actors/runtime/read_barrier.hpp"
#include "actors/runtime/timers.hpp"
#include "persistence/journal.hpp"
#include "persistence/views/view_file.hpp"

namespace reenact::runtime {

/// Follows the logs of all shards and keeps the node's views: one thread, woken by the journal
/// writer, that evolves rows in batches and writes them with their positions in one transaction.
/// "Ready" does not wait for it. A view whose module throws, or that meets bytes that are no
/// message, stops visibly and alone; when the file fails, or anything else, all do, and it is
/// opened anew until that works: lists never take commands with them. Tests call step() instead of
/// start(). Sees the node.
class projector {
public:
  struct options {
    std::string path;                      ///< of the file
    std::string boot_id;                   ///< of the machine
    std::size_t batch_events_max = 16'384; ///< read for one transaction
    std::size_t rows_kept_max = 65'536;    ///< of each view, in memory between batches
    /// As long as nobody waits, events gather for so long: a thousand cost half as much each as
    /// ten.
    duration gather = std::chrono::milliseconds(30);
    restart_policy retry{};                              ///< of a file that failed
    duration ask_again = std::chrono::milliseconds(100); ///< when the journal is away
    read_barrier::options barrier{};
    const message_counts* counts = nullptr; ///< of what views receive
    /// Called, on the projector's thread, when the log cannot be read on at a place.
    std::function<void(const std::string& place, const persistence::failure&)> unread{};
  };

  /// All outlive it; the registry's views are installed, the timers stopped before this ends.
  /// A view whose rows cannot be kept (persistence::schema_of) is a programming error: it throws
  /// std::logic_error.
  projector(const model::registry& types, const persistence::journal& from, const clock& time,
            timers& clockwork, options how);
  ~projector();
  projector(const projector&) = delete;
  projector& operator=(const projector&) = delete;

  void start();
  /// Turns away who waits and marks the file as closed cleanly. Idempotent.
  void stop();
  /// Takes what the logs hold now, up to a batch; true: there is more. Not beside start().
  bool step();

  /// Where the journal's writer may leave what it wrote (journal_writer::options::durable); what is
  /// not found there is read from the log.
  log_feed& feed() { return feed_; }
  /// Something became durable. Any thread, cheap: the journal writer calls it after each group.
  void wake();

  /// The read barrier; see read_barrier::wait().
  void when_current(const model::view_type& view, read_barrier::callback then);

  /// Fills a view anew beside what is read, then switches. False: there is no such view.
  bool rebuild(const std::string& view);
  /// Opens the file anew, as if the node began: the logs may have become shorter.
  void begin_anew();
  /// Lets a stopped view try again. False: there is no such view.
  bool restart(const std::string& view);

  std::vector<view_progress> progress() { return barrier_.progress(); }
  const persistence::view_schema& schema(const model::view_type& view) const;
  const std::string& path() const { return how_.path; }
  /// Grows when the file may have been replaced: earlier connections to it must not be used.
  std::uint64_t generation() const { return generation_; }

private:
  struct followed {
    projection rows;
    std::string stopped{};

    void stop(const std::string& why);
  };
  struct order {
    std::size_t view;
    bool rebuild;
  };
  using ends = std::vector<persistence::sequence_t>;

  void hurry();
  std::size_t index_of(std::string_view view) const;
  bool take_order(std::string_view view, bool rebuild);
  persistence::status open(const ends& until);
  persistence::status obey();
  void follow(std::size_t view, persistence::view_side side);
  persistence::status advance(const ends& until);
  void rest(const std::string& why);
  void pause(duration wait);
  void take_feed();
  void read(const ends& until);
  void read_shard(persistence::shard_id shard, persistence::sequence_t after, std::size_t most);
  void take(const std::vector<followed*>& by, const persistence::stored& at);
  persistence::status write();
  persistence::status switch_over(const ends& until);
  void publish();
  void work();

  const model::registry& types_;
  const persistence::journal& journal_;
  const clock& time_;
  timers& clockwork_;
  const options how_;
  const std::vector<persistence::view_schema> schemas_;
  read_barrier barrier_;
  log_feed feed_;
  part part_;
  std::atomic<std::uint64_t> generation_{0};

  // Of the projector's thread alone.
  std::unique_ptr<persistence::view_file> file_; ///< null: it failed, or was not opened yet
  std::vector<std::unique_ptr<followed>> followed_;
  ::model::Record record_; ///< reused, as the next one
  recent_records recent_;

  std::mutex mutex_; ///< guards what follows
  std::condition_variable wake_;
  std::vector<order> orders_;
  bool news_ = true;
  bool idle_ = false;
  bool resting_ = false; ///< it has failed
  bool reopen_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace reenact::runtime
