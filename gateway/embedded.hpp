#pragma once

#include <span>
#include <string_view>

namespace reenact::gateway {

/// A file that lies in the program (cmake/Embed.cmake).
struct embedded_file {
  std::string_view name;
  std::string_view bytes;
};

/// web/index.html and what it needs of swagger-ui-dist.
std::span<const embedded_file> embedded_files();

} // namespace reenact::gateway
