#pragma once

#include <vector>

#include <prometheus/metric_family.h>

#include "actors/runtime/message_counts.hpp"

namespace reenact::tools {

/// What modules have sent and received, under the contract's names, as it stands now: each message
/// by its own name, and all of them together.
std::vector<prometheus::MetricFamily> families_of(const runtime::message_counts& counts);

} // namespace reenact::tools
