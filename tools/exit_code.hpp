#pragma once

namespace reenact::tools {

/// What `mallbots` ends with.
enum class exit_code { ok = 0, failed = 1, usage = 2, damaged = 3 };

inline constexpr auto exit_codes =
    "Exit codes: 0 done, 1 failed (said on stderr), 2 wrong usage or configuration, "
    "3 the journal is damaged";

} // namespace reenact::tools
