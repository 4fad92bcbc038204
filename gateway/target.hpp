#pragma once

#include <optional>
#include <string_view>

#include "gateway/transcode.hpp"

namespace reenact::gateway {

/// A request's target: "/api/stores?limit=2".
struct split {
  std::string_view path, query;
};

inline split split_target(std::string_view target) {
  const auto mark = target.find('?');
  if (mark == target.npos) return {target, {}};
  return {target.substr(0, mark), target.substr(mark + 1)};
}

/// Lays the parameters of a query to the request's fields; those that it does not have are left
/// out, as the contract says.
[[nodiscard]] std::optional<bad_input> read_query(std::string_view query, any_message& request);

} // namespace reenact::gateway
