#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace reenact::tools::busywork {

/// Chance that can be repeated: the same seed throws the same, in every library. One a client.
class dice {
public:
  dice(std::uint64_t seed, std::uint64_t client) {
    std::seed_seq mixed{seed, seed >> 32U, client};
    engine_.seed(mixed);
  }

  /// 0 to `most` less one.
  std::uint64_t below(std::uint64_t most) { return engine_() % most; }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + below(most - least + 1);
  }

  template <class Range>
  const auto& one_of(const Range& all) {
    return all[static_cast<std::size_t>(below(all.size()))];
  }

private:
  std::mt19937_64 engine_;
};

} // namespace reenact::tools::busywork
