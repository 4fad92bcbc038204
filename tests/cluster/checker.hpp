#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tests/cluster/dumped_record.hpp"
#include "tests/cluster/history.hpp"

namespace reenact::tests {

/// Of a kind, which are four: logs, commands, order and lists. The first few say it all.
inline constexpr std::size_t complaints_max = 25;

/// Compares what clients saw with what the journal holds in the end, and returns in words what is
/// wrong; nothing when every promise was kept (protocols.md, G2). A pure function of the whole
/// cluster, linear in both but for one sort. What it takes for granted: all changes of the entities
/// that clients speak of come from these histories or from the shop itself, an Idempotency-Key is
/// used for one request only, and nobody sends again what was refused by If-Match, which the shop
/// does not remember.
std::vector<std::string> check(const histories& seen, const journal_dump& dump);

} // namespace reenact::tests
