#pragma once

#include "tools/exit_code.hpp"
#include "tools/settings.hpp"

namespace reenact::tools {

/// A node from start to end: takes the data directory, opens the journal, starts the actors and the
/// gateway, says `ready`, waits for a signal, drains. Main thread.
exit_code serve(const settings& with);

} // namespace reenact::tools
