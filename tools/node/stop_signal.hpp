#pragma once

#include <csignal>
#include <mutex>

namespace reenact::tools {

/// SIGTERM, SIGINT and SIGQUIT as something to wait for. Made on the main thread before any other
/// thread, which then inherits that they are blocked.
class stop_signal {
public:
  stop_signal();
  /// Blocks until one comes and returns its name. From then on they act as the system does by
  /// default, so a second Ctrl-C ends a drain that takes too long.
  const char* wait();
  /// Makes wait() return, as SIGTERM would; nothing when it has returned. Any thread.
  void interrupt();

private:
  sigset_t awaited_;
  std::mutex mutex_;
  bool came_ = false; ///< guarded by mutex_
};

} // namespace reenact::tools
