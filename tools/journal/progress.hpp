#pragma once

#include <chrono>
#include <cstdint>

namespace reenact::tools {

/// One line on stderr that shows how far a long look has come: on a terminal only, ten times a
/// second at most, wiped at the end.
class progress {
public:
  explicit progress(std::uint32_t shards);
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  void shard(std::uint32_t now) { shard_ = now; }
  void record();

private:
  const bool visible_;
  const std::uint32_t shards_;
  std::uint32_t shard_ = 0;
  std::uint64_t records_ = 0;
  std::chrono::steady_clock::time_point next_{};
};

} // namespace reenact::tools
