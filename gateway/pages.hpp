#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "actors/model/registry.hpp"

namespace reenact::gateway {

/// A document or file that the gateway serves as it is: what stands in it lives as long as the
/// site.
struct page {
  std::string_view content_type;
  std::string_view bytes;
  std::string_view etag; ///< strong, quoted
};

/// All pages, made once of the descriptors and of what the registry hosts:
///   /, /swagger-ui/..., /<module>-spec/, /<module>-spec/api.swagger.json, /openapi.json
///   /asyncapi.json, /asyncapi-ui/..., /<module>-asyncapi/, /<module>-asyncapi/asyncapi.json
///   /catalog/...
/// Immutable, so thread safe. Nothing here needs the network.
class site {
public:
  explicit site(const model::registry& hosted);
  site(const site&) = delete; // pages point into it
  site& operator=(const site&) = delete;

  /// Null: there is no page at this path.
  const page* find(std::string_view path) const;

private:
  struct kept {
    std::string text, etag;
    page shown;
  };

  void keep_rest();
  void keep_events(const model::registry& hosted);
  void keep_files();
  void keep(const std::string& path, std::string text, std::string_view type);
  void add(const std::string& path, std::string_view bytes, std::string_view type);

  std::map<std::string, kept, std::less<>> pages_; // nodes stay where they are, and so do the texts
};

} // namespace reenact::gateway
