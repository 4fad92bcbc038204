#include "persistence/redis/address.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace reenact::persistence::redis {
namespace {

constexpr std::string_view tcp_scheme = "redis://";
constexpr std::string_view socket_scheme = "redis+unix://";
constexpr std::string_view form =
    "redis://[:PASSWORD@]HOST[:PORT][/DB] or redis+unix://PATH[?db=N]";

failure wrong(const std::string& what) {
  return {failure::kind::refused,
          "the address of the Redis journal " + what + "; write " + std::string(form)};
}

std::optional<std::uint32_t> number(std::string_view digits, std::uint32_t max) {
  std::uint32_t value = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value > max) return std::nullopt;
  return value;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    unsigned byte = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, byte, 16);
    if (digits.size() != 2 || read.ec != std::errc() || read.ptr != end) return std::nullopt;
    plain += static_cast<char>(byte);
    i += 2;
  }
  return plain;
}

bool is_this_machine(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") &&
         std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

result<address> parse_socket(std::string_view rest) {
  address to;
  if (const auto query = rest.find('?'); query != std::string_view::npos) {
    const auto asked = rest.substr(query + 1);
    const auto db = asked.starts_with("db=") ? number(asked.substr(3), db_max) : std::nullopt;
    if (!db)
      return wrong("has after its ? something else than db= and a number up to " +
                   std::to_string(db_max));
    to.db = *db;
    rest = rest.substr(0, query);
  }
  if (!rest.starts_with('/')) return wrong("has no path that begins with /");
  to.path = rest;
  return to;
}

status parse_host(std::string_view rest, address& to) {
  std::string_view port;
  bool has_port = false;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return wrong("has a [ without its ]");
    to.host = rest.substr(1, end - 1);
    has_port = end + 1 < rest.size();
    if (has_port && rest[end + 1] != ':') return wrong("has something else than a port after ]");
    if (has_port) port = rest.substr(end + 2);
  } else {
    const auto colon = rest.find(':');
    to.host = rest.substr(0, colon);
    has_port = colon != std::string_view::npos;
    if (has_port) port = rest.substr(colon + 1);
  }
  if (to.host.empty()) return wrong("names no host");
  if (!has_port) return done{};
  const auto read = number(port, UINT16_MAX);
  if (!read || *read == 0) return wrong("has a port that is not a number from 1 to 65535");
  to.port = static_cast<std::uint16_t>(*read);
  return done{};
}

result<address> parse_tcp(std::string_view rest) {
  address to;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    const auto before = rest.substr(0, at);
    if (!before.starts_with(':'))
      return wrong("has a user; only a password can stand before the @");
    const auto password = decoded(before.substr(1));
    if (!password || password->empty()) return wrong("has a password that cannot be read");
    to.password = *password;
    rest = rest.substr(at + 1);
  }
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    if (const auto digits = rest.substr(slash + 1); !digits.empty()) {
      const auto db = number(digits, db_max);
      if (!db)
        return wrong("has after its / something else than a number up to " +
                     std::to_string(db_max));
      to.db = *db;
    }
    rest = rest.substr(0, slash);
  }
  if (auto host = parse_host(rest, to); !host) return host.error();
  return to;
}

} // namespace

std::string address::shown() const {
  if (host.empty()) return std::string(socket_scheme) + path + "?db=" + std::to_string(db);
  const auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return std::string(tcp_scheme) + name + ":" + std::to_string(port) + "/" + std::to_string(db);
}

result<address> parse_address(std::string_view url, const redis_options& how) {
  const bool socket = url.starts_with(socket_scheme);
  if (!socket && !url.starts_with(tcp_scheme)) return wrong("has another form");
  auto read = socket ? parse_socket(url.substr(socket_scheme.size()))
                     : parse_tcp(url.substr(tcp_scheme.size()));
  if (!read) return read;
  if (!how.password.empty()) read->password = how.password;
  if (!socket && !is_this_machine(read->host) && !how.insecure)
    return failure{failure::kind::refused,
                   "the Redis journal is on " + read->host +
                       ", and what goes there could be read on the way: run a TLS tunnel such as "
                       "stunnel on this machine and name its address on 127.0.0.1, or set "
                       "redis.insecure where the network is yours alone"};
  return read;
}

bool is_cluster_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

} // namespace reenact::persistence::redis
