#pragma once

#include <chrono>
#include <cstdint>

namespace reenact::tools {

/// One line on stderr that shows how far a long look has come: on a terminal only, ten times a
/// second at most, wiped at the end.
class progress {
public:
  progress();
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  void at(std::uint64_t done, std::uint64_t of);

private:
  const bool visible_;
  std::chrono::steady_clock::time_point next_{};
};

} // namespace reenact::tools
