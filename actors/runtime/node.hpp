#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/runtime/cluster.hpp"
#include "actors/runtime/cluster_side.hpp"
#include "actors/runtime/event_tail.hpp"
#include "actors/runtime/part.hpp"
#include "actors/runtime/projector.hpp"
#include "actors/runtime/reactor.hpp"
#include "actors/runtime/surroundings.hpp"
#include "persistence/journal.hpp"

namespace reenact::runtime {

/// What a node is made of, besides its modules and its journal.
struct node_options {
  bounds limits;
  persistence::journal_writer::options writer;
  std::size_t readers = 2;  ///< threads that recover entities
  projector::options views; ///< without a path: lists are answered 503
  reactor::options policies;
  event_tail::options tail;
  port_table ports;                               ///< where policies deliver to
  std::size_t view_readers = 2;                   ///< threads that answer lists
  std::size_t workers = 0;                        ///< CAF's; 0: one a core
  duration sweep_each = std::chrono::seconds(15); ///< looking for idle entities
  restart_policy restart{};                       ///< of each part; `give_up` is the node's own
  std::optional<cluster_options> cluster;         ///< on a shared journal, and only there
  /// Called once when the node cannot go on (a part failed too often, the journal is broken): the
  /// program must end. Acknowledged writes are safe; nothing is answered any more. It has a thread
  /// of its own, so it may stop the node, which does not end before it returns.
  std::function<void(std::string)> fatal;
};

/// One actor node: entities on a journal, kept alive; alone, or one of several on a shared journal.
/// Made by the program, outlives its gateway.
class node final : public cluster {
public:
  /// The registry and the journal outlive the node. `time` and `random` are the seams.
  node(const model::registry& types, persistence::journal& journal, const clock& time,
       entropy& random, node_options how);
  ~node() override;

  /// Takes all shards under new tokens, or joins the others; starts threads and actors.
  persistence::status start();
  /// Of several: the others begin to take over its shards, while it answers what comes.
  void leave();
  /// Hands over its shards, refuses new calls, waits until all are answered or `patience` has
  /// passed; true: all were.
  bool drain(duration patience);
  /// Ends everything; what was not answered gets 503, and so does who still asks. When it returns,
  /// that is so, whoever called it first. Not for the node's own threads.
  void stop();

  const model::registry& hosted() const override;
  caf::actor_system& system() override;
  const clock& time() const override;
  entropy& random() override;
  void submit(call_ptr c) override;
  void ask(query_ptr q) override;
  void follow(const tail_query_ptr& q) override;
  void end_following() override;
  log_places log_ends() const override;
  std::uint32_t shard_of(std::string_view entity) const override;
  uuid lineage() const override;
  readiness ready() const override;
  std::vector<policy_progress> policies() const override;
  std::vector<given_up_reaction> given_up(std::string_view policy) const override;
  std::vector<guarantee> guarantees() const override;
  void give_up(const std::string& why) override;

  /// Who is in the cluster, and who has what, as this node has seen it last; nobody when it is
  /// alone.
  persistence::roster seen() const;

  const command_counts& accepted() const;
  const message_counts& said() const;
  const unreadable& unread() const;
  /// How far each view is; none without views.
  std::vector<view_progress> views() const;
  /// Fills a view anew, beside what lists read; false: there is no such view.
  bool rebuild(const std::string& view);

  std::size_t resident() const;
  std::size_t unanswered() const;

private:
  const persistence::journal& journal() const;

  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace reenact::runtime
