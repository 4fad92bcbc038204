#pragma once

#include "persistence/inspection.hpp"

/// What persistence/inspection.hpp asks of a RocksDB journal.
namespace reenact::persistence::rocks {

result<statistics> stat(std::string_view url);
result<verification> verify(std::string_view url, const verify_progress& tell);
result<event_source> look_at_events(std::string_view url);

} // namespace reenact::persistence::rocks
