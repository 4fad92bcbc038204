#pragma once

#include <cstdint>
#include <string>

#include "persistence/redis/session.hpp"

namespace reenact::persistence::redis {

/// What a Redis promises of an acknowledged write, the weakest first.
enum class level { memory, no, everysec, always };

/// "memory", "no", "everysec" or "always"; nothing for anything else.
std::optional<level> level_of(std::string_view name);

/// What the server says of itself (protocols.md B6).
struct audit {
  std::string version;
  std::string run_id;
  std::uint64_t major = 0;
  bool cluster = false;
  bool master = false;
  std::uint64_t replicas = 0;
  level promise = level::memory;
  bool writes_fail = false; ///< the last write of its append-only file did
  bool evicts = false;      ///< it may throw keys away when its memory is full
  std::uint64_t used = 0;   ///< bytes
  std::uint64_t limit = 0;  ///< bytes; 0: none

  double fullness() const { return limit == 0 ? 0 : double(used) / double(limit); }
};

inline constexpr double nearly_full = 0.8, full = 0.9; ///< of maxmemory

result<audit> ask_audit(session& at, deadline until);

/// Why it cannot be a journal at all; done: it can.
status usable(const audit& found);
/// Why no new command may be taken, with what is asked of it; done: it may.
status fit_for_commands(const audit& found, level floor, unsigned replicas);
/// What an operator should hear of; empty: nothing.
std::string warning(const audit& found);
/// What is promised of an acknowledged write, in words.
std::string in_words(level promise);

} // namespace reenact::persistence::redis
