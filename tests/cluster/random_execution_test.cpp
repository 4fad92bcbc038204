#include "tests/cluster/random_execution.hpp"

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cluster/checker.hpp"
#include "tests/cluster/seed.hpp"

using namespace reenact::tests;

TEST_CASE("of what keeps every promise nobody complains; of what breaks one somebody does") {
  constexpr std::uint64_t executions = 300;
  const auto first = seed_of_this_run();
  const std::vector<std::string> nothing;
  std::map<fault, int> places;
  for (auto seed = first; seed != first + executions; ++seed) {
    const auto good = random_execution(seed, 400);
    INFO("CHECKER_SEED=" << seed);
    CHECK(check(good.seen, good.dump) == nothing);
    for (const auto how : faults) {
      auto bad = good;
      if (!spoil(bad, how, seed)) continue;
      ++places[how];
      INFO(name_of(how));
      CHECK_FALSE(check(bad.seen, bad.dump).empty());
    }
  }
  for (const auto how : faults) {
    INFO(name_of(how));
    CHECK(places[how] > 0);
  }
}
