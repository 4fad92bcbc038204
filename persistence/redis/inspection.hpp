#pragma once

#include "persistence/inspection.hpp"

/// What persistence/inspection.hpp asks of a Redis journal, which nodes may have open meanwhile.
namespace reenact::persistence::redis {

/// Whether the URL names a Redis, well or badly.
inline bool is_address(std::string_view url) { return url.starts_with("redis"); }

result<statistics> stat(std::string_view url, const redis_options& how);
result<verification> verify(std::string_view url, const redis_options& how,
                            const verify_progress& tell);
result<event_source> look_at_events(std::string_view url, const redis_options& how);

} // namespace reenact::persistence::redis
