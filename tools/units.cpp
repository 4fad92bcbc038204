#include "tools/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace reenact::tools {
namespace {

/// Takes the digits in front of `text`; overflow and their absence are nothing.
std::optional<std::uint64_t> take_digits(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Takes the longest unit that stands in front of `text`.
template <std::size_t N>
std::optional<std::uint64_t> take_unit(
    std::string_view& text,
    const std::array<std::pair<std::string_view, std::uint64_t>, N>& longest_first) {
  for (const auto& [name, factor] : longest_first)
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      return factor;
    }
  return {};
}

constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> durations = {
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};
constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> sizes = {
    {{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};
constexpr std::uint64_t number_max = std::numeric_limits<std::int64_t>::max();

bool fits(std::uint64_t number, std::uint64_t factor) { return number <= number_max / factor; }

} // namespace

std::optional<endpoint> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return {};
  auto host = text.substr(0, colon), digits = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  else if (host.find_first_of(":[] /") != std::string_view::npos)
    return {};
  const auto port = parse_count(digits);
  if (host.empty() || !port || *port > 65'535) return {};
  return endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

std::optional<http_url> parse_http_url(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  if (!text.starts_with(scheme)) return {};
  text.remove_prefix(scheme.size());
  const auto path = std::min(text.find_first_of("/?#"), text.size());
  const auto host = std::string(text.substr(0, path)), target = std::string(text.substr(path));
  if (target.find_first_of(" #") != target.npos || host.find('@') != host.npos) return {};
  const bool has_port = host.rfind(':') != host.npos && !host.ends_with(']');
  const auto at = parse_address(has_port ? host : host + ":80");
  if (!at || at->port == 0) return {};
  return http_url{*at, target.starts_with('/') ? target : '/' + target};
}

std::string to_string(const endpoint& at) {
  const bool v6 = at.host.find(':') != std::string::npos;
  return (v6 ? "[" + at.host + "]" : at.host) + ":" + std::to_string(at.port);
}

bool is_loopback(const endpoint& at) {
  return at.host == "localhost" || at.host == "::1" || at.host.starts_with("127.");
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::uint64_t total = 0;
  do {
    const auto number = take_digits(text);
    const auto unit = number ? take_unit(text, durations) : std::nullopt;
    if (!unit || !fits(*number, *unit) || number_max - total < *number * *unit) return {};
    total += *number * *unit;
  } while (!text.empty());
  return std::chrono::milliseconds(total);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto number = take_digits(text);
  if (!number || text.empty()) return number;
  const auto unit = take_unit(text, sizes);
  if (!unit || !text.empty() || !fits(*number, *unit)) return {};
  return *number * *unit;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  const auto number = take_digits(text);
  return text.empty() ? number : std::nullopt;
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    all.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return all;
}

} // namespace reenact::tools
