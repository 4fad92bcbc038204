#pragma once

#include <string>

#include "tools/busywork/dice.hpp"

/// What people, stores and products of a busy mall are called.
namespace reenact::tools::busywork {

std::string person(dice& chance);
std::string phone(dice& chance);
std::string company(dice& chance);
std::string department(dice& chance);
std::string product(dice& chance);
std::string description(dice& chance);
std::string sku(dice& chance);

} // namespace reenact::tools::busywork
