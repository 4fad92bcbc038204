#pragma once

#include <string>

#include "tests/system/node_process.hpp"

namespace reenact::tests {

/// What a node shows at /metrics: the sum of a metric over its labels.
double metric(const node_process& node, const std::string& name);

/// Until policies have seen everything, and everything they have seen has ended.
void await_rest(const node_process& node);

} // namespace reenact::tests
