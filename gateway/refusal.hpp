#pragma once

#include <string>
#include <string_view>

#include "actors/runtime/call.hpp"

namespace reenact::gateway {

/// What a client is told when its request was not carried out: the contract's statuses and bodies.
struct refusal {
  unsigned status = 500;
  std::string body;
  std::string_view retry_after = {};  ///< empty: no such header
  std::string_view authenticate = {}; ///< WWW-Authenticate
};

/// Of everything but `accepted`. Views the answer's text.
refusal refusal_of(const runtime::answer& a);

} // namespace reenact::gateway
