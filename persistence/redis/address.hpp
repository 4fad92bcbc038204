#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "persistence/open.hpp"
#include "persistence/result.hpp"

namespace reenact::persistence::redis {

/// Where a Redis is and how one gets in. A value.
struct address {
  std::string host; ///< empty: a socket of this machine, at `path`
  std::uint16_t port = 6379;
  std::string path;
  std::uint32_t db = 0;
  std::string password; ///< in no text; empty: none is asked for

  /// For people: "redis://127.0.0.1:6379/0", never with the password.
  std::string shown() const;
};

inline constexpr std::uint32_t db_max = 16'383;

/// Reads redis://[:PASSWORD@]HOST[:PORT][/DB] or redis+unix://PATH[?db=N]. Bytes of a password that
/// mean something in a URL are written as %XX. A host that is not this machine is refused unless
/// `how.insecure`: the library speaks no TLS. No text repeats the URL, as it may hold a password.
result<address> parse_address(std::string_view url, const redis_options& how);

/// Whether the name can stand in front of keys: 1 to 64 letters, digits, '.', '_' or '-'.
bool is_cluster_name(std::string_view name);

} // namespace reenact::persistence::redis
