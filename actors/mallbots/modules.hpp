#pragma once

#include "actors/model/registry.hpp"

/// The modules of the shop. Each says in its module.cpp what it hosts and what it listens to.
namespace mallbots {

using reenact::model::registry;

namespace stores {
void install(registry& node);
}
namespace customers {
void install(registry& node);
}
namespace baskets {
void install(registry& node);
}
namespace ordering {
void install(registry& node);
}
namespace depot {
void install(registry& node);
}
namespace payments {
void install(registry& node);
}
namespace create_order {
void install(registry& node);
}
namespace search {
void install(registry& node);
}
namespace notifications {
void install(registry& node);
}

/// The whole shop.
inline void install(registry& node) {
  node.module("stores", stores::install);
  node.module("customers", customers::install);
  node.module("baskets", baskets::install);
  node.module("ordering", ordering::install);
  node.module("depot", depot::install);
  node.module("payments", payments::install);
  node.module("cosec", create_order::install);
  node.module("search", search::install);
  node.module("notifications", notifications::install);
}

} // namespace mallbots
