#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/units.hpp"

namespace reenact::tools {

/// Who listens on a TCP port of this machine, as far as this user may see: "pid 4711 (mallbots)".
std::optional<std::string> holder_of_port(std::uint16_t port);

/// A port where somebody could listen a moment ago; 0: there is none.
std::uint16_t free_port(const std::string& host);

/// Why nobody can listen there now; empty when somebody can.
std::string mistake_at(const endpoint& at);

} // namespace reenact::tools
