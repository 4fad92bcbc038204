#pragma once

#include <chrono>
#include <cstdint>

namespace reenact::runtime {

/// Time since boot, suspended time included: deadlines and leases. Never goes back.
using instant = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;
using duration = std::chrono::nanoseconds;

/// The only place from which the runtime learns the time. Thread safe. Tests bring a virtual one.
class clock {
public:
  virtual ~clock() = default;
  virtual instant now() const = 0;          ///< CLOCK_BOOTTIME
  virtual std::int64_t wall_us() const = 0; ///< microseconds since 1970: stamps, retention
};

/// The machine's clock.
class system_clock final : public clock {
public:
  instant now() const override;
  std::int64_t wall_us() const override;
};

} // namespace reenact::runtime
