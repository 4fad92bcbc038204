#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The headers by which a client says when its request holds (RFC 9110, 13), and once only.
namespace reenact::gateway {

/// The entity tags of If-Match or If-None-Match as versions of an entity.
struct tag_list {
  bool malformed = false;
  bool any = false;                    ///< `*`
  std::vector<std::uint64_t> versions; ///< tags that are no version are left as `no_version`
  std::vector<std::uint64_t> weak;     ///< match only where a weak comparison is wanted
};

/// A version that no entity has.
inline constexpr std::uint64_t no_version = ~std::uint64_t{0};

tag_list read_tags(std::string_view header);

/// `"7"`
std::string strong_tag(std::uint64_t version);

/// 1 to 255 visible ASCII characters.
inline constexpr std::size_t idempotency_key_max = 255;
bool is_idempotency_key(std::string_view header);

/// What we take as X-Request-Id: 1 to 128 visible ASCII characters.
inline constexpr std::size_t request_id_max = 128;
bool is_request_id(std::string_view header);

/// A traceparent of W3C Trace Context, version 00; others are ignored, as it asks.
bool is_traceparent(std::string_view header);

} // namespace reenact::gateway
