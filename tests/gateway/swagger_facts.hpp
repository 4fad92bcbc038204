#pragma once

#include <set>
#include <string>

#include <boost/json.hpp>

namespace reenact::gateway {

namespace json = boost::json;

/// What a Swagger 2.0 document says, a line each, whatever its order and layout: so documents are
/// compared, and the contract's are kept (swagger.contract).
using facts = std::set<std::string>;

facts facts_of(const json::object& document);

} // namespace reenact::gateway
