#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "persistence/journal.hpp"

namespace reenact::persistence {

/// Microseconds since 1970 by the machine's clock.
stamp_t system_clock_us();

struct open_options {
  std::uint32_t shards = 64; ///< 1 to 4,096; an existing journal with another number is refused
  std::function<stamp_t()> clock = system_clock_us; ///< stamps; called on the committing thread
};

/// "memory:" or "rocksdb:PATH" (created when it is not there). The error says what to do next.
result<std::unique_ptr<journal>> open(std::string_view url, const open_options& how = {});

} // namespace reenact::persistence
