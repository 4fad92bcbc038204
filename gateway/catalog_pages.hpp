#pragma once

#include "gateway/context_map.hpp"
#include "gateway/html.hpp"

namespace reenact::gateway {

/// What the catalogue says of each part, below its name.
html about(const context_map& in, const hosted_event& e);
html about(const context_map& in, const model::aggregate_type& a);
html about(const context_map& in, const model::policy_type& p);
html about(const context_map& in, const model::saga_type& s);
html about(const context_map& in, const model::view_type& v);

} // namespace reenact::gateway
