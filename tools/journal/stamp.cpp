#include "tools/journal/stamp.hpp"

#include <array>
#include <cstdio>
#include <ctime>

namespace reenact::tools {

std::string time_of(persistence::stamp_t stamp) {
  if (stamp == 0) return {};
  const std::time_t seconds = stamp / 1'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> date{}, micros{};
  (void)std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  (void)std::snprintf(micros.data(), micros.size(), ".%06dZ", static_cast<int>(stamp % 1'000'000));
  return std::string(date.data()) + micros.data();
}

} // namespace reenact::tools
