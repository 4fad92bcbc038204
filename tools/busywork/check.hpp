#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/busywork/connection.hpp"
#include "tools/busywork/facts.hpp"

namespace reenact::tools::busywork {

/// What a check found.
struct checked {
  static constexpr std::size_t shown_max = 20;

  std::uint64_t asked = 0;
  std::uint64_t different = 0;    ///< also what could not be asked
  std::vector<std::string> shown; ///< the first of them, a line each
};

/// Asks the shop for each fact again, over so many connections at once, and compares. Gives up when
/// the shop cannot be reached any more. Runs a loop of its own until it is done.
checked check(const std::vector<fact>& all, const place& at, std::size_t connections);

} // namespace reenact::tools::busywork
