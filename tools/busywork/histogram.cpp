#include "tools/busywork/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace reenact::tools::busywork {

void histogram::add(microseconds took) {
  const auto us = static_cast<std::uint64_t>(std::max<microseconds::rep>(took.count(), 0));
  ++buckets_[std::min(bucket_of(us), buckets_.size() - 1)];
  ++count_;
  most_ = std::max(most_, us);
}

histogram::microseconds histogram::percentile(double part) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count_)));
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    passed += buckets_[i];
    if (passed >= wanted && passed > 0) return microseconds(std::min(last_of(i), most_));
  }
  return microseconds(most_);
}

std::size_t histogram::bucket_of(std::uint64_t us) {
  if (us < exact) return us;
  const auto shift = static_cast<std::size_t>(std::bit_width(us)) - 6; // leaves 32 to 63
  return exact + (shift - 1) * steps + ((us >> shift) - steps);
}

std::uint64_t histogram::last_of(std::size_t bucket) {
  if (bucket < exact) return bucket;
  const auto shift = (bucket - exact) / steps + 1;
  return ((((bucket - exact) % steps) + steps + 1) << shift) - 1;
}

} // namespace reenact::tools::busywork
