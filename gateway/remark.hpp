#pragma once

#include <string>

#include "messages/schema.hpp"

namespace reenact::gateway {

/// What the .proto says beside a message or field, in one line; empty: nothing. Generated code has
/// forgotten it, so the texts lie in the program once more, as protoc read them.
std::string remark_on(const messages::descriptor* type);
std::string remark_on(const messages::field* f);

} // namespace reenact::gateway
