#pragma once

#include <string>
#include <string_view>

#include "messages/fields.hpp"
#include "messages/schema.hpp"

/// One value between its text and its field. A repeated field is added to, another one set.
namespace reenact::gateway {

/// Each of these is false, and the message as it was, when the field does not take such a value.
bool store_number(messages::any_message& into, const messages::field* to, std::string_view text);
bool store_string(messages::any_message& into, const messages::field* to, std::string_view text);
bool store_bool(messages::any_message& into, const messages::field* to, bool value);

/// "a number", "one of ACTIVE, IDLE": completes the sentence that refuses a value.
std::string expected(const messages::field* f);

} // namespace reenact::gateway
