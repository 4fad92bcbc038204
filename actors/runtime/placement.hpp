#pragma once

#include <cstdint>
#include <vector>

namespace reenact::runtime {

/// Which of the nodes each shard should be with, by incarnation; 0 where there are none. Highest
/// random weight (Thaler and Ravishankar, 1998): all nodes reckon the same from the same list, and
/// a node that comes or goes moves its own share alone. Pure.
std::vector<std::uint64_t> place(std::uint32_t shards, const std::vector<std::uint64_t>& nodes);

} // namespace reenact::runtime
