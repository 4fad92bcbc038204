#pragma once

#include <chrono>
#include <cstdint>

#include "tools/busywork/tally.hpp"

namespace reenact::tools::busywork {

/// How it goes, on stderr: one line that is written over on a terminal, else one every ten seconds.
class live_line {
public:
  live_line();
  ~live_line();
  live_line(const live_line&) = delete;
  live_line& operator=(const live_line&) = delete;

  /// How often to say it.
  std::chrono::milliseconds interval() const;
  /// Rates and latencies are those since the last time.
  void say(tally& seen);

private:
  using clock = std::chrono::steady_clock;

  const bool terminal_;
  const clock::time_point begun_ = clock::now();
  clock::time_point last_ = begun_;
  std::uint64_t requests_ = 0, flows_ = 0;
};

} // namespace reenact::tools::busywork
