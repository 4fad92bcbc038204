#pragma once

#include <cstdint>
#include <string_view>

namespace reenact::persistence {

/// CRC-32C (Castagnoli) of `bytes` after those that made `before`; by the processor's instruction
/// where it has one, else by table.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

/// The same by table, on any processor.
std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t before = 0);

} // namespace reenact::persistence
