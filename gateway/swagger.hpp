#pragma once

#include <string>

#include "gateway/operation.hpp"

namespace reenact::gateway {

/// The module's Swagger 2.0 document as JSON text, as the reference's generated clients expect it:
/// its paths, operation ids, tags and definition names, and what we have added.
std::string swagger_of(const api_module& m);

} // namespace reenact::gateway
