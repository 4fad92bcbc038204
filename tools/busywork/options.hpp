#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/journal/report.hpp"
#include "tools/units.hpp"

namespace reenact::tools::busywork {

inline constexpr std::uint64_t clients_max = 1'000;
inline constexpr std::uint64_t stores_max = 1'000;
inline constexpr std::uint64_t rate_max = 1'000'000;
inline constexpr double pause_max = 100;

/// How busy, where, and for how long.
struct options {
  std::size_t clients = 5;
  endpoint host{"localhost", 8080};
  std::optional<std::chrono::milliseconds> duration; ///< none: until a signal
  std::uint64_t rate = 0;                            ///< works a second over all clients; 0: freely
  std::uint64_t seed = 0;
  double pause = 1; ///< a factor; 0: no pauses at all
  std::size_t stores = 100;
  bool restarts_expected = false;
  output as = output::text;
};

/// What was said on the command line, as it was said.
struct words_given {
  std::string clients = "5", host = "localhost:8080", duration, rate = "0", seed, pause = "1",
              stores = "100", format = "text";
  bool restarts_expected = false;
};

/// The options, and every mistake that was found on the way, a line each.
struct options_read {
  options how;
  std::vector<std::string> mistakes;
};

/// Without a seed the options have `drawn`.
options_read read(const words_given& given, std::uint64_t drawn);

} // namespace reenact::tools::busywork
