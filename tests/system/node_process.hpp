#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/system/process.hpp"

namespace reenact::tests {

/// A directory for one test, gone with it.
class scratch {
public:
  scratch();
  ~scratch();
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  const std::string path;
};

/// `mallbots node` on a data directory, on ports that the system chose, ready to be called.
class node_process : public process {
public:
  /// `under`: a program that becomes the one that follows it, as `env` does.
  explicit node_process(const std::string& data, const std::vector<std::string>& flags = {},
                        const std::vector<std::string>& under = {});

  std::string ready; ///< the ready line
  std::uint16_t http = 0;
  std::uint16_t admin = 0;
};

} // namespace reenact::tests
