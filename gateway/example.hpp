#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "messages/schema.hpp"

namespace reenact::gateway {

/// A message as the documents show one: every field has a value, made of its name and kind, always
/// the same. A message within itself is shown twice and then left out.
boost::json::object example_of(const messages::descriptor* type);

/// A value a line, nested ones two blanks further in.
std::string indented(const boost::json::value& what);

} // namespace reenact::gateway
