#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "messages/fields.hpp"
#include "messages/schema.hpp"

/// JSON outside, protobuf inside: the proto3 JSON mapping on the descriptors, and nothing else.
/// Thread safe; what is asked of a descriptor is kept for ever (gateway/json_plan.hpp).
namespace reenact::gateway {

using messages::any_message;

/// A client's text is not what the request takes. Says which field and what was expected.
struct bad_input {
  std::string text;
};

/// Objects and arrays in each other, counted also where nobody reads them.
inline constexpr int json_depth_max = 64;

/// Lays a JSON body into an empty request. Strict where the world is careless: the whole body must
/// be one JSON object (no comments, no trailing commas, valid UTF-8, at most json_depth_max deep),
/// no field may come twice, under whichever of its names, and no kind stands for another, but for
/// numbers in strings. Lenient where the mapping says so: names in camelCase or as declared, null
/// for the default, fields nobody knows are skipped, and an empty body is an empty object.
/// After an error the request holds parts of the body: throw it away.
[[nodiscard]] std::optional<bad_input> read_json(std::string_view body, any_message& request);

/// Appends a response as compact JSON: camelCase, defaults written out, null for a message that is
/// not set, 64-bit integers as strings, doubles in the shortest form that reads back the same.
void append_json(std::string& out, const any_message& response);

/// Appends a JSON string, quoted and escaped; `text` is valid UTF-8.
void append_json(std::string& out, std::string_view text);

/// The field with this name, camelCase or as declared; null when there is none. Lays path captures
/// and query parameters to their fields.
const messages::field* field_named(const messages::descriptor* type, std::string_view name);

/// Sets a field from the text of a path capture or query parameter, decoded already; adds to it
/// when it is repeated. What stood in the field before is gone, so a capture overrides the body.
[[nodiscard]] std::optional<bad_input> read_text(std::string_view text, any_message& request,
                                                 const messages::field* to);

} // namespace reenact::gateway
