#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "messages/schema.hpp"

namespace reenact::gateway {

/// "storespbProduct", "rpcStatus", "OrderItem": the last two parts of the full name, as the
/// reference's clients know them.
std::string definition_name(const messages::descriptor* type);

/// The schemas that one document refers to. Asking for a reference collects the type, and with it
/// all it refers to; `prefix` is where the document keeps them.
class json_schemas {
public:
  explicit json_schemas(std::string_view prefix);

  boost::json::object reference(const messages::descriptor* type);

  /// The error body, whose message is not ours to compile.
  boost::json::object error();

  boost::json::object of(const messages::field* f);

  /// An object of these fields, written out in place.
  boost::json::object object_of(const std::vector<const messages::field*>& fields);

  /// By name, ordered.
  boost::json::object collected() const { return {collected_.begin(), collected_.end()}; }

private:
  boost::json::object of_one(const messages::field* f);
  boost::json::object reference(std::string_view name) const;

  std::string prefix_;
  std::map<std::string, boost::json::value> collected_;
};

} // namespace reenact::gateway
