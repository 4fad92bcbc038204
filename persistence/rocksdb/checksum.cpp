#include "persistence/rocksdb/checksum.hpp"

#include <cstring>

#include <boost/crc.hpp>

namespace reenact::persistence {

std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t before) {
  // Boost takes the remainder as it stood before the final bits were turned and reflected.
  std::uint32_t remainder = 0;
  for (int bit = 0; bit < 32; ++bit)
    if (((before ^ ~0U) >> bit & 1U) != 0) remainder |= 1U << (31 - bit);
  boost::crc_optimal<32, 0x1EDC6F41, 0, 0xFFFFFFFF, true, true> crc(remainder);
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

#if defined(__x86_64__)

namespace {

[[gnu::target("sse4.2")]] std::uint32_t by_instruction(std::string_view bytes,
                                                       std::uint32_t before) {
  std::uint64_t crc = ~before;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    crc = __builtin_ia32_crc32di(crc, eight);
  }
  auto narrow = static_cast<std::uint32_t>(crc);
  for (; left > 0; ++at, --left)
    narrow = __builtin_ia32_crc32qi(narrow, static_cast<unsigned char>(*at));
  return ~narrow;
}

} // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  static const bool instruction = __builtin_cpu_supports("sse4.2") != 0;
  return instruction ? by_instruction(bytes, before) : crc32c_by_table(bytes, before);
}

#else

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  return crc32c_by_table(bytes, before);
}

#endif

} // namespace reenact::persistence
