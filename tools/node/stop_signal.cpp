#include "tools/node/stop_signal.hpp"

#include <ctime>
#include <initializer_list>

#include <pthread.h>
#include <unistd.h>

namespace reenact::tools {

stop_signal::stop_signal() {
  ::sigemptyset(&awaited_);
  for (const int one : {SIGTERM, SIGINT, SIGQUIT}) ::sigaddset(&awaited_, one);
  ::pthread_sigmask(SIG_BLOCK, &awaited_, nullptr);
}

const char* stop_signal::wait() {
  int came = 0;
  while (::sigwait(&awaited_, &came) != 0) {
  }
  {
    const std::lock_guard lock(mutex_);
    came_ = true;
  }
  const timespec now{}; // an interrupt that came too late must not act like a second Ctrl-C
  while (::sigtimedwait(&awaited_, nullptr, &now) > 0) {
  }
  ::pthread_sigmask(SIG_UNBLOCK, &awaited_, nullptr);
  return came == SIGTERM ? "SIGTERM" : came == SIGINT ? "SIGINT" : "SIGQUIT";
}

void stop_signal::interrupt() {
  const std::lock_guard lock(mutex_);
  if (!came_) ::kill(::getpid(), SIGTERM);
}

} // namespace reenact::tools
