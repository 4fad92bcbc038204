#pragma once

#include <cstddef>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace reenact::bench {

/// Entity ids as a gateway draws them, the same in each run.
inline std::vector<std::string> make_ids(std::size_t count) {
  std::mt19937_64 random(1);
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < count; ++i) {
    char id[37];
    std::snprintf(id, sizeof id, "%08x-%04x-4%03x-8%03x-%012llx", unsigned(random()),
                  unsigned(random() & 0xffff), unsigned(random() & 0xfff),
                  unsigned(random() & 0xfff),
                  static_cast<unsigned long long>(random() & 0xffffffffffff));
    ids.emplace_back(id);
  }
  return ids;
}

} // namespace reenact::bench
