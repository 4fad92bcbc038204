#pragma once

#include <memory>
#include <optional>

#include "persistence/members.hpp"
#include "persistence/redis/layout.hpp"
#include "persistence/redis/session.hpp"

namespace reenact::persistence::redis {

inline constexpr std::size_t members_max = 1'000; ///< of one cluster

/// The leases of a Redis journal, by its server's clock: one script a beat, on a connection of its
/// own. A beat that fails leaves nothing to clean up, the next one connects anew. Blocks for half a
/// lease at most.
class leases final : public members {
public:
  leases(address where, layout keys, std::uint32_t shards, std::chrono::milliseconds lease);

  result<roster> beat(const member& me) override;
  status leave(std::uint64_t incarnation) override;

private:
  result<answer> ask(const request& what);

  const address where_;
  const layout keys_;
  const std::uint32_t shards_;
  const std::chrono::milliseconds lease_;
  std::optional<session> session_;
};

} // namespace reenact::persistence::redis
