#include "tools/node/stop_signal.hpp"

#include <initializer_list>

#include <pthread.h>

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
  ::pthread_sigmask(SIG_UNBLOCK, &awaited_, nullptr);
  return came == SIGTERM ? "SIGTERM" : came == SIGINT ? "SIGINT" : "SIGQUIT";
}

} // namespace reenact::tools
