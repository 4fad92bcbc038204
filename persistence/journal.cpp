#include "persistence/journal.hpp"

#include <random>

namespace reenact::persistence {

shard_id shard_of(std::string_view entity, std::uint32_t shards) {
  std::uint64_t hash = 0xcbf29ce484222325ULL; // FNV-1a 64
  for (const char byte : entity) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3ULL;
  }
  hash ^= hash >> 33U; // MurmurHash3's fmix64: FNV alone leaves the low bits poor
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33U;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  hash ^= hash >> 33U;
  return static_cast<shard_id>(hash % shards);
}

uuid new_lineage() {
  std::random_device random;
  uuid id{};
  for (auto& byte : id) byte = static_cast<std::uint8_t>(random());
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0fU) | 0x40U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3fU) | 0x80U);
  return id;
}

} // namespace reenact::persistence
