#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Decides which appends of one group may be written, before the first byte is: bounds, closed
/// slots, the writer's token and the expected version, appends to one stream seeing each other's
/// versions. One group, one thread. Closes the slots of those it refuses.
class admission {
public:
  /// The durable version of a stream whose append brought no slot, or one not compared yet.
  using find_head = std::function<result<version_t>(const append&)>;

  admission(std::span<const token> owners, const find_head& head) : owners_(owners), head_(head) {}

  /// `appended` with the version the stream will have; anything else is final.
  outcome admit(const append& a);

private:
  using place = std::pair<std::string_view, std::string_view>; // type, entity
  struct hash_place {
    std::size_t operator()(const place& p) const {
      return std::hash<std::string_view>()(p.second) * 31 + std::hash<std::string_view>()(p.first);
    }
  };

  outcome judge(const append& a);

  std::span<const token> owners_;
  const find_head& head_;
  std::unordered_map<place, version_t, hash_place> ahead_; // versions this group will make
};

/// Whether an append keeps the bounds of journal.hpp and lies in its entity's shard.
bool within_bounds(const append& a, std::uint32_t shards);

/// Whether a consumer's progress may be written in a shard whose log ends at `end`: its bounds.
status admit(const progress& what, shard_id shard, sequence_t end);

/// The beginning of a dead letter's `why` that is kept: whole characters of UTF-8.
std::string_view cut_why(std::string_view why);

/// Tells the slots how the group ended: raised where it is durable, closed where `written` is
/// false.
void settle(std::span<const append* const> group, std::span<outcome> outcomes, bool written);

} // namespace reenact::persistence
