#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace reenact::persistence::redis {

/// What runs inside Redis, whole and alone. Each script checks everything before it writes
/// anything, because an error in its middle would leave what was written; so an error is an answer:
/// nothing happened. What each takes and answers stands above its text.
enum class script : std::size_t {
  found,
  ends,
  claim,
  release,
  beat,
  append,
  raise,
  store_snapshot,
  store_progress,
  drop_letter,
  log_page,
  count
};

inline constexpr auto script_count = static_cast<std::size_t>(script::count);

std::string_view text_of(script which);

/// What becomes of an append (the answer of script::append).
enum class verdict { conflict = 1, fenced = 2, elsewhere = 3, refused = 4, not_reached = 5 };

} // namespace reenact::persistence::redis
