#include "actors/runtime/placement.hpp"

#include <algorithm>
#include <utility>

namespace reenact::runtime {
namespace {

/// MurmurHash3's fmix64, by Austin Appleby: each bit of the input moves half of the output's.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33U;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33U;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33U);
}

} // namespace

std::vector<std::uint64_t> place(std::uint32_t shards, const std::vector<std::uint64_t>& nodes) {
  std::vector<std::uint64_t> owners(shards, 0);
  for (std::uint32_t s = 0; s < shards; ++s) {
    std::pair<std::uint64_t, std::uint64_t> best{0, 0}; // weight, node
    for (const auto node : nodes) best = std::max(best, {mix(node ^ mix(s + 1)), node});
    owners[s] = best.second;
  }
  return owners;
}

} // namespace reenact::runtime
