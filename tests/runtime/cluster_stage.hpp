#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/membership.hpp"
#include "actors/runtime/reactor.hpp"
#include "actors/runtime/shard_keeper.hpp"
#include "actors/runtime/shard_router.hpp"
#include "tests/runtime/stage.hpp"

/// A whole cluster on one thread: nodes that share a memory journal, links that a test cuts, one
/// virtual clock, and a seed that picks what moves next.
namespace reenact::tests {

/// All links between the nodes of a test. What was sent arrives in order, when the test delivers
/// it; what a link held when it was cut is lost.
class network {
public:
  class plug final : public links {
  public:
    plug(network& of, std::uint64_t self, link_listener& to) : of_(of), self_(self), to_(to) {
      of_.plugs_[self] = this;
    }
    ~plug() override { of_.plugs_.erase(self_); }
    void follow(const std::vector<peer>& all) override {
      wanted_.clear();
      for (const auto& p : all) wanted_.insert(p.incarnation);
    }
    bool send(std::uint64_t to, std::string envelope) override {
      if (!of_.up_.contains(pair(self_, to))) return false;
      of_.wires_[{self_, to}].push_back(std::move(envelope));
      return true;
    }
    void stop() override {}

  private:
    friend class network;
    network& of_;
    const std::uint64_t self_;
    link_listener& to_;
    std::set<std::uint64_t> wanted_;
  };

  /// Brings up links that both want, or delivers one envelope, of the `which`-th that there are.
  bool step(std::uint64_t which);
  void cut(std::uint64_t a, std::uint64_t b);
  void heal() { cut_.clear(); }
  /// The node is dead, or does not move.
  void silence(std::uint64_t node);
  void unsilence(std::uint64_t node) { silent_.erase(node); }

private:
  using ends = std::pair<std::uint64_t, std::uint64_t>;
  static ends pair(std::uint64_t a, std::uint64_t b) { return {std::min(a, b), std::max(a, b)}; }
  bool connect();
  void break_link(const ends& which);

  std::map<std::uint64_t, plug*> plugs_;
  std::set<ends> up_, cut_;
  std::set<std::uint64_t> silent_;
  std::map<ends, std::deque<std::string>> wires_; ///< from, to
};

/// One node of the cluster, stepped by the stage.
class station {
public:
  station(const model::registry& types, const std::shared_ptr<persistence::journal>& shared,
          virtual_clock& time, seeded_entropy& random, network& net, bounds limits);
  ~station() { stop(); }

  std::uint64_t incarnation() const { return here.tokens.incarnation(); }
  bool step(std::uint64_t which);
  bool write();
  void beat();
  /// As a node stops in order.
  void stop();

  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system; ///< of its own: its actors stand still when it does
  caf::scheduler::test_coordinator& coordinator;
  std::unique_ptr<unruly_journal> journal;
  reader_pool readers;
  persistence::journal_writer writer;
  timers clockwork;
  timed_lease held;
  surroundings here;
  reactor policies; ///< before the directory, whose last calls come home to it
  directory entities;
  shard_router router;
  shard_keeper keeper;
  std::optional<network::plug> plug;
  membership members;
  caf::actor region;
  instant beat_at{};

private:
  bool act(std::uint64_t which);

  const clock& time_;
  bool writing_ = false;
};

class cluster_stage {
public:
  explicit cluster_stage(std::uint64_t seed, std::size_t nodes = 3, bounds limits = {});
  ~cluster_stage();

  station& node(std::size_t n) { return *nodes_[n]; }
  std::size_t nodes() const { return nodes_.size(); }
  bool moves(std::size_t n) const { return !still_.contains(n); }

  /// A new node; its index.
  std::size_t join();
  /// The node does not move any more, or not for now. What it had been asked stays open.
  void freeze(std::size_t n);
  void thaw(std::size_t n);

  /// Sends a request about `entity` to a node's gateway.
  std::shared_ptr<outcome_seen> ask(std::size_t at, const any_message& request,
                                    const std::string& entity, const with& change = {});

  /// One step of the world, drawn by the seed; false when nothing can move.
  bool step();
  void run_for(duration time);
  /// Until every shard has an owner and nothing moves any more but time.
  void settle();
  /// Index of the node that has the entity's shard; none: nobody has.
  std::optional<std::size_t> owner(const std::string& entity) const;

  model::registry types;
  virtual_clock time;
  seeded_entropy random;
  network net;
  std::shared_ptr<persistence::journal> journal;

private:
  std::mt19937_64 order_;
  const bounds limits_;
  std::vector<std::unique_ptr<station>> nodes_;
  std::set<std::size_t> still_;
};

} // namespace reenact::tests
