#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "persistence/journal.hpp"
#include "persistence/open.hpp"
#include "persistence/redis/audit.hpp"
#include "persistence/redis/layout.hpp"
#include "persistence/redis/session.hpp"

namespace reenact::persistence::redis {

/// What all parts of one open journal know of it and of its server: how far the logs were seen to
/// go, whether events were lost, whether the server is there and keeps its word. Thread safe. Sees
/// the process.
class site {
public:
  site(address where, const open_options& how, layout keys, uuid lineage, const audit& first);

  const layout& keys() const { return keys_; }
  const address& where() const { return where_; }
  std::uint32_t shards() const { return static_cast<std::uint32_t>(seen_.size()); }
  std::chrono::milliseconds patience() const { return how_.redis.patience; }
  const open_options& options() const { return how_; }

  /// A session, after a look at the journal through it: every one that is opened compares.
  result<session> connect(deadline until);
  /// Compares lineage and ends with what was seen before; raises what was seen; answers the ends.
  result<std::vector<sequence_t>> look(session& at, deadline until);

  std::vector<sequence_t> seen() const;
  sequence_t seen(shard_id s) const { return seen_[s]; }
  /// Never lowers; ignored if events were lost since there were as many `losses`.
  bool saw(shard_id s, sequence_t end, std::uint64_t losses);
  /// How many times acknowledged events were found to be lost: a token taken before is worth
  /// nothing.
  std::uint64_t losses() const { return losses_; }

  /// Which shards this process writes to: the tail need not follow them.
  void owned(shard_id s, bool is) { owned_[s] = is; }
  bool owned(shard_id s) const { return owned_[s]; }

  /// A connection was lost, or could not be had.
  void lost(const failure& why);
  void audited(const audit& found);
  audit last_audit() const;
  /// Fewer replicas than were asked for had a write.
  void replicas_short(bool are);
  status health() const;
  status open_to_commands() const;

  /// What minding waits for: `away`, a loss to tell, an audit that was asked for, or the end.
  void ask_audit();
  struct errand {
    bool ends = false;
    bool away = false;
    bool audit = false;
    std::optional<std::string> loss;
  };
  errand wait_for_errand(std::chrono::milliseconds most);
  void end();
  bool ended() const { return ended_; }
  /// Waits, unless the end comes before.
  void pause(std::chrono::milliseconds time);

private:
  void lose(std::uint64_t losses, const std::vector<sequence_t>& before,
            const std::vector<sequence_t>& after);
  void break_down(const std::string& why);

  const address where_;
  const open_options how_;
  const layout keys_;
  const uuid lineage_;
  const level floor_;
  std::vector<std::atomic<sequence_t>> seen_;
  std::vector<std::atomic<bool>> owned_;
  std::atomic<std::uint64_t> losses_ = 0;
  std::atomic<bool> ended_ = false;

  mutable std::mutex mutex_; // guards what follows
  std::condition_variable wake_;
  std::optional<failure> broken_;
  std::optional<failure> away_;
  std::optional<std::string> loss_; ///< not told yet
  audit audit_;
  bool audit_wanted_ = false;
  bool short_ = false;
};

/// Text of a lineage as it is stored.
std::string hex(const uuid& lineage);
std::optional<uuid> parse_lineage(std::string_view hex);

} // namespace reenact::persistence::redis
