#pragma once

#include <memory>
#include <optional>

#include "actors/runtime/clock.hpp"
#include "actors/runtime/port.hpp"
#include "tools/units.hpp"

namespace reenact::tools {

/// How customers get their texts (notificationspb.Notification): POSTed to a URL, or, without one,
/// a line in the log.
std::unique_ptr<runtime::port> make_notifier(const std::optional<http_url>& to,
                                             const runtime::clock& time);

} // namespace reenact::tools
