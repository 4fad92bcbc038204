#pragma once

#include <chrono>
#include <iosfwd>

#include "tools/busywork/check.hpp"
#include "tools/busywork/options.hpp"
#include "tools/busywork/tally.hpp"
#include "tools/exit_code.hpp"

namespace reenact::tools::busywork {

/// A run that is over, and what its check found.
struct result {
  const options& how;
  const tally& seen;
  std::chrono::duration<double> took{};
  checked found{};
};

constexpr double milliseconds_of(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1'000;
}

/// The figures of a run, for people: before its check, which may take a while.
void summarize(const result& of, std::ostream& to);

/// What the check found, or for programs everything as one line. `ok` if nothing failed and nothing
/// differs.
exit_code conclude(const result& of, std::ostream& to);

} // namespace reenact::tools::busywork
