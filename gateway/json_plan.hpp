#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "messages/schema.hpp"

namespace reenact::gateway {

struct json_plan;

/// What the transcoder wants to know of one field.
struct json_field {
  const messages::field* what;
  std::string member;       ///< `"smsNumber":`, ready to be written
  const json_plan* message; ///< of the field's type when it is a message other than Timestamp
  std::size_t index;
  bool money = false; ///< kept as a fixed-point integer, a number outside
};

/// What the transcoder wants to know of one message type: made at first use, kept for ever.
struct json_plan {
  /// Messages of ours are small, which lets one word remember the fields that a body has named.
  static constexpr std::size_t fields_max = 64;

  const messages::descriptor* type;
  std::vector<json_field> fields;
  std::vector<std::pair<std::string_view, std::size_t>> names; ///< both of each field, sorted

  /// Null for a name that nobody knows.
  const json_field* find(std::string_view name) const;
};

/// Thread safe. A type that the mapping of ours does not cover (a map, Any) ends the program: a
/// test walks all routes.
const json_plan& json_plan_of(const messages::descriptor* type);

/// A string in RFC 3339 rather than an object.
bool is_timestamp(const messages::field* f);

} // namespace reenact::gateway
