#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "tools/busywork/call.hpp"
#include "tools/busywork/histogram.hpp"
#include "tools/busywork/work.hpp"

namespace reenact::tools::busywork {

/// What came of it all, counted. One thread.
struct tally {
  std::uint64_t requests = 0; ///< that were answered, whatever the answer was
  std::uint64_t flows = 0;    ///< purchases that went all the way to a completed order
  std::uint64_t pushed_back = 0;
  std::uint64_t reconnected = 0; ///< repeats after a broken connection
  std::uint64_t errors = 0;
  /// Kind ("400", "connection", "deadline") and text -> how often; the bound is errors_kept_max.
  std::map<std::pair<std::string, std::string>, std::uint64_t> errors_by_text;
  std::array<std::uint64_t, works> done{};
  std::array<histogram, calls> latencies; ///< of what was answered with 200, with all its repeats
  histogram approvals;                    ///< from the answer to a checkout to `approved`
  histogram recent;                       ///< of all calls since the last line that said so

  static constexpr std::size_t errors_kept_max = 100;

  void answered(call what, histogram::microseconds took) {
    latencies[static_cast<std::size_t>(what)].add(took);
    recent.add(took);
  }

  void fail(const std::string& kind, const std::string& text) {
    ++errors;
    const std::pair key(kind, text);
    const bool room = errors_by_text.size() < errors_kept_max || errors_by_text.contains(key);
    ++errors_by_text[room ? key : std::pair<std::string, std::string>("other", "further texts")];
  }
};

} // namespace reenact::tools::busywork
