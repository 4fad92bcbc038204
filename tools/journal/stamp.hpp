#pragma once

#include <string>

#include "persistence/journal.hpp"

namespace reenact::tools {

/// "2026-11-23T18:00:00.123456Z"; empty for 0.
std::string time_of(persistence::stamp_t stamp);

} // namespace reenact::tools
