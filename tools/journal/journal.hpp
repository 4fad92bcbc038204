#pragma once

#include <CLI/App.hpp>

#include "tools/exit_code.hpp"

namespace reenact::tools {

/// `mallbots journal`: looks at a journal that no node has open.
void add_journal(CLI::App& app, exit_code& code);

} // namespace reenact::tools
