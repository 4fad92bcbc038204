#include "tools/busywork/live_line.hpp"

#include <cstdio>
#include <iostream>

#include <unistd.h>

#include "tools/busywork/report.hpp"

namespace reenact::tools::busywork {

using namespace std::chrono_literals;

live_line::live_line() : terminal_(::isatty(STDERR_FILENO) == 1) {}

live_line::~live_line() {
  if (terminal_) std::cerr << "\r\x1b[K";
}

std::chrono::milliseconds live_line::interval() const { return terminal_ ? 500ms : 10'000ms; }

void live_line::say(tally& seen) {
  const auto now = clock::now();
  const std::chrono::duration<double> all = now - begun_, part = now - last_;
  const auto since = [&](std::uint64_t count, std::uint64_t before) {
    return static_cast<double>(count - before) / part.count();
  };
  char text[200];
  (void)std::snprintf(
      text, sizeof text,
      "%.0f s  %.0f requests/s  %.1f flows/s  p50 %.1f ms  p99 %.1f ms  errors %llu  pushed back "
      "%llu",
      all.count(), since(seen.requests, requests_), since(seen.flows, flows_),
      milliseconds_of(seen.recent.percentile(0.5)), milliseconds_of(seen.recent.percentile(0.99)),
      static_cast<unsigned long long>(seen.errors),
      static_cast<unsigned long long>(seen.pushed_back));
  std::cerr << (terminal_ ? "\r" : "") << text << (terminal_ ? "\x1b[K" : "\n") << std::flush;
  last_ = now;
  requests_ = seen.requests;
  flows_ = seen.flows;
  seen.recent = {};
}

} // namespace reenact::tools::busywork
