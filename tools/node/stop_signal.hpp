#pragma once

#include <csignal>

namespace reenact::tools {

/// SIGTERM, SIGINT and SIGQUIT as something to wait for. Made on the main thread before any other
/// thread, which then inherits that they are blocked.
class stop_signal {
public:
  stop_signal();
  /// Blocks until one comes and returns its name. From then on they act as the system does by
  /// default, so a second Ctrl-C ends a drain that takes too long.
  const char* wait();

private:
  sigset_t awaited_;
};

} // namespace reenact::tools
