#pragma once

#include <chrono>

#include "tools/busywork/client.hpp"

namespace reenact::tools::busywork {

/// Keeps all clients at work for options::duration or until SIGINT or SIGTERM, lets them finish
/// what they have begun, and returns how long all that took. A second signal ends the program at
/// once.
std::chrono::duration<double> run(mall& in);

} // namespace reenact::tools::busywork
