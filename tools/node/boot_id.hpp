#pragma once

#include <fstream>
#include <string>

namespace reenact::tools {

/// Of the machine, new each time it starts: files that were not synchronized are good for as long.
/// Empty where there is none: then nothing is known to be good.
inline std::string boot_id() {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

} // namespace reenact::tools
