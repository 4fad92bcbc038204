#pragma once

#include <map>
#include <string>

#include "gateway/context_map.hpp"

namespace reenact::gateway {

/// The event catalogue: pages of HTML by path, from `/catalog/` on. One for each event, aggregate,
/// policy, saga and view that is hosted, and nothing else; every link between them leads somewhere.
std::map<std::string, std::string> catalog(const context_map& of);

} // namespace reenact::gateway
