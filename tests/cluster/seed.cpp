#include "tests/cluster/seed.hpp"

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace reenact::tests {

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("CHECKER_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device()();
  std::cout << "CHECKER_SEED=" << seed << std::endl;
  return seed;
}

} // namespace reenact::tests
