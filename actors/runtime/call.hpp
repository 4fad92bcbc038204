#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/intrusive_ptr.hpp>
#include <caf/ref_counted.hpp>

#include "actors/model/registry.hpp"
#include "actors/runtime/clock.hpp"
#include "actors/runtime/ids.hpp"
#include "actors/runtime/message_counts.hpp"
#include "persistence/journal_writer.hpp"

namespace reenact::runtime {

using model::any_message;

class directory;

/// How a call ended.
struct answer {
  enum class kind {
    pending,
    accepted,            ///< `response` is filled
    rejected,            ///< the domain said no: `code`, `slug`, `text`
    precondition_failed, ///< If-Match named another version: 412
    key_reused,          ///< the same Idempotency-Key with another request: 422
    unavailable,         ///< not executed, repeat freely: 503
    elsewhere,           ///< not executed: the shard is another node's; never a client's answer
    unknown,             ///< may or may not have happened: 504
    broken               ///< we are wrong (an exception in the domain): 500
  };
  kind what = kind::pending;
  std::unique_ptr<any_message> response;
  std::uint64_t version = 0; ///< the entity's: that of its last event; 0: not about one entity
  int code = 0;              ///< gRPC status code of a rejection
  std::string slug;
  std::string text;     ///< of everything but accepted
  bool not_yet = false; ///< a rejection that may become none: who sent it may try again

  static answer failed(kind how, std::string why) { return {.what = how, .text = std::move(why)}; }
};

/// Who drew a command's id, which decides how long its reply is remembered (protocols.md A3).
enum class origin : std::uint8_t { drawn, client, internal };

/// One command or query on its way to an entity and back. Made once, moved by reference: from the
/// I/O thread through the directory to the entity, from there perhaps through the journal writer,
/// and home. It belongs to whoever works on it at the moment; finished() is called exactly once, on
/// any thread, and must not block.
class call : public caf::ref_counted, public persistence::pending {
public:
  // -- what is asked; set before submit() and never changed ---------------------
  const messages::method* rpc = nullptr; ///< null in a fact's call
  const model::aggregate_type* type = nullptr;
  const model::request_type* request_type = nullptr; ///< null: a fact, only the state is wanted
  std::unique_ptr<any_message> request;
  std::string entity;
  bool fresh = false; ///< the entity's id was drawn at random for this very call: nothing to load
  /// Another node has sent it here: who is not asked about it either.
  bool forwarded = false;
  uuid id{}; ///< the command's
  origin from = origin::drawn;
  std::uint64_t request_hash = 0; ///< of rpc and request where `from` is client
  instant deadline{};             ///< past it the entity refuses
  /// The versions If-Match names; an empty list means that any existing one will do (`*`).
  std::optional<std::vector<std::uint64_t>> if_match;
  std::string traceparent;
  std::string principal;
  uuid correlation{};      ///< the command at the head of the chain; zero: this one
  std::uint64_t timer = 0; ///< generation of the timer that sends it; 0: none does
  uuid causation{};        ///< the event that made somebody send it; zero: a client did

  // -- what comes of it ---------------------------------------------------------
  answer result; ///< the caller lays an empty message of the rpc's response type into it
  std::shared_ptr<const any_message> state; ///< of a fact's call; null: there is no such entity

  /// Of its entity, once it was submitted to a node of several.
  persistence::shard_id shard() const { return shard_; }
  /// It may have been executed, though no answer came: who ends it now says `unknown`.
  bool in_doubt = false;

protected:
  /// The way home, for whoever made the call.
  virtual void finished() noexcept = 0;

private:
  friend class directory;
  friend class entity_actor;
  friend class fact_fetch;

  enum class stage : std::uint8_t {
    queued,   ///< the entity has not seen it, or must see it again
    fetching, ///< waits for facts
    decided   ///< with the writer
  };

  void done(const persistence::outcome& how) noexcept override;

  model::facts facts_;
  persistence::shard_id shard_ = 0;
  bool repeat_ = false; ///< answered from what was remembered
  bool away_ = false;   ///< its facts are on their way to where its entity no longer is
  sent_events sent_;    ///< to be counted once they are durable
  std::atomic<stage> stage_{stage::queued};
  directory* home_ = nullptr; ///< where it is recorded; null before submit() and at the end
  call* previous_ = nullptr;  ///< neighbours in the entity's list of unanswered calls
  call* next_ = nullptr;
  std::size_t part_ = 0;  ///< of the directory, where
  void* entry_ = nullptr; ///< its entity stands
};

using call_ptr = caf::intrusive_ptr<call>;

} // namespace reenact::runtime
