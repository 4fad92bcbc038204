#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/call.hpp"
#include "actors/runtime/io_unit.hpp"
#include "actors/runtime/policy_progress.hpp"
#include "actors/runtime/query.hpp"
#include "actors/runtime/tail_query.hpp"

namespace reenact::runtime {

/// A promise of README's table, as it stands on this node now.
struct guarantee {
  std::string id; ///< "G1"
  std::string promise;
  bool in_force = false;
  std::string why; ///< what it rests on, or why it is not in force
};

struct readiness {
  bool ready = false;
  std::vector<std::string> missing; ///< what is not, in words
};

/// What a gateway sees of the actors: entities behind calls, wherever they live. Thread safe; sees
/// the cluster (one node for now).
class cluster {
public:
  virtual ~cluster() = default;

  virtual const model::registry& hosted() const = 0;
  virtual caf::actor_system& system() = 0; ///< for the gateway's io_units
  virtual const class clock& time() const = 0;
  virtual entropy& random() = 0;

  /// Takes a call; it ends in exactly one finished(), perhaps before this returns. On a thread with
  /// an io_unit an idle entity runs in place, else CAF's workers take it.
  virtual void submit(call_ptr c) = 0;

  /// Takes a list's query; it ends in exactly one finished(), perhaps before this returns.
  virtual void ask(query_ptr q) = 0;

  /// Takes who follows the logs; it ends in exactly one finished(), perhaps before this returns.
  virtual void follow(const tail_query_ptr& q) = 0;
  /// Ends all that follow, now and later: a drain waits for nobody who only listens.
  virtual void end_following() = 0;
  /// Where the logs end now, of all shards.
  virtual log_places log_ends() const = 0;
  virtual std::uint32_t shard_of(std::string_view entity) const = 0;
  /// The life of the journal: after a restore it is another.
  virtual uuid lineage() const = 0;

  virtual readiness ready() const = 0;
  virtual std::vector<policy_progress> policies() const = 0;
  /// Of one policy, read from the journal: not for hot paths.
  virtual std::vector<given_up_reaction> given_up(std::string_view policy) const = 0;
  virtual std::vector<guarantee> guarantees() const = 0;

  /// The gateway cannot go on, and so the program must end. Any thread.
  virtual void give_up(const std::string& why) = 0;
};

} // namespace reenact::runtime
