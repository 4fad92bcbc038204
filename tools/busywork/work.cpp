#include "tools/busywork/work.hpp"

#include <array>
#include <utility>

namespace reenact::tools::busywork {
namespace {

constexpr std::array<std::string_view, works> names = {
    "registerCustomer", "setUpStore", "addInventory", "rebrandStore",
    "rebrandProduct",   "browse",     "buy"};

/// Of a thousand.
constexpr std::array<std::pair<work, std::uint64_t>, works> shares = {
    {{work::browse, 375},
     {work::buy, 125},
     {work::register_customer, 200},
     {work::set_up_store, 50},
     {work::add_inventory, 150},
     {work::rebrand_store, 50},
     {work::rebrand_product, 50}}};

} // namespace

std::string_view name_of(work what) { return names[static_cast<std::size_t>(what)]; }

work choose(dice& chance) {
  auto left = chance.below(1'000);
  for (const auto& [what, share] : shares) {
    if (left < share) return what;
    left -= share;
  }
  return work::browse;
}

} // namespace reenact::tools::busywork
