#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace reenact::tools::busywork {

/// How long things took, in as much memory for a thousand as for a billion: exact below 64 us,
/// within 1/32 above, up to 19 hours.
class histogram {
public:
  using microseconds = std::chrono::microseconds;

  void add(microseconds took);

  std::uint64_t count() const { return count_; }
  microseconds most() const { return microseconds(most_); }
  /// What `part` of all, 0.99, did not exceed; zero of nothing.
  microseconds percentile(double part) const;

private:
  static constexpr std::size_t halves = 30; ///< powers of two above the exact ones
  static constexpr std::uint64_t exact = 64, steps = 32;

  static std::size_t bucket_of(std::uint64_t us);
  static std::uint64_t last_of(std::size_t bucket);

  std::array<std::uint64_t, exact + halves * steps> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t most_ = 0;
};

} // namespace reenact::tools::busywork
