#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Microseconds since 1970 by the machine's clock.
stamp_t system_clock_us();

/// What a Redis journal needs to know besides its URL.
struct redis_options {
  std::string cluster = "mallbots"; ///< its keys begin with it: clusters on one server do not mix
  std::string password;             ///< beats the URL's; in no text that leaves the engine
  bool insecure = false;            ///< a host that is not this machine may be asked in the clear
  /// What Redis must promise of an acknowledged write before commands are taken: "always",
  /// "everysec" or "no" of appendfsync, or "memory" without one.
  std::string floor = "always";
  unsigned wait_replicas = 0;                 ///< that must have each write before it is answered
  std::chrono::milliseconds patience{10'000}; ///< with a server that is away, before `unknown`
};

struct open_options {
  std::uint32_t shards = 64; ///< 1 to 4,096; an existing journal with another number is refused
  std::function<stamp_t()> clock = system_clock_us; ///< stamps; called on the committing thread
  std::chrono::milliseconds lease{2'000};           ///< of members, where the journal is shared
  bool shared = false; ///< of a memory journal: several nodes of one process use it
  redis_options redis{};
};

/// "memory:", "rocksdb:PATH" (created when it is not there), "redis://[:PASSWORD@]HOST[:PORT][/DB]"
/// or "redis+unix://PATH[?db=N]". The error says what to do next, and never a password.
result<std::unique_ptr<journal>> open(std::string_view url, const open_options& how = {});

} // namespace reenact::persistence
