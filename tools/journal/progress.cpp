#include "tools/journal/progress.hpp"

#include <iostream>

#include <unistd.h>

namespace reenact::tools {

progress::progress(std::uint32_t shards)
  : visible_(::isatty(STDERR_FILENO) == 1),
    shards_(shards) {}

progress::~progress() {
  if (visible_) std::cerr << "\r\x1b[K";
}

void progress::record() {
  ++records_;
  // Looking at the clock costs more than counting.
  if (!visible_ || records_ % 1'024 != 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  std::cerr << "\rshard " << shard_ + 1 << " of " << shards_ << ", " << records_
            << " records\x1b[K";
}

} // namespace reenact::tools
