#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/cluster/dumped_record.hpp"
#include "tests/cluster/history.hpp"

namespace reenact::tests {

/// A run of clients against a cluster, made up.
struct execution {
  histories seen;
  journal_dump dump;
};

/// One that keeps every promise: each entity is a register that takes one command after the other,
/// commands get lost and come late, are sent again, are refused and are put off. The same seed
/// makes the same.
execution random_execution(std::uint64_t seed, std::size_t steps);

/// How a promise is broken.
enum class fault {
  lost_write,
  doubled_command,
  stale_read,
  stale_list,
  two_writers,
  gap,
  effect_of_refused,
  effect_of_not_executed,
  other_repeat,
  unended_saga,
  time_back
};
inline constexpr fault faults[] = {fault::lost_write,        fault::doubled_command,
                                   fault::stale_read,        fault::stale_list,
                                   fault::two_writers,       fault::gap,
                                   fault::effect_of_refused, fault::effect_of_not_executed,
                                   fault::other_repeat,      fault::unended_saga,
                                   fault::time_back};
std::string_view name_of(fault what);

/// Breaks one promise somewhere. False: there is no place for that one.
bool spoil(execution& in, fault how, std::uint64_t seed);

} // namespace reenact::tests
