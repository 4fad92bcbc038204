#include "tools/journal/progress.hpp"

#include <algorithm>
#include <iostream>

#include <unistd.h>

namespace reenact::tools {

progress::progress() : visible_(::isatty(STDERR_FILENO) == 1) {}

progress::~progress() {
  if (visible_) std::cerr << "\r\x1b[K";
}

void progress::at(std::uint64_t done, std::uint64_t of) {
  if (!visible_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  std::cerr << "\r" << done * 100 / std::max<std::uint64_t>(of, 1) << " % (" << done << " of " << of
            << ")\x1b[K";
}

} // namespace reenact::tools
