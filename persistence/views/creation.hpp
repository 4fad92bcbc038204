#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Where a row stands among the rows of its view: the place of the event that created it, oldest
/// first. The same after every rebuild, because it comes from the journal.
struct creation {
  stamp_t stamp = 0;
  shard_id shard = 0;
  sequence_t sequence = 0;
  auto operator<=>(const creation&) const = default;

  static constexpr std::size_t size = 20;
  using bytes = std::array<char, size>;

  /// Big-endian, so that bytes compare as creations do (stamps are not negative).
  bytes encode() const {
    bytes to{};
    put(to.data(), static_cast<std::uint64_t>(stamp), 8);
    put(to.data() + 8, shard, 4);
    put(to.data() + 12, sequence, 8);
    return to;
  }
  /// Of exactly `size` bytes.
  static creation decode(std::string_view from) {
    return {static_cast<stamp_t>(get(from.data(), 8)), static_cast<shard_id>(get(&from[8], 4)),
            get(&from[12], 8)};
  }

private:
  static void put(char* to, std::uint64_t n, int bytes) {
    for (int i = bytes - 1; i >= 0; --i, n >>= 8U) to[i] = static_cast<char>(n);
  }
  static std::uint64_t get(const char* from, int bytes) {
    std::uint64_t n = 0;
    for (int i = 0; i < bytes; ++i) n = (n << 8U) | static_cast<unsigned char>(from[i]);
    return n;
  }
};

inline std::string_view view_of(const creation::bytes& b) { return {b.data(), b.size()}; }

} // namespace reenact::persistence
