#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/runtime/directory.hpp"
#include "actors/runtime/elsewhere.hpp"
#include "actors/runtime/links.hpp"
#include "actors/runtime/timers.hpp"
#include "messages/model/peers.pb.h"

namespace reenact::runtime {

/// Carries calls to the nodes that have their shards, and the answers home (protocols.md C4). A
/// call that was not answered, because its shard moves or its owner is lost, waits for the next
/// owner and is sent again under the same command id, until its deadline: then the caller is told
/// whether it may have been executed. One that came from another node is never sent on: its origin
/// learns who has the shard. Thread safe; sees the cluster.
class shard_router final : public elsewhere, public link_listener {
public:
  struct options {
    std::size_t waiting_max = 65'536; ///< calls sent or waiting; over it callers get 503
    duration first_pause = std::chrono::milliseconds(10); ///< doubles with each attempt
    duration longest_pause = std::chrono::milliseconds(250);
    duration look_each = std::chrono::milliseconds(10); ///< at who waits
    duration grace = std::chrono::seconds(1); ///< beyond the deadline, for an answer on its way
  };
  /// What the node does when others tell it something. Any thread; must not block.
  struct hooks {
    std::function<void(persistence::shard_id, const persistence::token&)> doubt;
    std::function<void()> owners_changed; ///< a peer has given a shard up, or taken it
  };

  /// All outlive it but the links, which are connected before the first call and stopped before it
  /// ends.
  shard_router(surroundings& here, directory& to, timers& clockwork, options how, hooks then);
  shard_router(const shard_router&) = delete;
  shard_router& operator=(const shard_router&) = delete;

  void connect(links& by) { links_ = &by; }
  /// Answers who waits, and from now on who comes.
  void stop();

  // -- elsewhere ------------------------------------------------------------------
  void route(call_ptr c) override;
  void doubt(persistence::shard_id shard, const persistence::token& under) override;

  // -- who has what ---------------------------------------------------------------
  /// Of a shard the higher epoch counts; of the same epoch, that it was given up. True: it is news.
  bool learn(persistence::shard_id shard, const persistence::token& owner);
  persistence::token owner_of(persistence::shard_id shard) const;
  /// Tells all peers.
  void announce(const std::vector<persistence::shard_id>& shards);

  /// Whether there is a link to the peer.
  bool linked(std::uint64_t peer) const;
  std::size_t unanswered() const;

  // -- link_listener --------------------------------------------------------------
  void up(std::uint64_t peer) override;
  void down(std::uint64_t peer, const std::string& why) override;
  void received(std::uint64_t from, std::string_view envelope) override;

private:
  class visitor; ///< a call that came from a peer

  struct travelling {
    call_ptr what;
    std::uint64_t peer;
    unsigned attempts;
  };
  struct waiting {
    call_ptr what;
    unsigned attempts;
    instant again;
  };
  using number = std::uint64_t;

  void travel(call_ptr c, unsigned attempts);
  bool send(const call_ptr& c, std::uint64_t peer, unsigned attempts);
  void wait(call_ptr c, unsigned attempts);
  bool look_later();
  void look();
  void again(waiting w);
  void resend(persistence::shard_id shard);
  void take(std::uint64_t from, const ::model::ForwardedCall& c);
  void take(std::uint64_t from, const ::model::ForwardedAnswer& a);
  void take(const ::model::ShardOwners& news);
  static void answer_late(call_ptr c);

  surroundings& here_;
  directory& directory_;
  timers& clockwork_;
  const options how_;
  const hooks then_;
  links* links_ = nullptr;

  mutable std::mutex mutex_;               ///< guards what follows
  std::vector<persistence::token> owners_; ///< by shard
  std::set<std::uint64_t> up_;
  std::unordered_map<number, travelling> travelling_;
  std::vector<waiting> waiting_;
  number last_ = 0;
  bool looking_ = false; ///< a timer is set
  bool stopped_ = false;
};

} // namespace reenact::runtime
