#pragma once

#include <string>

namespace reenact::gateway {

/// The OpenAPI 3.1 document over all modules as JSON text: beside what the Swagger documents say,
/// each error an operation may answer, and the headers that make repeating safe.
std::string openapi();

} // namespace reenact::gateway
