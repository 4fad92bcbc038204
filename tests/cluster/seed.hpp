#pragma once

#include <cstdint>

namespace reenact::tests {

/// CHECKER_SEED of the environment, else one that is drawn; printed, so that a run can be repeated.
std::uint64_t seed_of_this_run();

} // namespace reenact::tests
