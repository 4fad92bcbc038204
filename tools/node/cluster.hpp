#pragma once

#include "actors/runtime/cluster_side.hpp"
#include "tools/node/places.hpp"

namespace reenact::tools {

/// What makes the node of these settings one of several.
runtime::cluster_options cluster_options_of(const settings& with, const places& at);

/// Whether the node has a role: "gateway", "entities" or "query". A node that is alone has all.
bool has_role(const settings& with, std::string_view role);

} // namespace reenact::tools
