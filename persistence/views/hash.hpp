#pragma once

#include <cstdint>
#include <string_view>

namespace reenact::persistence {

/// FNV-1a, 64 bits: of keys in a view's index, and of what must only be told apart.
inline std::uint64_t fnv1a(std::string_view bytes, std::uint64_t seed = 0xcbf29ce484222325U) {
  for (const char c : bytes) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return seed;
}

} // namespace reenact::persistence
