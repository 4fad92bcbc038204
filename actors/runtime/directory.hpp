#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <caf/actor.hpp>

#include "actors/runtime/call.hpp"
#include "actors/runtime/recovery.hpp"
#include "actors/runtime/surroundings.hpp"

namespace reenact::runtime {

/// One entity's name within a node.
struct entity_key {
  const model::aggregate_type* type = nullptr;
  std::string entity;
  bool operator==(const entity_key&) const = default;
};

/// Which entities live here, and every call that is not answered yet (protocols.md C3). 256 parts,
/// each behind its own mutex; a call is recorded in its part before it is enqueued, so nothing is
/// lost between the directory and a dying entity, and table and bounds cost no hop. A hot entity's
/// call goes straight to its actor; a cold one is recovered by a reader thread first. Thread safe;
/// sees the node.
///
/// An entity's life:  (none) -> loading -> live -> ending -> ended -> (none) or loading
class directory {
public:
  explicit directory(surroundings& here) : here_(here) {}
  ~directory() { answer_all(); }
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;

  /// The actor that settles what ended entities leave behind. A new one (the old one failed) hears
  /// again of all ends that nobody has settled.
  void report_to(const caf::actor& region);

  /// Takes a call. It ends in exactly one finished(), perhaps before this returns.
  void submit(call_ptr c);

  // -- for entities, the writer and facts ---------------------------------------
  /// The call has its answer: it leaves.
  void finish(call& c);
  /// The call has its facts and goes to its entity again, unless it was answered meanwhile.
  void resume(call& c);
  /// The call cannot have its facts: it leaves with `why`, unless it was answered meanwhile.
  void give_up(call& c, answer why);
  /// The call's append, or one before it, did not become durable: its entity must go. False: the
  /// call stays, for whoever has the shard next will find out what became of it.
  bool lost(call& c, const persistence::outcome& how);
  /// Whether the entity's actor may end: nobody waits for it. From then on calls are a successor's.
  bool let_go(const entity_key& key);
  /// The entity's actor has ended.
  void ended(const entity_key& key);

  // -- for the region -----------------------------------------------------------
  /// Asks entities that have been idle for long to go, and more when there are too many.
  void sweep();
  /// The latter alone: those without records, then the idlest; a sixteenth of the bound more than
  /// must, as each look costs a walk.
  void make_room();
  /// Whether the writer still has appends of the ended entity, or answers behind them.
  bool unsettled(const entity_key& key);
  /// Starts a successor if calls are waiting, else forgets the entity.
  void settle(const entity_key& key);
  /// Ends every entity; each reports. Their calls wait for successors.
  void end_all();
  /// The shard is not this node's any more: ends its entities, whose calls go elsewhere.
  void leave(persistence::shard_id shard);

  // -- for the node -------------------------------------------------------------
  /// Ends every entity, and takes no more calls.
  void close();
  /// When the last actor has ended: whoever still waits gets 503.
  void answer_all();
  static void turn_away(call_ptr c, std::string why);
  /// Of a call that is recorded nowhere: it goes home with what it has, or with this.
  static void answer_now(call_ptr c);
  static void answer_now(call_ptr c, answer::kind how, std::string why = {});

  std::size_t unanswered() const { return unanswered_.load(); }
  std::size_t resident() const { return resident_.load(); }

private:
  friend class call;

  enum class life : std::uint8_t { loading, live, ending, ended };
  enum class whom : std::uint8_t { anyone, strangers }; // a stranger has no records

  struct entry {
    caf::actor handle;
    std::shared_ptr<persistence::head_slot> head;
    call* first = nullptr; // unanswered calls, in order of arrival; each is held by one reference
    call* last = nullptr;
    std::uint32_t unanswered = 0;
    std::uint32_t used = 0; // the sweep in which it last had a call
    persistence::shard_id shard = 0;
    life now = life::loading;
    persistence::token token; // of its actor's life
  };

  struct view {
    const model::aggregate_type* type;
    std::string_view entity;
  };
  struct key_hash {
    using is_transparent = void;
    std::size_t operator()(const view& k) const;
    std::size_t operator()(const entity_key& k) const { return (*this)(view{k.type, k.entity}); }
  };
  struct key_equal {
    using is_transparent = void;
    static view see(const entity_key& k) { return {k.type, k.entity}; }
    static view see(const view& k) { return k; }
    bool operator()(const auto& a, const auto& b) const {
      return see(a).type == see(b).type && see(a).entity == see(b).entity;
    }
  };

  struct part {
    std::mutex mutex;
    std::unordered_map<entity_key, entry, key_hash, key_equal> entities;
  };

  using waiting = std::vector<call_ptr>;

  std::size_t index_of(const view& key) const { return key_hash()(key) % parts_.size(); }
  const char* refuse(const entry* at) const;
  void record(std::size_t part, entry& at, const call_ptr& c);
  void unlink(entry& at, call& c);
  static bool at_writer(const entry& at);
  waiting take_all(entry& at);
  bool away(persistence::shard_id shard) const;
  waiting send_away(entry& at);
  void route(waiting all);
  bool goes_on(call& c, const persistence::outcome& how, bool in_doubt);
  static void ask_to_leave(entry& at);
  bool begin(entry& at, const entity_key& key, const persistence::token& under, recovered& loaded);
  void spawn(entry& at, const entity_key& key, const persistence::token& under, recovered life);
  void load(const entity_key& key);
  void start(const entity_key& key, const persistence::token& under,
             persistence::result<recovered> loaded);
  void dismiss(const entity_key& key, const std::string& why);
  void not_loaded(const entity_key& key, const persistence::failure& why);
  std::size_t ask_to_go(whom whose, std::uint32_t idle_sweeps, std::size_t most);
  caf::actor region() const;

  surroundings& here_;
  mutable std::mutex region_mutex_;
  caf::actor region_;
  std::array<part, 256> parts_;
  std::atomic<std::size_t> unanswered_{0};
  std::atomic<std::size_t> resident_{0};
  std::atomic<std::uint32_t> sweep_{1};
  std::atomic<bool> closed_{false};
};

} // namespace reenact::runtime
