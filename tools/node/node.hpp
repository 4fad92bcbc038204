#pragma once

#include <CLI/App.hpp>

#include "tools/exit_code.hpp"

namespace reenact::tools {

/// `mallbots node`: reads the settings and serves until it is told to stop.
void add_node(CLI::App& app, exit_code& code);

} // namespace reenact::tools
