#pragma once

#include <cstddef>
#include <string_view>

#include "tools/busywork/dice.hpp"

namespace reenact::tools::busywork {

/// What a client does in one go.
enum class work {
  register_customer,
  set_up_store,
  add_inventory,
  rebrand_store,
  rebrand_product,
  browse,
  buy
};
inline constexpr std::size_t works = 7;

std::string_view name_of(work what);

/// Half is shopping, of which a quarter ends in a purchase; the rest is other business.
work choose(dice& chance);

} // namespace reenact::tools::busywork
