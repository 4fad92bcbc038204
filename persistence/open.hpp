#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "persistence/journal.hpp"

namespace reenact::persistence {

struct open_options {
  std::uint32_t shards = 64; ///< of a new journal; an existing one with another number is refused
};

/// "memory:" or "rocksdb:PATH" (created when it is not there). The error says what to do next.
result<std::unique_ptr<journal>> open(std::string_view url, const open_options& how = {});

} // namespace reenact::persistence
