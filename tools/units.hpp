#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// How people write lengths of time, sizes and places; empty when it cannot be read.
namespace reenact::tools {

/// A place to listen at: "127.0.0.1:8080", "[::1]:0", "localhost:8080"; port 0 lets the system
/// choose.
struct endpoint {
  std::string host; ///< without the brackets of IPv6
  std::uint16_t port = 0;
  bool operator==(const endpoint&) const = default;
};

std::optional<endpoint> parse_address(std::string_view text);
std::string to_string(const endpoint& at);
bool is_loopback(const endpoint& at);

/// Where messages are sent to: "http://hooks.example:8000/sms?of=mall". Without TLS: nothing else.
struct http_url {
  endpoint at;
  std::string target; ///< "/sms?of=mall"
  bool operator==(const http_url&) const = default;
};

std::optional<http_url> parse_http_url(std::string_view text);

/// "500ms", "30s", "1m30s", "24h".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// "4096", "16KiB", "1MiB", "2GiB".
std::optional<std::uint64_t> parse_size(std::string_view text);

/// A decimal without sign.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// "a,b" is two; nothing is none.
std::vector<std::string> parse_list(std::string_view text);

} // namespace reenact::tools
