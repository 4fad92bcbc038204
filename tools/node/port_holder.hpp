#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace reenact::tools {

/// Who listens on a TCP port of this machine, as far as this user may see: "pid 4711 (mallbots)".
std::optional<std::string> holder_of_port(std::uint16_t port);

} // namespace reenact::tools
