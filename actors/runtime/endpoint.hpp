#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reenact::runtime {

/// Where somebody listens. A value.
struct endpoint {
  std::string host; ///< a name or an address; of IPv6 without brackets
  std::uint16_t port = 0;
};

/// "HOST:PORT" or "[ADDRESS]:PORT"; none if it is neither.
std::optional<endpoint> parse_endpoint(std::string_view text);

/// Whether what listens there is reached from this machine only.
bool is_loopback(const std::string& host);

/// Whether it is an address, which nobody has to look up.
bool is_address(const std::string& host);

} // namespace reenact::runtime
