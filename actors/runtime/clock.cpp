#include "actors/runtime/clock.hpp"

#include <ctime>

namespace reenact::runtime {

instant system_clock::now() const {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return instant(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
}

std::int64_t system_clock::wall_us() const {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  return std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1'000;
}

} // namespace reenact::runtime
