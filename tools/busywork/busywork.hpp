#pragma once

#include <CLI/App.hpp>

#include "tools/exit_code.hpp"

namespace reenact::tools {

/// `mallbots busywork`: customers and staff who keep a shop busy, and see whether it keeps its
/// word.
void add_busywork(CLI::App& app, exit_code& code);

} // namespace reenact::tools
