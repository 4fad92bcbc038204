#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "actors/runtime/read_barrier.hpp"

namespace reenact::bench {

/// How long what became durable took to be seen in a view, in ms, ascending: one figure for each
/// look at which the logs had grown, for as long as `goes_on` says.
inline std::vector<double> view_lags(std::string_view view,
                                     const std::function<std::vector<runtime::view_progress>()>& of,
                                     const std::function<bool()>& goes_on,
                                     std::chrono::milliseconds each) {
  using steady = std::chrono::steady_clock;
  std::deque<std::pair<steady::time_point, std::uint64_t>> open;
  std::vector<double> seen;
  std::uint64_t last = 0;
  for (; goes_on(); std::this_thread::sleep_for(each)) {
    const auto all = of();
    const auto it = std::ranges::find(all, view, &runtime::view_progress::name);
    if (it == all.end()) continue;
    std::uint64_t at = 0;
    for (const auto s : it->positions) at += s;
    const auto now = steady::now();
    for (; !open.empty() && open.front().second <= at; open.pop_front())
      seen.push_back(std::chrono::duration<double, std::milli>(now - open.front().first).count());
    if (const auto end = at + it->events_behind; end > last) open.emplace_back(now, last = end);
  }
  std::ranges::sort(seen);
  return seen;
}

inline void print_lags(const std::vector<double>& ms) {
  if (ms.empty()) return;
  std::printf("lag ms: p50 %.1f  p99 %.1f  most %.1f", ms[ms.size() / 2], ms[ms.size() * 99 / 100],
              ms.back());
}

} // namespace reenact::bench
