#pragma once

#include <sys/resource.h>

namespace reenact::bench {

/// User and system time of this whole process so far.
inline double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto in = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) * 1e-6; };
  return in(used.ru_utime) + in(used.ru_stime);
}

} // namespace reenact::bench
