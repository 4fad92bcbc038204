#pragma once

#include "actors/mallbots/modules.hpp"

/// What a node of the shop hosts.
inline const reenact::model::registry& shop_registry() {
  static const auto all = [] {
    reenact::model::registry types;
    mallbots::install(types);
    return types;
  }();
  return all;
}
