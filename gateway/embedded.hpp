#pragma once

#include <span>
#include <string_view>

namespace reenact::gateway {

/// A file that lies in the program (cmake/Embed.cmake).
struct embedded_file {
  std::string_view name; ///< with its folders
  std::string_view bytes;
};

/// What lies in web/, "index.html", and what it needs of packages, "swagger-ui/swagger-ui.css".
std::span<const embedded_file> embedded_files();

} // namespace reenact::gateway
