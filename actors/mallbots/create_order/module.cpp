#include "actors/mallbots/create_order/create_order.hpp"
#include "actors/mallbots/modules.hpp"

namespace mallbots::create_order {

void install(registry& node) { node.saga<create_order>(); }

} // namespace mallbots::create_order
