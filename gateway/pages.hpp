#pragma once

#include <string_view>

namespace reenact::gateway {

/// A document or file that the gateway serves as it is: what stands in it lives as long as the
/// program.
struct page {
  std::string_view content_type;
  std::string_view bytes;
  std::string_view etag; ///< strong, quoted
};

/// `/`, `/swagger-ui/...`, `/<module>-spec/`, `/<module>-spec/api.swagger.json`, `/openapi.json`;
/// null for every other path. Thread safe. Nothing here needs the network.
const page* find_page(std::string_view path);

} // namespace reenact::gateway
