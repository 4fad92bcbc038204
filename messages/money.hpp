#pragma once

#include <cmath>
#include <cstdint>

/// Money is a fixed-point decimal with four places: int64, in 1/10000. Doubles live only at the
/// API.
namespace reenact::messages {

inline constexpr std::int64_t money_one = 10'000;

/// Rounds half to even, on the decimal that was written: 0.00015 is a tie although no double is
/// exactly that. The amount must not be out_of_range, which rules check before.
inline std::int64_t to_money(double amount) {
  const double scaled = amount * static_cast<double>(money_one);
  const double below = std::floor(scaled);
  const bool tie = std::abs(scaled - below - 0.5) <= std::abs(scaled) * 4e-16;
  if (!tie) return static_cast<std::int64_t>(std::nearbyint(scaled));
  return static_cast<std::int64_t>(std::fmod(below, 2) == 0 ? below : below + 1);
}

inline double from_money(std::int64_t amount) {
  return static_cast<double>(amount) / static_cast<double>(money_one);
}

/// Prices and amounts are finite and below 100000, after rounding.
inline bool out_of_range(double amount) {
  return !std::isfinite(amount) || std::abs(amount) >= 1e5 ||
         to_money(amount) >= 100'000 * money_one;
}

/// A sum of prices has no upper limit of its own, but the int64 has.
inline bool beyond_any_sum(double amount) {
  return !std::isfinite(amount) || std::abs(amount) >= 9e14;
}

} // namespace reenact::messages
