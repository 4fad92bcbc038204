#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/result.hpp"

/// What is remembered: append-only streams of records, one stream an entity, one log a shard.
/// No CAF here; calls block, values in, values out. persistence/README.md says what callers may
/// rely on.
namespace reenact::persistence {

using uuid = std::array<std::uint8_t, 16>;
using shard_id = std::uint32_t;
using version_t = std::uint64_t;  ///< of a stream; the first record has 1, no records is 0
using sequence_t = std::uint64_t; ///< of a shard's log; gap-free from 1, assigned at commit
using stamp_t =
    std::int64_t; ///< microseconds since 1970, set at commit, never backwards in a shard

/// Names one entity's stream. The id alone decides the shard, so that a basket, its order and its
/// invoice, which share an id, share a shard.
struct stream {
  std::string type;   ///< "stores.Store"; 1 to name_bytes_max
  std::string entity; ///< 1 to name_bytes_max
  auto operator<=>(const stream&) const = default;
};

inline constexpr std::size_t name_bytes_max = 255; ///< of an entity, a type, a consumer, a timer
inline constexpr std::size_t records_max = 1'000;  ///< of one append
inline constexpr std::size_t append_bytes_max = 8U << 20U; ///< its records together
inline constexpr std::size_t snapshot_bytes_max = 8U << 20U;
inline constexpr std::size_t timers_max = 16;     ///< set by one append, and as many cleared
inline constexpr std::size_t parked_max = 10'000; ///< of one progress, with its letters; resumed
inline constexpr std::size_t why_bytes_max = 4U << 10U; ///< of a dead letter; what is longer is cut

/// fmix64(FNV-1a 64 of the entity id) % shards; stored with the journal as "fnv1a64-fmix64".
shard_id shard_of(std::string_view entity, std::uint32_t shards);

/// Who may write to a shard. Compared for equality with what claim() stored; never raised by a
/// write.
struct token {
  std::uint64_t epoch = 0;
  std::uint64_t incarnation = 0; ///< 0: nobody's
  auto operator<=>(const token&) const = default;
};

/// The durable version of one stream, shared by its one writer and the engine, so that checking the
/// expected version needs no look-up, but one: the first append through it compares it with the
/// stream, as a wrong slot would write a hole or over a record. Made from a read of the stream
/// (`version`), or 0 for an id that was drawn at random a moment ago; all appends to a stream go
/// through the same slot while one is on its way. The engine raises `version` when records are
/// durable and closes the slot at the first append that did not succeed: every later append through
/// it fails, so an entity that has ended cannot write behind its successor's back. It outlives its
/// last pending.
struct head_slot {
  std::atomic<version_t> version{0};
  /// Appends (not barriers) not yet answered: raised by the sender before push(), lowered by
  /// journal_writer before done().
  std::atomic<std::uint32_t> in_flight{0};
  std::atomic<bool> closed{false};
  /// The engine's own, once shared. Made true for an id that was drawn: there is nothing to find.
  bool compared = false;
};

/// Something an entity wants to be told at a time. The entity sets it and clears it with its
/// appends and knows which are set: all that is here names it, so that nothing is looked up.
struct timer {
  std::string name; ///< 1 to name_bytes_max
  std::uint64_t generation = 0;
  stamp_t due = 0; ///< not before 1970
  auto operator<=>(const timer&) const = default;
};

/// One command's records and timers: all or nothing, in one durable commit with whatever else is in
/// the group.
struct append {
  shard_id shard = 0;
  token writer;
  std::string type;
  std::string entity;
  version_t expected = 0;           ///< the stream's version before this
  std::vector<std::string> records; ///< serialized model::Record; 1 to records_max
  head_slot* head = nullptr;        ///< null: the engine looks the version up itself
  /// The stream's timers, at most timers_max of each. Clearing what is not set changes nothing; one
  /// that is in both is set.
  std::vector<timer> set;
  std::vector<timer> cleared;
};

struct outcome {
  enum class kind {
    appended, ///< durable
    conflict, ///< `version` is the stream's true version; nothing written
    fenced,   ///< another token owns the shard, `version` is its epoch; nothing written. Of a
              ///< shared journal also: the answer was lost, and the engine has made sure that it
              ///< was not written and never will be, by a token of its own
    unknown,  ///< may or may not be there: the write or its sync failed, or nobody answers
    failed    ///< not written: the engine is broken, the slot is closed, or a bound was passed
  };
  kind what = kind::failed;
  version_t version = 0; ///< of the stream after the append
  sequence_t first = 0;  ///< shard sequence of its first record
  stamp_t stamp = 0;
};

/// A record as it is read back.
struct stored {
  version_t version = 0;
  shard_id shard = 0;
  sequence_t sequence = 0;
  stamp_t stamp = 0;
  std::string_view type; ///< the stream's; valid during the visit, as all views here
  std::string_view entity;
  std::string_view record; ///< serialized model::Record, its checksum verified
};

/// Called for each record; false ends the read.
using visitor = std::function<bool(const stored&)>;

/// A timer that is set, as it is read back.
struct due_timer {
  std::string_view type; ///< the stream's; valid during the visit, as all views here
  std::string_view entity;
  std::string_view name;
  std::uint64_t generation = 0;
  stamp_t due = 0;
};

using timer_visitor = std::function<bool(const due_timer&)>;

/// Who the journal is. Fixed at creation but for the lineage, which a restore or a repair renews.
struct identity {
  uuid lineage{};
  std::uint32_t shards = 64;
  std::string engine;     ///< "memory", "rocksdb", "redis"
  std::string durability; ///< "fsync before reply": shown at /guarantees
  bool shared = false;    ///< others may write to it as well
};

/// A random UUID (version 4).
uuid new_lineage();

/// A cache of an entity's state at a version; anything wrong with it and the stream is replayed.
struct snapshot {
  version_t version = 0;
  std::string bytes; ///< the runtime's own: state, descriptor hash, window; checksummed
};

/// A record that a consumer has given up on, kept until somebody has looked at it.
struct dead_letter {
  sequence_t at = 0;
  std::string why;
  std::uint32_t attempts = 0;
  stamp_t when = 0;
  auto operator<=>(const dead_letter&) const = default;
};

using dead_letter_visitor = std::function<bool(const dead_letter&)>;

/// How far a consumer has come in a shard, in one atomic write.
struct progress {
  sequence_t at = 0; ///< the position; a lower one than is stored leaves it, the rest is written
  std::vector<sequence_t> parked;  ///< up to `at`, though not done with: they are added
  std::vector<sequence_t> resumed; ///< parked ones that ended, by this progress too: removed
  std::vector<dead_letter> dead;   ///< added; one at the same place is replaced
  /// Waits for the disk, as it does when there are dead letters: for what must not be lost.
  bool synced = false;
};

class members;

/// Who wants to know what becomes of a shared journal besides its own writes. Must not block.
struct watcher {
  /// log_ends() has risen by what others wrote.
  std::function<void()> grown;
  /// A log is shorter than it was seen to be (protocols.md B2): acknowledged events are lost, and
  /// whoever remembers anything of the journal must forget it. All tokens of this process are
  /// fenced by the engine until shards are claimed anew. `what` says so to the operator.
  std::function<void(const std::string& what)> shrunk;
};

using positions_by_shard = std::vector<std::optional<sequence_t>>;

/// The journal. Reads are thread safe. Writes (commit, claim, store_*, drop_*) come from one thread
/// at a time, which journal_writer is for; they may run beside reads.
class journal {
public:
  virtual ~journal() = default;

  virtual const identity& about() const = 0;

  /// Takes a shard: stores a token with a higher epoch than any before, durably, and returns it.
  /// From then on the former owner's writes are fenced. Fails as `fenced` while somebody else owns
  /// the shard whose lease lives (members.hpp).
  virtual result<token> claim(shard_id shard, std::uint64_t incarnation) = 0;
  /// Gives a shard up, durably: nobody owns it, and its writer is fenced. The epoch stays.
  virtual status release(shard_id shard, const token& writer) = 0;

  /// Commits a group: one outcome for each append, in order, all durable when this returns. Appends
  /// to the same stream in one group see each other's versions. Atomic for each append, not for the
  /// group. After a failed write or sync the engine is broken: all later calls fail.
  virtual std::vector<outcome> commit(std::span<const append* const> group) = 0;

  virtual result<version_t> head(const stream& of) const = 0;
  /// Records with version >= from, ascending.
  virtual status read_stream(const stream& of, version_t from, const visitor& visit) const = 0;
  /// Records with sequence >= from, ascending, at most `most`.
  virtual status read_log(shard_id shard, sequence_t from, std::size_t most,
                          const visitor& visit) const = 0;
  /// The timers that are durably set and due at `until` or before, the earliest first, at most
  /// `most`; those due at once in any order.
  virtual status read_timers(shard_id shard, stamp_t until, std::size_t most,
                             const timer_visitor& visit) const = 0;
  /// The last durable sequence of each shard, as far as this process has seen: its own writes, what
  /// was there when a shard was claimed, and what others wrote at the last look. No I/O.
  virtual std::vector<sequence_t> log_ends() const = 0;
  /// The last durable sequence of each shard now, whoever wrote it: read barriers wait for these.
  virtual result<std::vector<sequence_t>> read_ends() const { return log_ends(); }
  /// Has it called, on threads of the engine's, what others do to a shared journal. One at a time;
  /// a default one ends it, and nothing of it is running any more when this returns.
  virtual void watch(watcher by) { (void)by; }
  /// The leases of those who share the journal; null: nobody does, this process has it alone.
  virtual result<std::unique_ptr<members>> join() const = 0;

  /// Snapshots are written beside the commits (never waited for) and ignored if anything is odd:
  /// damaged, or newer than the stream. Whether the event it ends with is the same is the reader's
  /// to compare.
  virtual status store_snapshot(const token& writer, const stream& of, const snapshot& what) = 0;
  virtual result<snapshot> load_snapshot(const stream& of) const = 0; ///< version 0: there is none

  /// Refused whole when any of it is not in the log or passes a bound. Unless it is synced it
  /// may be lost with the power, then there is an earlier one, and all that came before is there.
  virtual status store_progress(const token& writer, std::string_view consumer, shard_id shard,
                                const progress& what) = 0;
  /// Durably; a letter that is not there is as well as dropped.
  virtual status drop_dead_letter(const token& writer, std::string_view consumer, shard_id shard,
                                  sequence_t at) = 0;
  /// One for each shard; nothing: never stored, so the consumer is new there.
  virtual result<positions_by_shard> positions(std::string_view consumer) const = 0;
  /// Ascending.
  virtual result<std::vector<sequence_t>> parked(std::string_view consumer,
                                                 shard_id shard) const = 0;
  /// In the order of the log.
  virtual status read_dead_letters(std::string_view consumer, shard_id shard,
                                   const dead_letter_visitor& visit) const = 0;
  /// The names under which a position is stored in any shard, sorted.
  virtual result<std::vector<std::string>> consumers() const = 0;

  /// Why the engine is broken for good, in words for the operator; done while it is not, also
  /// while its server is away.
  virtual status health() const { return done{}; }
  /// Whether new commands may be taken, and why not: the server is away or nearly full, or keeps
  /// its word less well than was asked for. What was begun may still be written. Cheap.
  virtual status open_to_commands() const { return done{}; }

  /// Ends after the last commit: log ends are witnessed, files closed. Called once, by the owner.
  virtual status close() = 0;
};

} // namespace reenact::persistence
