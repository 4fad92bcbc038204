#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// The positions of all shards as bytes: the machine's own eight a shard, as the file is disposable
/// and never leaves it.
inline std::string encode_positions(std::span<const sequence_t> p) {
  return {reinterpret_cast<const char*>(p.data()), p.size_bytes()};
}

inline std::vector<sequence_t> decode_positions(std::string_view bytes) {
  std::vector<sequence_t> p(bytes.size() / sizeof(sequence_t));
  std::memcpy(p.data(), bytes.data(), p.size() * sizeof(sequence_t));
  return p;
}

} // namespace reenact::persistence
